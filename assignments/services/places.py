"""Places of partners in work groups: given and ended."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assignments.models import (
    Assignment,
    AssignmentHistory,
    Attendance,
    Meeting,
    Offer,
    WorkGroup,
)
from assignments.services.place_letters import (
    call_back_placed,
    tell_of_thanks,
    tell_placed,
    thank,
)
from assignments.services.refusals import PlaceError, told_by_constraints
from assignments.services.waiting_list import lock_opportunity, move_waiting_list
from assignments.words import spoken_day
from partners.models import Partner, PathwayRole
from partners.rules.support import may_have_place
from partners.services import requirements
from workflow.transitions import begin, transition

_EARLIEST = date(1990, 1, 1)
_YEARS_AHEAD = 5
_BATCH = 500


@transaction.atomic
def place_partner(
    *,
    work_group: WorkGroup,
    partner: Partner,
    starts_on: date,
    by: User | None,
    now: datetime,
    ends_on: date | None = None,
    role: str = "",
    pathway_role: PathwayRole | None = None,
    stands_in: bool = False,
    tell: bool = True,
) -> Assignment:
    """Give `partner` a place in `work_group`, both days included.

    In this order: the place and its history; a row of attendance for every meeting that is still
    ahead and within the dates; the message "You are down for ..." to a partner with an e-mail
    address, unless the place is over already or `tell` is false. Somebody who `stands_in` is on no
    meeting until they are asked to one.

    Raises PlaceError.
    """
    # Partner, then source row: the lock order of every service.
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    group = (
        WorkGroup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=work_group.pk)
    )
    today = timezone.localdate(now)
    _check_place(group, partner, starts_on, ends_on, today)
    if ends_on is None or ends_on >= today:
        _check_nothing_missing(requirements.blocks(partner, pathway_role, today))
    role = " ".join(role.split()) or (pathway_role.name if pathway_role else "")
    place = Assignment(
        work_group=group,
        partner=partner,
        role=role or group.programme.partner_term,
        pathway_role=pathway_role,
        stands_in=stands_in,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with told_by_constraints(Assignment, PlaceError):
        place.save(force_insert=True)
    begin(place, by=by, now=now)
    if not stands_in:
        _expect_at_meetings(place, now)
    if tell and (ends_on is None or ends_on >= today):
        tell_placed(place, today, now)
    return place


@transaction.atomic
def place_partners(
    *, work_group: WorkGroup, starts_on: Mapping[int, date], by: User | None, now: datetime
) -> dict[int, Assignment | PlaceError]:
    """Give many partners a place at once and quietly: `place_partner` without the message.

    `starts_on` is the first day by the id of a partner who has no place in `work_group` yet.
    Returns each partner's place by their id, or the PlaceError that says why there is none. Asks
    the database as often for one partner as for a thousand.
    """
    if not starts_on:
        return {}
    # Partners, then source row: the lock order of every service.
    partners = list(
        Partner.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=starts_on)
        .order_by("pk")
    )
    group = (
        WorkGroup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=work_group.pk)
    )
    today = timezone.localdate(now)
    here = [partner for partner in partners if partner.programme_id == group.programme_id]
    missing = requirements.blocks_of_many(here, today)
    outcomes: dict[int, Assignment | PlaceError] = {}
    for partner in partners:
        first = starts_on[partner.pk]
        try:
            _check_place(group, partner, first, None, today)
            _check_nothing_missing(missing[partner.pk])
        except PlaceError as error:
            outcomes[partner.pk] = error
        else:
            outcomes[partner.pk] = Assignment(
                work_group=group,
                partner=partner,
                role=group.programme.partner_term,
                starts_on=first,
            )
    places = [place for place in outcomes.values() if isinstance(place, Assignment)]
    with told_by_constraints(Assignment, PlaceError):
        Assignment.objects.bulk_create(places, batch_size=_BATCH)
    AssignmentHistory.objects.bulk_create(
        [AssignmentHistory(subject=p, at=now, by=by, to_status=p.status) for p in places],
        batch_size=_BATCH,
    )
    ahead = list(Meeting.objects.planned().filter(work_group=group, starts_at__gte=now))
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, partner=place.partner)
            for place in places
            for meeting in ahead
            if meeting.starts_at >= start_of(place.starts_on)
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    return outcomes


@transaction.atomic
def end_assignment(
    *,
    assignment: Assignment,
    ends_on: date,
    by: User | None,
    now: datetime,
    why: str = "",
    handover: str = "",
    thanks: str = "",
    tell: bool = True,
) -> Assignment:
    """End a place after `ends_on`, and take the partner off the planned meetings after that day.

    A place that was offered is given back, and who waits first is offered it. When the last day is
    today or over, "You are down for ..." is called back, and the partner is thanked, unless they
    left the programme or `tell` is false. `why` is not told to them; `handover` is for who takes
    the place next, `thanks` for the partner.

    Raises PlaceError for a day before the place began, IllegalMoveError when it ended already.
    """
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(
        pk=assignment.partner_id
    )
    if ends_on < assignment.starts_on:
        raise PlaceError(
            f"This place began on {spoken_day(assignment.starts_on)}. "
            "Choose that day or a later one as its last."
        )
    words = {
        "handover": handover.replace("\r\n", "\n").strip(),
        "thanks": " ".join(thanks.split()),
    }
    transition(
        assignment, Assignment.Status.ENDED, by=by, now=now, why=why, ends_on=ends_on, **words
    )
    leave_meetings_without_place(group=assignment.work_group, partner=partner)
    _give_back_seat(assignment, by, now)
    if ends_on <= timezone.localdate(now):
        call_back_placed(assignment)
        if tell and partner.status != Partner.Status.LEFT:
            thank(assignment, now)
    return assignment


@transaction.atomic
def thank_for_place(*, assignment: Assignment, thanks: str, by: User, now: datetime) -> Assignment:
    """Write the line of thanks of a place that has ended, and tell the partner that it is there.

    Raises PlaceError for an empty line, a place that has not ended, and one that has its thanks.
    """
    del by  # the audit says who
    place: Assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner__user", "work_group__programme")
        .get(pk=assignment.pk)
    )
    thanks = " ".join(thanks.split())
    if not thanks:
        raise PlaceError("Write a line of thanks.")
    if place.status != Assignment.Status.ENDED or place.thanks:
        raise PlaceError("This place has not ended, or its line of thanks is written already.")
    place.thanks = thanks
    place.save(update_fields=["thanks"])
    if place.partner.status != Partner.Status.LEFT:
        tell_of_thanks(place, now)
    return place


def take_up_place(*, assignment: Assignment, now: datetime) -> Assignment:
    """Who stood in has a place of their own now: they are down for its meetings."""
    assignment.stands_in = False
    assignment.save(update_fields=["stands_in"])
    _expect_at_meetings(assignment, now)
    tell_placed(assignment, timezone.localdate(now), now)
    return assignment


def leave_meetings_without_place(*, group: WorkGroup, partner: Partner) -> int:
    """Take `partner` off the planned meetings of `group` on days without a place; how many."""
    places = list(Assignment.objects.filter(work_group=group, partner=partner))
    planned = Attendance.objects.filter(
        partner=partner, meeting__work_group=group, meeting__status=Meeting.Status.PLANNED
    ).select_related("meeting")
    gone = [
        row.pk
        for row in planned
        if not any(held_on(place, timezone.localdate(row.meeting.starts_at)) for place in places)
    ]
    # What reminds of them goes with them; the audit keeps both.
    Attendance.objects.filter(pk__in=gone).delete()
    return len(gone)


def handed_over_to(place: Assignment) -> Assignment | None:
    """The ended place whose notes are for who has `place`; None when nobody left any.

    It was somebody else's: who has `place` may read its notes, and nothing more of it.
    """
    found: Assignment | None = Assignment.objects.handed_over_to(place).first()
    return found


def held_on(place: Assignment, day: date) -> bool:
    """`AssignmentQuerySet.on` for one place in hand."""
    return place.starts_on <= day and (place.ends_on is None or day <= place.ends_on)


def start_of(day: date) -> datetime:
    """Midnight in London at the beginning of `day`."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _check_place(
    group: WorkGroup, partner: Partner, starts_on: date, ends_on: date | None, today: date
) -> None:
    if partner.programme_id != group.programme_id:
        raise PlaceError("The partner and the group belong to different programmes.")
    if partner.status == Partner.Status.LEFT:
        raise PlaceError(f"{partner.name} has left the programme and cannot be given a place.")
    if not may_have_place(partner):
        raise PlaceError(
            f"{partner.name} is at the stage “{partner.get_status_display()}”. Places are for "
            "partners who are active, on a break or in their induction."
        )
    if not _EARLIEST <= starts_on <= today + timedelta(days=366 * _YEARS_AHEAD):
        raise PlaceError(f"Check the first day: {spoken_day(starts_on)} cannot be right.")
    if ends_on is not None and ends_on < starts_on:
        raise PlaceError("The last day must be on or after the first day.")
    if group.starts_on is not None and starts_on < group.starts_on:
        raise PlaceError(
            f"The group began on {spoken_day(group.starts_on)}: choose that day or a later one."
        )
    if group.ends_on is not None and max(starts_on, ends_on or starts_on) > group.ends_on:
        raise PlaceError(
            f"The group’s last day is {spoken_day(group.ends_on)}: choose days up to then."
        )


def _check_nothing_missing(missing: list[str]) -> None:
    if missing:
        raise PlaceError(" ".join([*missing, "Put that in place before they take on new work."]))


def _expect_at_meetings(place: Assignment, now: datetime) -> None:
    meetings = Meeting.objects.planned().filter(
        work_group=place.work_group, starts_at__gte=max(start_of(place.starts_on), now)
    )
    if place.ends_on is not None:
        meetings = meetings.filter(starts_at__lt=start_of(place.ends_on + timedelta(days=1)))
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, partner=place.partner) for meeting in meetings],
        ignore_conflicts=True,
    )


def _give_back_seat(place: Assignment, by: User | None, now: datetime) -> None:
    """The place of an opportunity goes to who waits first."""
    offer = Offer.objects.live().filter(assignment=place).select_related("opportunity").first()
    if offer is not None:
        lock_opportunity(offer.opportunity)
        transition(offer, Offer.Status.ENDED, by=by, now=now, seat=None)
        move_waiting_list(opportunity=offer.opportunity, now=now)
