"""What somebody may do with what partners raised: predicates without HTTP."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Contribution, Impact
from partners.querysets.expertise import staffed

_Status = Impact.Status
FOLLOWING = frozenset({_Status.PLANNED, _Status.MADE, _Status.CHECKED})


def may_keep(user: Any, impact: Impact) -> bool:
    """Coordinators keep the ledger of what was raised and what became of it."""
    return coordinates(user, impact.programme_id)


def may_answer(user: Any, impact: Impact) -> bool:
    """Whoever is named to answer, while there is no answer."""
    return impact.owner_id == user.pk and impact.status == _Status.HEARD


def may_hand_over(user: Any, impact: Impact) -> bool:
    """Whoever is named to answer, and coordinators, while there is no answer."""
    return may_answer(user, impact) or (may_keep(user, impact) and impact.status == _Status.HEARD)


def may_follow(user: Any, impact: Impact, to: str) -> bool:
    """Whoever answered and is staff says what came of their answer, where `to` follows."""
    return (
        impact.owner_id == user.pk
        and impact.programme_id in staffed(user)
        and to in FOLLOWING & Impact.MOVES[impact.status]
    )


def may_move(user: Any, impact: Impact, to: str) -> bool:
    """Coordinators, where `to` follows."""
    return may_keep(user, impact) and to in Impact.MOVES[impact.status]


def may_raise_from(user: Any, contribution: Contribution) -> bool:
    """The partner, of work that stands."""
    return (
        contribution.partner.user_id == user.pk
        and contribution.status != Contribution.Status.WITHDRAWN
    )
