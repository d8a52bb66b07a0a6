"""Who may look for partners, and where: predicates without HTTP."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Role
from accounts.querysets import programmes_of
from partners.querysets.expertise import staffed

SEARCHERS = (
    Role.COORDINATOR,
    Role.STAFF,
    Role.CLINICIAN,
    Role.CLINICAL_LEAD,
    Role.PEER_OBSERVER,
)


@dataclass(frozen=True)
class Scope:
    """Ids of the programmes in which somebody looks for partners.

    In those one coordinates, what was shared with coordinators is looked at; in the others only
    what was shared with all staff.
    """

    coordinated: frozenset[int]
    staffed: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.coordinated or self.staffed)

    @property
    def everywhere(self) -> frozenset[int]:
        return self.coordinated | self.staffed


def scope_of(user: Any) -> Scope:
    """Where `user` may look; nowhere for somebody who is a partner, or does finances alone."""
    coordinated = frozenset(programmes_of(user, Role.COORDINATOR))
    return Scope(coordinated, frozenset(staffed(user)) - coordinated)


def may_search(user: Any) -> bool:
    """Coordinators, and staff who are not partners of the programme themselves."""
    return bool(scope_of(user))
