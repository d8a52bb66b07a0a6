"""Work groups: made and changed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Programme, Role, RoleGrant, Team, User
from accounts.querysets import programmes_of
from assignments.models import Assignment, Influence, WorkGroup
from assignments.services.refusals import GroupError, told_by_constraints

MOST_WANTED = 50
_CHANGEABLE = frozenset(
    {
        "team",
        "kind",
        "name",
        "purpose",
        "influence",
        "lead",
        "wanted",
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
    influence: str = "",
    lead: User | None = None,
    wanted: int = 0,
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
        influence=influence,
        lead=lead,
        wanted=wanted,
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
    if group.influence and group.influence not in Influence.values:
        raise GroupError("Choose what influence partners have.")
    if not 0 <= group.wanted <= MOST_WANTED:
        raise GroupError(f"Enter between 0 and {MOST_WANTED} partners.")
    if group.lead is not None and not _works_in(group.lead, group.programme_id):
        raise GroupError("Choose somebody who has a role in the programme.")
    if group.team is not None and group.team.programme_id != group.programme_id:
        raise GroupError("Choose a team of the same programme.")


def _works_in(user: User, programme: int) -> bool:
    return programme in programmes_of(user)


def possible_leads(programmes: Collection[int]) -> QuerySet[User]:
    """Who may be named as the sign-in that leads a group: whoever has a role there now."""
    roles = RoleGrant.objects.current().filter(programme__in=programmes).exclude(role=Role.FINANCE)
    found: QuerySet[User] = User.objects.filter(pk__in=roles.values("user"))
    return found.order_by("name", "pk")


def places_with_team(team: int) -> QuerySet[Any]:
    """Places, held now or before, in the groups of a team; `team` is its id."""
    return Assignment.objects.filter(work_group__team=team)
