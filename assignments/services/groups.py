"""Work groups: made and changed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Programme, Team, User
from assignments.models import Assignment, WorkGroup
from assignments.services.refusals import GroupError, told_by_constraints

_CHANGEABLE = frozenset(
    {
        "team",
        "kind",
        "name",
        "purpose",
        "lead_name",
        "contact_phone",
        "place",
        "join_link",
        "starts_on",
        "ends_on",
    }
)


@transaction.atomic
def create_work_group(
    *,
    programme: Programme,
    kind: str,
    name: str,
    by: User | None,
    now: datetime,
    team: Team | None = None,
    purpose: str = "",
    lead_name: str = "",
    contact_phone: str = "",
    place: str = "",
    join_link: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> WorkGroup:
    """Make a work group of `programme`. Raises GroupError."""
    group = WorkGroup(
        programme=programme,
        kind=kind,
        name=" ".join(name.split()),
        team=team,
        purpose=purpose,
        lead_name=lead_name,
        contact_phone=contact_phone,
        place=place,
        join_link=join_link,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _check(group)
    with told_by_constraints(WorkGroup, GroupError):
        group.save(force_insert=True)
    return group


@transaction.atomic
def change_work_group(
    *, work_group: WorkGroup, by: User | None, now: datetime, **facts: Any
) -> bool:
    """Change what is told of a group; True when anything changed. Raises GroupError."""
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"A work group has no {', '.join(sorted(unknown))} to change.")
    locked = WorkGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=work_group.pk)
    if "name" in facts:
        facts["name"] = " ".join(facts["name"].split())
    changed = [name for name, value in facts.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, facts[name])
        setattr(work_group, name, facts[name])
    if not changed:
        return False
    _check(locked)
    with told_by_constraints(WorkGroup, GroupError):
        locked.save(update_fields=changed)
    return True


def _check(group: WorkGroup) -> None:
    if not group.name:
        raise GroupError("Give the group a name.")
    if group.kind not in WorkGroup.Kind.values:
        raise GroupError("Choose what kind of group it is.")
    if group.team is not None and group.team.programme_id != group.programme_id:
        raise GroupError("Choose a team of the same programme.")


def places_with_team(team: int) -> QuerySet[Any]:
    """Places, held now or before, in the groups of a team; `team` is its id."""
    return Assignment.objects.filter(work_group__team=team)
