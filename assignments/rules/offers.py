"""What may be done with offers and the waiting list."""

from datetime import date
from typing import Any

from accounts.rules import coordinates
from assignments.models import Offer, Opportunity

_Status = Offer.Status
# A place is given back by whoever has it.
HOLDING = (_Status.ACCEPTED, _Status.STANDING_IN)


def may_offer(user: Any, opportunity: Opportunity) -> bool:
    """Coordinators offer the places of an opportunity."""
    return coordinates(user, opportunity.programme_id)


def is_own(user: Any, offer: Offer) -> bool:
    """Each partner answers for themselves."""
    return offer.partner.user_id is not None and offer.partner.user_id == user.pk


def may_be_joined(opportunity: Opportunity, today: date) -> bool:
    """Neither withdrawn nor over; one that is closed to new answers may still fill its places."""
    is_over = opportunity.ends_on is not None and opportunity.ends_on < today
    return opportunity.status != Opportunity.Status.WITHDRAWN and not is_over


def answerable(offer: Offer, today: date) -> bool:
    """Offered, and the last day to answer is not over."""
    in_time = offer.answer_by is None or today <= offer.answer_by
    return offer.status == _Status.OFFERED and in_time


def may_take_back(user: Any, offer: Offer) -> bool:
    """Coordinators take back what nobody said yes to."""
    waits = offer.status in (_Status.OFFERED, _Status.WAITING)
    return waits and may_offer(user, offer.opportunity)


def may_offer_now(user: Any, offer: Offer) -> bool:
    """Coordinators offer a place to somebody who waits, before it is their turn."""
    return offer.status == _Status.WAITING and may_offer(user, offer.opportunity)


def may_give_back(user: Any, offer: Offer) -> bool:
    """Whoever has a place gives it back."""
    return offer.status in HOLDING and is_own(user, offer)
