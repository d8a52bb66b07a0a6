"""What somebody may do with what partners raised: predicates without HTTP."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Contribution, Impact

_Status = Impact.Status


def may_keep(user: Any, impact: Impact) -> bool:
    """Coordinators keep the ledger of what was raised and what became of it."""
    return coordinates(user, impact.programme_id)


def may_answer(user: Any, impact: Impact) -> bool:
    """Whoever is named to answer, while there is no answer."""
    return impact.owner_id == user.pk and impact.status == _Status.HEARD


def may_move(user: Any, impact: Impact, to: str) -> bool:
    """Coordinators, where `to` follows."""
    return may_keep(user, impact) and to in Impact.MOVES[impact.status]


def may_raise_from(user: Any, contribution: Contribution) -> bool:
    """The partner, of work that stands."""
    return (
        contribution.partner.user_id == user.pk
        and contribution.status != Contribution.Status.WITHDRAWN
    )
