"""Places offered to partners: accepted, declined, stood in for, taken back and given back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from assignments.models import Assignment, Offer, OfferHistory, Opportunity, WorkGroup
from assignments.rules import offers as rules
from assignments.services import offer_letters
from assignments.services.offer_checks import (
    check_answerable,
    check_apart,
    check_partners,
    check_welcome,
    said_already,
)
from assignments.services.places import end_assignment, place_partner, take_up_place
from assignments.services.refusals import OfferError, PlaceError, told_by_constraints
from assignments.services.waiting_list import (
    answer_by_for,
    lock_opportunity,
    move_waiting_list,
    seats_of,
)
from partners.models import Partner
from workflow.transitions import transition

_Status = Offer.Status
_Seconds = timedelta(seconds=1)
_Least = timedelta(microseconds=1)


@transaction.atomic
def offer(
    *,
    opportunity: Opportunity,
    partners: Sequence[Partner],
    answer_by: date | None,
    by: User | None,
    now: datetime,
    first_come: bool = False,
) -> list[Offer]:
    """Offer places of `opportunity` to `partners`, in this order; each is told.

    A place is kept for each until they answer, and when there are no more places the others go on
    the waiting list. With `first_come` all are offered a place, if there is one, and those who say
    yes first have it.

    Raises OfferError, in a sentence for each partner who cannot be offered a place; then nobody is.
    """
    locked = lock_opportunity(opportunity)
    today = timezone.localdate(now)
    if not rules.may_be_joined(locked, today):
        raise OfferError("This opportunity is withdrawn or over: its places cannot be offered.")
    if not partners:
        raise OfferError("Choose whom to offer a place.", "partners")
    answer_by = answer_by or answer_by_for(locked, today)
    if answer_by < today:
        raise OfferError("Choose today or a later day as the last to answer.", "answer_by")
    chosen = list(
        Partner.objects.filter(pk__in=[one.pk for one in partners]).select_related("user")
    )
    check_partners(locked, chosen, today)
    seats = seats_of(locked)
    room = (len(chosen) if seats.free > 0 else 0) if first_come else max(seats.to_offer, 0)
    order = {one.pk: number for number, one in enumerate(partners)}
    offers = [
        Offer(
            opportunity=locked,
            partner=partner,
            status=_Status.OFFERED if place < room else _Status.WAITING,
            queued_at=now,
            answer_by=answer_by,
        )
        for place, partner in enumerate(sorted(chosen, key=lambda one: order[one.pk]))
    ]
    with told_by_constraints(Offer, OfferError):
        Offer.objects.bulk_create(offers)
    OfferHistory.objects.bulk_create(
        [OfferHistory(subject=one, at=now, by=by, to_status=one.status) for one in offers]
    )
    offer_letters.tell_offered(offers, now)
    return offers


@transaction.atomic
def offer_now(*, offer: Offer, by: User | None, now: datetime) -> Offer:
    """Offer a place to somebody who waits, before it is their turn, and tell them.

    Whoever says yes first has it, when the free places are offered to others already.
    Raises OfferError when no place is free.
    """
    opportunity = lock_opportunity(offer.opportunity)
    today = timezone.localdate(now)
    if not rules.may_be_joined(opportunity, today):
        raise OfferError("This opportunity is withdrawn or over: its places cannot be offered.")
    if seats_of(opportunity).free <= 0:
        raise OfferError("All places are taken: raise how many there are, or wait for one.")
    waiting = _again(offer, opportunity)
    if waiting.status != _Status.WAITING:
        raise OfferError("This is on the waiting list no more. Look at it again.")
    check_apart(opportunity, [waiting.partner], today)
    answer_by = answer_by_for(opportunity, today)
    transition(waiting, _Status.OFFERED, by=by, now=now, answer_by=answer_by)
    offer_letters.tell_moved_up(waiting, now)
    return waiting


@transaction.atomic
def accept(*, offer: Offer, by: User | None, now: datetime) -> Offer:
    """Say yes: the partner has a place in the work group, and the lowest free seat.

    In this order: the place with its meetings and its message, the seat, the history. When all
    places were taken meanwhile, the offer comes back at the head of the waiting list instead: its
    `status` says which. Somebody who stands in takes a free place the same way.

    Raises OfferError, in a sentence for the partner.
    """
    found = _locked(offer)
    opportunity, today = found.opportunity, timezone.localdate(now)
    if found.status == _Status.STANDING_IN:
        return _take_up(found, by, now)
    check_answerable(found, today)
    check_welcome(found, today)
    seat = free_seat(opportunity)
    if seat is None:
        return _to_head(found, by, now)
    place = _placed(found, by, now)
    with told_by_constraints(Offer, OfferError):
        transition(found, _Status.ACCEPTED, by=by, now=now, seat=seat, assignment=place)
    return found


@transaction.atomic
def stand_in(*, offer: Offer, by: User | None, now: datetime) -> Offer:
    """Say no to the place, and yes to being asked when somebody cannot come.

    The partner has a place in the group that takes none of the opportunity's; the place that was
    offered goes to who waits first. Raises OfferError.
    """
    found = _locked(offer)
    today = timezone.localdate(now)
    check_answerable(found, today)
    check_welcome(found, today)
    place = _placed(found, by, now, stands_in=True)
    transition(found, _Status.STANDING_IN, by=by, now=now, assignment=place)
    move_waiting_list(opportunity=found.opportunity, now=now)
    return found


@transaction.atomic
def decline(*, offer: Offer, by: User | None, now: datetime, why: str = "") -> Offer:
    """Say no to an offer, or leave the waiting list; who waits first is offered the place.

    `why` is for coordinators. Raises OfferError for an offer that is answered already.
    """
    opportunity = lock_opportunity(offer.opportunity)
    found = _again(offer, opportunity)
    if found.status not in (_Status.OFFERED, _Status.WAITING):
        raise OfferError(said_already(found))
    offer_letters.call_back_offer(found)
    transition(found, _Status.DECLINED, by=by, now=now, why=" ".join(why.split()))
    move_waiting_list(opportunity=opportunity, now=now)
    return found


@transaction.atomic
def take_back(*, offer: Offer, by: User | None, now: datetime, why: str = "") -> Offer:
    """Take back an offer that nobody said yes to, or a turn on the waiting list.

    Who was offered a place is told, without `why`; who waits first is offered it. Raises OfferError
    for an offer that was answered.
    """
    opportunity = lock_opportunity(offer.opportunity)
    found = _again(offer, opportunity)
    if found.status not in (_Status.OFFERED, _Status.WAITING):
        raise OfferError("This was answered a moment ago. Look at it again.")
    was_offered = found.status == _Status.OFFERED
    transition(found, _Status.WITHDRAWN, by=by, now=now, why=why)
    if was_offered:
        offer_letters.tell_taken_back(found, now)
    move_waiting_list(opportunity=opportunity, now=now)
    return found


@transaction.atomic
def give_back(
    *,
    offer: Offer,
    ends_on: date,
    by: User | None,
    now: datetime,
    handover: str = "",
    thanks: str = "",
) -> Offer:
    """Give a place back, `ends_on` being its last day; who waits first is offered it.

    A place that had not begun ends on `ends_on` as if it had begun then. Raises OfferError.
    """
    found = _locked(offer)
    place = found.assignment
    if found.status not in rules.HOLDING or place is None:
        raise OfferError("You have no place here to give back. Look at your places again.")
    if ends_on < timezone.localdate(now):
        raise OfferError("Choose today or a later day as the last.", "ends_on")
    with told_by_constraints(Assignment, OfferError):
        if place.starts_on > ends_on:
            place.starts_on = ends_on
            place.save(update_fields=["starts_on"])
        end_assignment(
            assignment=place, ends_on=ends_on, by=by, now=now, handover=handover, thanks=thanks
        )
    found.refresh_from_db()
    return found


def lapse(*, now: datetime) -> int:
    """Let offers go whose last day to answer is over, and move the waiting lists; how many.

    Each opportunity for itself: what was done stays, when a later one fails.
    """
    today = timezone.localdate(now)
    due = Offer.objects.unanswered(today).order_by("opportunity").values_list("opportunity")
    return sum(_lapse_of(pk, today, now) for (pk,) in list(due.distinct()))


@transaction.atomic
def _lapse_of(pk: int, today: date, now: datetime) -> int:
    opportunity = lock_opportunity(Opportunity(pk=pk))
    found = list(
        Offer.objects.unanswered(today)
        .filter(opportunity=opportunity)
        .select_related("partner__user")
        .order_by("pk")
    )
    for one in found:
        one.opportunity = opportunity
        transition(one, _Status.LAPSED, by=None, now=now)
        offer_letters.tell_lapsed(one, now)
    if found:
        move_waiting_list(opportunity=opportunity, now=now)
    return len(found)


def free_seat(opportunity: Opportunity) -> int | None:
    """The lowest seat that nobody has; None when all places are taken."""
    held = set(
        Offer.objects.filter(opportunity=opportunity, status=_Status.ACCEPTED).values_list(
            "seat", flat=True
        )
    )
    if len(held) >= opportunity.places:
        return None
    return next(seat for seat in range(1, opportunity.places + 1) if seat not in held)


def _locked(offer: Offer) -> Offer:
    """The offer as it is now, with what its acceptance writes to: partner, group, opportunity."""
    partner = (
        Partner.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .get(pk=offer.partner_id)
    )
    WorkGroup.objects.select_for_update(of=("self",), no_key=True).get(
        pk=offer.opportunity.work_group_id
    )
    found = _again(offer, lock_opportunity(offer.opportunity))
    found.partner = partner
    return found


def _again(offer: Offer, opportunity: Opportunity) -> Offer:
    """The offer as it is under the lock of its opportunity."""
    rows = Offer.objects.select_related("partner__user", "assignment__work_group")
    found: Offer = rows.get(pk=offer.pk)
    found.opportunity = opportunity
    return found


def _to_head(offer: Offer, by: User | None, now: datetime) -> Offer:
    """All places were taken meanwhile: the offer goes before all others, and after its like."""
    queue = Offer.objects.queue().filter(opportunity=offer.opportunity)
    first = queue.first()
    queued_at = offer.queued_at
    if first is not None:
        # Those who said yes and found it full, in the order in which they said it.
        same = queue.filter(history__from_status=_Status.OFFERED).aggregate(last=Max("queued_at"))
        queued_at = same["last"] + _Least if same["last"] else first.queued_at - _Seconds
    transition(
        offer,
        _Status.WAITING,
        by=by,
        now=now,
        why="Said yes; all places were taken.",
        queued_at=queued_at,
    )
    return offer


def _take_up(offer: Offer, by: User | None, now: datetime) -> Offer:
    """Who stands in takes a place that nobody has and nobody was offered."""
    seat = free_seat(offer.opportunity)
    place = offer.assignment
    if seat is None or place is None or seats_of(offer.opportunity).to_offer <= 0:
        raise OfferError("All places are taken or offered at the moment. You still stand in.")
    take_up_place(assignment=place, now=now)
    with told_by_constraints(Offer, OfferError):
        transition(offer, _Status.ACCEPTED, by=by, now=now, seat=seat)
    return offer


def _placed(offer: Offer, by: User | None, now: datetime, *, stands_in: bool = False) -> Assignment:
    opportunity, today = offer.opportunity, timezone.localdate(now)
    starts_on = max(opportunity.starts_on or today, opportunity.work_group.starts_on or today)
    starts_on = max(starts_on, today)
    if not stands_in:
        starts_on = _first_free_day(opportunity, starts_on)
    try:
        return place_partner(
            work_group=opportunity.work_group,
            partner=offer.partner,
            starts_on=starts_on,
            ends_on=opportunity.ends_on,
            pathway_role=opportunity.role,
            stands_in=stands_in,
            by=by,
            now=now,
        )
    except PlaceError as refusal:
        raise OfferError(str(refusal)) from refusal


def _first_free_day(opportunity: Opportunity, day: date) -> date:
    """From which day on a place is free: one given back has its last day still to come."""
    seats = seats_of(opportunity)
    last_days = list(
        Offer.objects.filter(
            opportunity=opportunity,
            status=_Status.ENDED,
            assignment__stands_in=False,
            assignment__ends_on__gte=day,
        )
        .order_by("-assignment__ends_on")
        .values_list("assignment__ends_on", flat=True)
    )
    # So many of them may still be here beside the one who comes.
    beside = seats.free - 1
    if len(last_days) <= beside:
        return day
    free_from: date = last_days[beside] + timedelta(days=1)
    return free_from
