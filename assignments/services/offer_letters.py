"""What partners are told of offers: made, moved up to, lapsed, taken back."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from accounts.services.messages import Letter, call_back, queue_messages
from assignments.models import Offer
from assignments.words import spoken_day

_Status = Offer.Status


def tell_offered(offers: Iterable[Offer], now: datetime) -> None:
    """A place is theirs to take, or they are on the waiting list."""
    queue_messages(letters=[_first(offer) for offer in offers], now=now)


def tell_moved_up(offer: Offer, now: datetime) -> None:
    """Who waited is offered a place."""
    opening = f"You were on the waiting list for “{offer.opportunity}”. Now there is a place."
    queue_messages(letters=[_place_for_you(offer, opening, _times(offer))], now=now)


def tell_lapsed(offer: Offer, now: datetime) -> None:
    """The last day to answer is over."""
    call_back_offer(offer)
    body = (
        f"The last day to answer about “{offer.opportunity}” is over. The place goes to others.",
        "That is quite all right. If you would still like to take part, please tell us.",
    )
    subject = f"Your offer has ended: {offer.opportunity}"
    letter = _letter(offer, "offer_lapsed", subject, body, "See what it was", _times(offer))
    queue_messages(letters=[letter], now=now)


def tell_taken_back(offer: Offer, now: datetime) -> None:
    """The programme takes back what it offered."""
    call_back_offer(offer)
    body = (
        f"We are sorry: we have to take back our offer of a place in “{offer.opportunity}”.",
        "It has nothing to do with anything you did. If you have a question, please ring us.",
    )
    subject = f"We have to take back our offer: {offer.opportunity}"
    letter = _letter(offer, "offer_taken_back", subject, body, "See what it was", _times(offer))
    queue_messages(letters=[letter], now=now)


def call_back_offer(offer: Offer) -> None:
    """Send no more an offer that can be answered no more."""
    call_back(key=_key(offer, "offered", _times(offer)))


def _first(offer: Offer) -> Letter:
    """What is told of an offer that was made just now."""
    if offer.status == _Status.OFFERED:
        opening = f"We would like to offer you a place in “{offer.opportunity}”."
        return _place_for_you(offer, opening, 1)
    body = (
        f"Thank you for your interest in “{offer.opportunity}”. You are on the waiting list.",
        "All places are offered to people at the moment. When one is free, we write to you.",
    )
    subject = f"You are on the waiting list: {offer.opportunity}"
    return _letter(offer, "waiting", subject, body, "See what it is about", 0)


def _place_for_you(offer: Offer, opening: str, times: int) -> Letter:
    body = (
        opening,
        "Say yes, offer to stand in for others, or say no: each answer is fine."
        + _until(offer.answer_by),
    )
    subject = f"A place for you: {offer.opportunity}"
    return _letter(offer, "offered", subject, body, "Answer this offer", times)


def _until(day: date | None) -> str:
    return f" Please answer by {spoken_day(day)}." if day is not None else ""


def _letter(
    offer: Offer, kind: str, subject: str, body: Iterable[str], label: str, times: int
) -> Letter:
    partner, programme = offer.partner, offer.opportunity.programme
    return Letter(
        key=_key(offer, kind, times),
        kind=kind,
        programme=programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=reverse("assignments:offer", args=[offer.pk]),
        link_label=label,
    )


def _key(offer: Offer, kind: str, times: int) -> str:
    return f"{kind}:{offer.pk}:{times}"


def _times(offer: Offer) -> int:
    """How often they were offered a place: more than once, when it was full as they said yes."""
    return offer.history.filter(to_status=_Status.OFFERED).count()
