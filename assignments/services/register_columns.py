"""The columns of a register that say which MDTs and projects a partner belongs to."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Programme, User
from assignments.models import Assignment, WorkGroup
from assignments.services.groups import create_work_group
from assignments.services.places import place_partners
from assignments.services.refusals import AssignmentsError, PlaceError
from partners.models import Partner
from partners.services.register_fields import (
    CellError,
    Change,
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
    kind: str, *, rows: list[tuple[Partner, list[str]]], by: User | None, now: datetime
) -> list[Change | CellError | None]:
    """Give partners of one programme a place in each group that their row names, quietly.

    From the day of joining or today. A group that is not known is made. Whoever has or had a
    place in one gets no second. Gives for each row the places it gave, or why one could not
    be given; asks the database a few times a group, not a row.
    """
    answers: list[Change | CellError | None] = [None] * len(rows)
    asking: dict[str, dict[Partner, int]] = {}
    for number, (partner, names) in enumerate(rows):
        for name in names:
            asking.setdefault(name, {}).setdefault(partner, number)
    for name, partners in asking.items():
        try:
            group = _known(rows[0][0].programme, kind, name) or create_work_group(
                programme=rows[0][0].programme, kind=kind, name=name, by=by, now=now
            )
        except AssignmentsError as error:
            answers = [
                CellError(f"“{name}”: {error}") if number in partners.values() else answer
                for number, answer in enumerate(answers)
            ]
            continue
        placed = place_partners(
            work_group=group, starts_on=_first_days(group, partners, now), by=by, now=now
        )
        for partner, number in partners.items():
            outcome, told = placed.get(partner.pk), answers[number]
            if isinstance(outcome, PlaceError):
                answers[number] = CellError(f"“{name}”: {outcome}")
            elif outcome is not None and not isinstance(told, CellError):
                answers[number] = Change("", f"{told.after}; {name}" if told else name)
    return answers


def _first_days(group: WorkGroup, partners: Iterable[Partner], now: datetime) -> dict[int, date]:
    """The first day, by id, of each partner who has and had no place in `group`."""
    there = set(
        Assignment.objects.filter(work_group=group, partner__in=partners).values_list(
            "partner_id", flat=True
        )
    )
    today = timezone.localdate(now)
    days = {partner.pk: partner.joined_on or today for partner in partners}
    return {pk: max(day, group.starts_on or day) for pk, day in days.items() if pk not in there}


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
