"""The places of an opportunity: how many are free, and the waiting list that moves by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from assignments.models import Offer, Opportunity
from assignments.rules.offers import may_be_joined
from assignments.services import offer_letters
from assignments.services.apart import kept_apart
from partners.models import Partner
from workflow.transitions import transition

_Status = Offer.Status
# How long somebody has to answer, unless the work begins sooner.
ANSWER_DAYS = 7


@dataclass(frozen=True)
class Seats:
    """The places of an opportunity: how many there are, are taken, and are offered to somebody."""

    places: int
    taken: int
    offered: int

    @property
    def free(self) -> int:
        """Places that nobody has; some of them may be offered."""
        return self.places - self.taken

    @property
    def to_offer(self) -> int:
        """Places that nobody has and nobody was offered."""
        return self.places - self.taken - self.offered


def seats_of(opportunity: Opportunity) -> Seats:
    """How many places of `opportunity` there are, are taken and are offered."""
    counted = Offer.objects.filter(opportunity=opportunity).aggregate(
        taken=Count("pk", filter=Q(status=_Status.ACCEPTED)),
        offered=Count("pk", filter=Q(status=_Status.OFFERED)),
    )
    return Seats(places=opportunity.places, **counted)


def lock_opportunity(opportunity: Opportunity) -> Opportunity:
    """The row, locked and read again. Whoever needs partner or group too locks those first."""
    locked: Opportunity = (
        Opportunity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "work_group", "role")
        .get(pk=opportunity.pk)
    )
    return locked


def answer_by_for(opportunity: Opportunity, today: date) -> date:
    """The last day to answer of an offer made today: a week, less where the work begins sooner."""
    day = today + timedelta(days=ANSWER_DAYS)
    if opportunity.starts_on is not None:
        day = min(day, opportunity.starts_on - timedelta(days=1))
    return max(day, today + timedelta(days=1))


@transaction.atomic
def move_waiting_list(*, opportunity: Opportunity, now: datetime) -> int:
    """Offer each place that nobody has and nobody was offered to who waits first; how many.

    In this order, for each: the offer and its history, and a message. Passed over, without losing
    their turn: those who may have no place now, and those a declared conflict keeps apart from the
    group. Call it in the transaction that made a place free.
    """
    locked = lock_opportunity(opportunity)
    today = timezone.localdate(now)
    room = seats_of(locked).to_offer if may_be_joined(locked, today) else 0
    if room <= 0:
        return 0
    here = Partner.objects.filter(programme=locked.programme_id).placeable().values("pk")
    queue = list(
        Offer.objects.queue()
        .filter(opportunity=locked, partner__in=here)
        .select_related("partner__user")
    )
    apart = kept_apart(locked.work_group, {offer.partner_id for offer in queue}, today)
    moved = [offer for offer in queue if offer.partner_id not in apart][:room]
    for offer in moved:
        offer.opportunity = locked
        transition(
            offer,
            _Status.OFFERED,
            by=None,
            now=now,
            why="A place is free.",
            answer_by=answer_by_for(locked, today),
        )
        offer_letters.tell_moved_up(offer, now)
    return len(moved)
