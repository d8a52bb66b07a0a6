"""The columns of a register that say which MDTs and projects a partner belongs to."""

import re
from datetime import datetime
from functools import partial

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Programme, User
from assignments.models import Assignment, WorkGroup
from assignments.services.groups import create_work_group
from assignments.services.places import place_partner
from assignments.services.refusals import AssignmentsError
from partners.models import Partner
from partners.services.register_fields import (
    CellError,
    RegisterField,
    register_field,
    says_nothing,
)

_LONGEST = 150
_MOST = 20


def read_groups(cell: str) -> list[str]:
    """Names of groups, one a line or parted by semicolons; by commas where that is surely meant."""
    parts = re.split(r"[\n;]", cell)
    # "Hand, wrist and elbow MDT" is one name: commas part names only where no "and" and no
    # bracket says otherwise, and nothing stronger parted them.
    if len(parts) == 1 and not re.search(r"\band\b|[&()]", cell, re.IGNORECASE):
        parts = cell.split(",")
    names: dict[str, str] = {}
    for part in parts:
        name = " ".join(part.split()).strip(" -•·")
        if name and not says_nothing(name):
            names.setdefault(name.lower(), name)
    if any(len(name) > _LONGEST for name in names) or len(names) > _MOST:
        raise CellError("Put one group on a line here, each in a few words.")
    return list(names.values())


def write_groups(
    kind: str, *, partner: Partner, value: list[str], by: User | None, now: datetime
) -> bool:
    """Give the partner a place in each group, from the day of joining or today, quietly.

    A group that is not known is made. Whoever has or had a place in one gets no second. Raises
    CellError.
    """
    changed = False
    for name in value:
        try:
            group = _known(partner.programme, kind, name) or create_work_group(
                programme=partner.programme, kind=kind, name=name, by=by, now=now
            )
            if Assignment.objects.filter(work_group=group, partner=partner).exists():
                continue
            first = partner.joined_on or timezone.localdate(now)
            place_partner(
                work_group=group,
                partner=partner,
                starts_on=max(first, group.starts_on or first),
                by=by,
                now=now,
                tell=False,
            )
        except AssignmentsError as error:
            raise CellError(f"“{name}”: {error}") from error
        changed = True
    return changed


def _known(programme: Programme, kind: str, name: str) -> WorkGroup | None:
    """The programme's group of this name; "Upper limb" and "Upper limb MDT" are the same MDT."""
    spellings = [name.lower()]
    if kind == WorkGroup.Kind.MDT:
        stem = re.sub(r"\s+mdt$", "", name.lower())
        spellings += [stem, f"{stem} mdt"]
    found = {
        group.lower_name: group
        for group in WorkGroup.objects.annotate(lower_name=Lower("name")).filter(
            programme=programme, lower_name__in=spellings
        )
    }
    return next((found[spelling] for spelling in spellings if spelling in found), None)


def offer_columns() -> None:
    """Let registers say MDTs and projects."""
    register_field(
        RegisterField(
            name="mdts",
            label="MDTs",
            words=("mdts", "mdt", "mdt s", "mdt group", "mdt groups", "mdt meetings", "teams"),
            read=read_groups,
            write=partial(write_groups, WorkGroup.Kind.MDT),
        )
    )
    register_field(
        RegisterField(
            name="projects",
            label="Projects",
            words=("projects", "project", "project s", "current projects", "project work"),
            read=read_groups,
            write=partial(write_groups, WorkGroup.Kind.PROJECT),
        )
    )
