"""What somebody may do with a contribution: predicates without HTTP."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Contribution


def is_own(user: Any, contribution: Contribution) -> bool:
    """The work is this person's own."""
    return user is not None and contribution.partner.user_id == user.pk


def may_confirm(user: Any, contribution: Contribution) -> bool:
    """Coordinators confirm what waits, but never their own work."""
    return (
        coordinates(user, contribution.programme_id)
        and not is_own(user, contribution)
        and contribution.status == Contribution.Status.RECORDED
    )


def may_amend(user: Any, contribution: Contribution) -> bool:
    """While it waits: the partner, unless it came from a page of its own; and coordinators."""
    if contribution.status != Contribution.Status.RECORDED:
        return False
    own = is_own(user, contribution) and not contribution.source_path
    return own or coordinates(user, contribution.programme_id)


def may_withdraw(user: Any, contribution: Contribution) -> bool:
    """Whoever may amend it; coordinators also after it was confirmed, unless it is on a claim."""
    if contribution.status == Contribution.Status.CONFIRMED:
        return contribution.claimed_at is None and coordinates(user, contribution.programme_id)
    return may_amend(user, contribution)


def may_correct(user: Any, contribution: Contribution) -> bool:
    """On one's own pages: what one wrote down oneself, while it waits."""
    return (
        is_own(user, contribution)
        and not contribution.source_path
        and may_amend(user, contribution)
    )


def may_take_back(user: Any, contribution: Contribution) -> bool:
    """On one's own pages: what one wrote down oneself."""
    return (
        is_own(user, contribution)
        and not contribution.source_path
        and may_withdraw(user, contribution)
    )


def may_ask_for_thanks(user: Any, contribution: Contribution) -> bool:
    """The partner, unless it was taken off the portfolio."""
    return is_own(user, contribution) and contribution.status != Contribution.Status.WITHDRAWN


def may_reflect(user: Any, contribution: Contribution) -> bool:
    """Tell of it, share that, and show evidence: the partner, for ever."""
    return is_own(user, contribution)
