"""What is published: whom it is told to, and how it is taken down again."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.messages import Letter, call_back_all, queue_messages
from assignments.models import Interest, Offer, Opportunity
from assignments.services.offer_letters import call_back_offer
from assignments.words import spoken_day
from partners.models import Partner
from workflow.transitions import transition


def to_be_asked(opportunity: Opportunity, now: datetime) -> QuerySet[Partner]:
    """The partners of its programme who are told of what is open to all: who take part or are
    learning to, and did not say that they are away."""
    rows: QuerySet[Partner] = (
        Partner.objects.filter(
            programme=opportunity.programme_id,
            status__in=[Partner.Status.ACTIVE, Partner.Status.INDUCTION],
        )
        .not_away_on(timezone.localdate(now))
        .select_related("user")
        .order_by("pk")
    )
    return rows


def tell_partners(opportunity: Opportunity, partners: Iterable[Partner], now: datetime) -> None:
    """Ask `partners` for their answer, each once, whatever they were told of it before."""
    programme = opportunity.programme
    until = (
        f"Please answer by {spoken_day(opportunity.closes_on)}." if opportunity.closes_on else ""
    )
    ring = (
        f"Or ring {programme.contact_name or 'your coordinator'}, {programme.contact_phone}."
        if programme.contact_phone
        else ""
    )
    answers = (
        "See what it is about and what it asks of you, and say yes, maybe or not now. "
        "Each answer is welcome."
    )
    told = [
        f"There is work that you could join: “{opportunity.title}”.",
        answers,
        " ".join(part for part in (until, ring) if part),
    ]
    letters = (
        Letter(
            key=f"{_key(opportunity)}{partner.pk}",
            kind="opportunity",
            programme=programme,
            recipient=partner.user,
            to_name=partner.name,
            to_address=address_of(partner),
            subject=f"Would you like to? {opportunity.title}"[:150],
            body="\n\n".join(part for part in (f"Hello {partner.called},", *told) if part),
            link=reverse("assignments:opportunity", args=[opportunity.pk]),
            link_label="See what it is about",
        )
        for partner in partners
    )
    queue_messages(letters=letters, now=now)


def call_back(opportunity: Opportunity) -> None:
    """Ask nobody any more who was not asked yet."""
    call_back_all(prefix=_key(opportunity))


def take_down(opportunity: Opportunity, *, by: User | None, now: datetime, why: str = "") -> None:
    """Withdraw an opportunity and every offer that waits; whoever said yes or maybe is told.

    Who has a place keeps it: it is in the group. Raises IllegalMoveError.
    """
    transition(opportunity, Opportunity.Status.WITHDRAWN, by=by, now=now, why=why)
    waiting = Offer.objects.filter(
        opportunity=opportunity, status__in=[Offer.Status.WAITING, Offer.Status.OFFERED]
    )
    let_down = set(waiting.values_list("partner", flat=True))
    for offer in waiting.order_by("pk"):
        transition(offer, Offer.Status.WITHDRAWN, by=by, now=now)
        call_back_offer(offer)
    call_back(opportunity)
    hoped = Interest.objects.filter(
        opportunity=opportunity, answer__in=[Interest.Answer.YES, Interest.Answer.MAYBE]
    )
    let_down |= set(hoped.values_list("partner", flat=True))
    partners = (
        Partner.objects.filter(pk__in=let_down)
        .exclude(status=Partner.Status.LEFT)
        .select_related("user")
        .order_by("pk")
    )
    letters = (
        Letter(
            key=f"no_opportunity:{opportunity.pk}:{partner.pk}",
            kind="opportunity_withdrawn",
            programme=opportunity.programme,
            recipient=partner.user,
            to_name=partner.name,
            to_address=address_of(partner),
            subject=f"Not going ahead: {opportunity.title}"[:150],
            body=f"Hello {partner.called},\n\n“{opportunity.title}” is not going ahead after all. "
            "Thank you for your answer. You need do nothing.",
            link=reverse("assignments:opportunities"),
            link_label="See what else there is",
        )
        for partner in partners
    )
    queue_messages(letters=letters, now=now)


def address_of(partner: Partner) -> str | None:
    """Where a partner reads mail, if anywhere."""
    return partner.email or (partner.user.email if partner.user else None)


def _key(opportunity: Opportunity) -> str:
    return f"opportunity:{opportunity.pk}:"
