"""What follows from the roles that a partner has and had: facts without HTTP or database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.rules import coordinates
from partners.models import PathwayLink, PathwayRole, RoleHeld


def may_keep_pathway(user: Any, programme: int) -> bool:
    """Coordinators write the roles, and give and end them. No partner needs leave to wish."""
    return coordinates(user, programme)


def held_on(held: RoleHeld, day: date) -> bool:
    """The role is theirs on `day`, first and last day included."""
    return held.starts_on <= day and (held.ends_on is None or day <= held.ends_on)


@dataclass(frozen=True)
class NextRole:
    """A role to try, and the roles of today from which people often go on to it."""

    role: PathwayRole
    from_roles: tuple[PathwayRole, ...]
    had_before: bool


def next_roles(
    roles: Iterable[PathwayRole],
    links: Iterable[PathwayLink],
    held: Iterable[RoleHeld],
    today: date,
) -> list[NextRole]:
    """Every role one step from those held on `today`, in any direction; never one held already.

    Whoever holds none may begin anywhere. What they had before is among them like any other.
    """
    rows = list(held)
    now = {row.role_id for row in rows if held_on(row, today)}
    before = {row.role_id for row in rows} - now
    by_pk = {role.pk: role for role in roles}
    if not now:
        return [NextRole(role, (), role.pk in before) for role in by_pk.values()]
    leads: dict[int, list[PathwayRole]] = {}
    for link in links:
        if link.from_role_id in now and link.to_role_id not in now:
            leads.setdefault(link.to_role_id, []).append(by_pk[link.from_role_id])
    return [
        NextRole(role, tuple(leads[pk]), pk in before) for pk, role in by_pk.items() if pk in leads
    ]
