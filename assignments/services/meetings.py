"""Meetings: planned, changed, moved and cancelled."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Assignment, Attendance, Meeting, WorkGroup
from assignments.rules.times import HourError, checked
from assignments.services.attendance import MINUTES_IN_A_DAY, call_off, lock_partners
from assignments.services.events import tell_registered
from assignments.services.meeting_letters import (
    call_back_stand_ins,
    tell_cancelled,
    tell_moved,
    told,
)
from assignments.services.pay import pay_terms
from assignments.services.refusals import MeetingError, told_by_constraints
from assignments.words import length_in_minutes, spoken_day, spoken_time
from partners.models import Partner
from workflow.transitions import IllegalMoveError, begin, transition

_CHANGEABLE = frozenset({"title", "place", "join_link", "asks", "preparation_minutes"})


@transaction.atomic
def plan_meeting(
    *,
    work_group: WorkGroup,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    now: datetime,
    title: str = "",
    place: str = "",
    join_link: str = "",
    asks: str = "",
    preparation_minutes: int = 0,
) -> Meeting:
    """Plan a meeting of `work_group`, with a row of attendance for everybody with a place that day.

    Where and the link are the group's own unless given. A meeting of the past may be entered, so
    that it can be confirmed. Raises MeetingError.
    """
    # Whoever is given a place at this moment locks the group too: nobody falls between.
    group = (
        WorkGroup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=work_group.pk)
    )
    check_times(starts_at, ends_at, preparation_minutes, now)
    meeting = Meeting(
        programme=group.programme,
        work_group=group,
        title=" ".join(title.split()),
        starts_at=starts_at,
        ends_at=ends_at,
        place=place or group.place,
        join_link=join_link or group.join_link,
        asks=asks,
        preparation_minutes=preparation_minutes,
        changed_at=now,
    )
    with told_by_constraints(Meeting, MeetingError):
        meeting.save(force_insert=True)
    begin(meeting, by=by, now=now)
    expect_everybody(meeting)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, by: User | None, now: datetime, **facts: Any) -> bool:
    """Change what is told of a planned meeting, but for its time; True when anything changed.

    Raises MeetingError.
    """
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"A meeting has no {', '.join(sorted(unknown))} to change.")
    locked = _locked(meeting)
    if locked.status != Meeting.Status.PLANNED:
        raise MeetingError("Only a planned meeting can be changed.")
    if "title" in facts:
        facts["title"] = " ".join(facts["title"].split())
    changed = {name: value for name, value in facts.items() if getattr(locked, name) != value}
    if not changed:
        return False
    changed |= changed_now(locked, now)
    for name, value in changed.items():
        setattr(locked, name, value)
        setattr(meeting, name, value)
    check_times(locked.starts_at, locked.ends_at, locked.preparation_minutes, now)
    with told_by_constraints(Meeting, MeetingError):
        locked.save(update_fields=list(changed))
    return True


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, starts_at: datetime, ends_at: datetime, by: User | None, now: datetime
) -> Meeting:
    """Move a planned meeting; the answers are asked again and everybody with an e-mail is told.

    In this order: the new time and its history; attendance of whoever has a place on the new day;
    the messages, when the old or the new time is ahead: whoever has no place on the new day, and
    whoever was to stand in, is told that they need not come; the answers emptied. The same time
    again changes nothing.

    Raises MeetingError, or IllegalMoveError when it is no longer planned.
    """
    group = WorkGroup.objects.select_for_update(of=("self",), no_key=True).get(
        pk=meeting.work_group_id
    )
    locked = _locked(meeting)
    if (locked.starts_at, locked.ends_at) == (starts_at, ends_at):
        return meeting
    check_times(starts_at, ends_at, locked.preparation_minutes, now)
    before, was_ahead = spoken_time(locked.starts_at, locked.ends_at), locked.starts_at > now
    transition(
        meeting,
        Meeting.Status.PLANNED,
        by=by,
        now=now,
        why=f"Moved from {before}",
        starts_at=starts_at,
        ends_at=ends_at,
        **changed_now(locked, now),
    )
    stood_in = meeting.attendances.filter(stands_in=True)
    if was_ahead:
        tell_moved(
            meeting,
            told(stood_in.standing_in()),
            before,
            ask="You were to stand in. We ask everybody again, so you need do nothing.",
            link=reverse("assignments:diary"),
            link_label="See your diary",
            now=now,
            off=True,
        )
    call_back_stand_ins(stood_in)
    stood_in.delete()
    expect_everybody(meeting)
    with_place = Assignment.objects.on(timezone.localdate(starts_at)).filter(work_group=group)
    without_place = meeting.attendances.exclude(
        partner__in=with_place.filter(stands_in=False).values("partner")
    )
    if was_ahead:
        tell_moved(
            meeting,
            told(without_place.expected()),
            before,
            ask="You have no place in the group that day, so you need do nothing.",
            link=reverse("assignments:diary"),
            link_label="See your diary",
            now=now,
            off=True,
        )
    without_place.delete()
    if starts_at > now:
        tell_moved(
            meeting,
            told(meeting.attendances.all()),
            before,
            ask="Please tell us whether you can come then.",
            link=reverse("assignments:meeting", args=[meeting.pk]),
            link_label="Say whether you can come",
            now=now,
        )
    meeting.attendances.update(plan=Attendance.Plan.UNANSWERED, planned_at=None)
    tell_registered(meeting=meeting, before=before, now=now)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User | None, now: datetime, why: str) -> Meeting:
    """Cancel a planned meeting, and tell whoever was expected, when it was still ahead.

    `why` is told to them too. Later than the programme's hours of notice, whoever was expected is
    marked as cancelled late by us, and what counts of it is written into the ledger; not when
    nobody (None) cancels it, for somebody has to answer for that.

    Raises MeetingError without a reason, or IllegalMoveError when it is no longer planned.
    """
    why = reason_given(why)
    lock_partners(Attendance.objects.filter(meeting=meeting))
    called_off(meeting, by=by, now=now, why=why)
    if meeting.starts_at > now:
        tell_cancelled(meeting, told(meeting.attendances.expected()), why=why, now=now)
        tell_registered(meeting=meeting, why=why, now=now)
    return meeting


def called_off(meeting: Meeting, *, by: User | None, now: datetime, why: str) -> None:
    """Cancel `meeting`, whose partners are locked, and write what counts; tells nobody.

    Raises IllegalMoveError, MeetingError.
    """
    locked = _locked(meeting)
    if locked.status != Meeting.Status.PLANNED:
        raise IllegalMoveError(locked, Meeting.Status.CANCELLED)
    transition(
        meeting, Meeting.Status.CANCELLED, by=by, now=now, why=why, **changed_now(locked, now)
    )
    rows = meeting.attendances.select_for_update(of=("self",)).order_by("pk")
    call_back_stand_ins(rows.filter(stands_in=True))
    terms = pay_terms(meeting.programme_id)
    if by is not None and terms.is_late(meeting.starts_at, now):
        expected = list(rows.expected().select_related("partner"))
        for row in expected:
            row.meeting = meeting
        call_off(attendances=expected, terms=terms, by=by, now=now)


def reason_given(why: str) -> str:
    """`why` on one line. Raises MeetingError when there is none."""
    why = " ".join(why.split())
    if not why:
        raise MeetingError("Say in a few words why the meeting is cancelled.")
    return why[:500]


def changed_now(locked: Meeting, now: datetime) -> dict[str, Any]:
    """What calendars know a changed meeting by (RFC 5545, 3.8.7.3 and 3.8.7.4)."""
    return {"sequence": locked.sequence + 1, "changed_at": now}


def check_times(
    starts_at: datetime, ends_at: datetime, preparation_minutes: int, now: datetime
) -> None:
    """Raise MeetingError with a sentence for times that cannot be."""
    if timezone.is_naive(starts_at) or timezone.is_naive(ends_at):
        raise ValueError("A meeting's times carry their time zone.")
    try:
        starts_at, ends_at = checked(starts_at), checked(ends_at)
    except HourError as error:
        raise MeetingError(str(error)) from error
    if ends_at <= starts_at:
        raise MeetingError("The meeting must end after it starts.")
    if length_in_minutes(starts_at, ends_at) + preparation_minutes > MINUTES_IN_A_DAY:
        raise MeetingError(
            "A meeting with its preparation is 24 hours at most: plan one for each day."
        )
    if starts_at > now + timedelta(days=5 * 366) or starts_at.year < 1990:
        raise MeetingError(f"Check the day: {spoken_day(starts_at)} cannot be right.")


def expect_everybody(meeting: Meeting) -> None:
    """A row of attendance for whoever has a place that day; who stands in is asked when needed."""
    places = (
        Assignment.objects.on(timezone.localdate(meeting.starts_at))
        .filter(work_group=meeting.work_group_id, stands_in=False)
        .exclude(partner__status=Partner.Status.LEFT)
    )
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, partner_id=partner)
            for partner in places.order_by("partner").values_list("partner", flat=True)
        ],
        ignore_conflicts=True,
    )


def _locked(meeting: Meeting) -> Meeting:
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    return locked
