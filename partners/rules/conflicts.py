"""What somebody may do with declared conflicts: predicates without HTTP."""

from typing import Any

from accounts.models import Programme
from accounts.rules import coordinates, has_role
from partners.models import DeclaredConflict


def may_declare(user: Any, programme: Programme | None) -> bool:
    """Whoever takes part or works in the programme declares for themselves."""
    return programme is not None and has_role(user, programme)


def may_declare_for(user: Any, programme: Programme) -> bool:
    """Coordinators declare for somebody who asked them to."""
    return coordinates(user, programme)


def is_ones_own(user: Any, conflict: DeclaredConflict) -> bool:
    """It is declared for this person; on the other side of one, nobody is told."""
    partner = conflict.partner
    return bool(user.pk == (partner.user_id if partner is not None else conflict.person_id))


def may_take_back(user: Any, conflict: DeclaredConflict) -> bool:
    """Whose it is, and coordinators, while it stands; never the other side."""
    if conflict.ended_at is not None or is_other_side(user, conflict):
        return False
    return is_ones_own(user, conflict) or coordinates(user, conflict.programme_id)


def is_other_side(user: Any, conflict: DeclaredConflict) -> bool:
    """The person whom it is declared against, a coordinator too."""
    other = conflict.with_partner
    return bool(user.pk == (other.user_id if other is not None else conflict.with_person_id))
