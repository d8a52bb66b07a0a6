"""Meetings: planned, changed, moved and cancelled."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.messages import call_back, queue_message
from assignments.models import Assignment, Attendance, Meeting, WorkGroup
from assignments.services.refusals import MeetingError, told_by_constraints
from assignments.words import length_in_minutes, spoken_day, spoken_time
from partners.models import Partner
from workflow.transitions import begin, transition

_MINUTES_IN_A_DAY = 24 * 60
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
    _check_times(starts_at, ends_at, preparation_minutes, now)
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
    )
    with told_by_constraints(Meeting, MeetingError):
        meeting.save(force_insert=True)
    begin(meeting, by=by, now=now)
    _expect_everybody(meeting)
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
    changed = [name for name, value in facts.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, facts[name])
        setattr(meeting, name, facts[name])
    if not changed:
        return False
    _check_times(locked.starts_at, locked.ends_at, locked.preparation_minutes, now)
    with told_by_constraints(Meeting, MeetingError):
        locked.save(update_fields=changed)
    return True


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, starts_at: datetime, ends_at: datetime, by: User | None, now: datetime
) -> Meeting:
    """Move a planned meeting; the answers are asked again and everybody with an e-mail is told.

    In this order: the new time and its history; attendance of whoever has a place on the new day;
    the messages, when the old or the new time is ahead: whoever has no place on the new day is
    told that they need not come; the answers emptied. The same time again changes nothing.
    Raises MeetingError, or IllegalMoveError when it is no longer planned.
    """
    group = WorkGroup.objects.select_for_update(of=("self",), no_key=True).get(
        pk=meeting.work_group_id
    )
    locked = _locked(meeting)
    if (locked.starts_at, locked.ends_at) == (starts_at, ends_at):
        return meeting
    _check_times(starts_at, ends_at, locked.preparation_minutes, now)
    before = spoken_time(locked.starts_at, locked.ends_at)
    was_ahead = locked.starts_at > now
    transition(
        meeting,
        Meeting.Status.PLANNED,
        by=by,
        now=now,
        why=f"Moved from {before}",
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _expect_everybody(meeting)
    with_place = Assignment.objects.on(timezone.localdate(starts_at)).filter(work_group=group)
    without_place = meeting.attendances.exclude(partner__in=with_place.values("partner"))
    if was_ahead:
        _tell_moved(
            meeting,
            _told(without_place.expected()),
            before,
            ask=["You have no place in the group that day, so you need do nothing."],
            link=reverse("assignments:diary"),
            link_label="See your diary",
            now=now,
        )
    without_place.delete()
    if starts_at > now:
        _tell_moved(
            meeting,
            _told(meeting.attendances.all()),
            before,
            ask=["Please tell us whether you can come then."],
            link=reverse("assignments:meeting", args=[meeting.pk]),
            link_label="Say whether you can come",
            now=now,
        )
    meeting.attendances.update(plan=Attendance.Plan.UNANSWERED, planned_at=None)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User | None, now: datetime, why: str) -> Meeting:
    """Cancel a planned meeting, and tell whoever was expected, when it was still ahead.

    `why` is told to them too. Raises MeetingError without a reason, or IllegalMoveError when it is
    no longer planned.
    """
    why = " ".join(why.split())
    if not why:
        raise MeetingError("Say in a few words why the meeting is cancelled.")
    transition(meeting, Meeting.Status.CANCELLED, by=by, now=now, why=why[:500])
    if meeting.starts_at > now:
        moves = _moves(meeting)
        for attendance in _told(meeting.attendances.expected()):
            call_back(key=_moved_key(attendance, moves))
            _queue(
                attendance,
                key=f"cancelled:{attendance.pk}",
                kind="meeting_cancelled",
                subject=f"{_opening(meeting)} on {spoken_day(meeting.starts_at)} is cancelled",
                body=[
                    f"{_opening(meeting)} on {meeting.when} is cancelled. You need do nothing.",
                    f"Why: {why}",
                ],
                link=reverse("assignments:meeting", args=[meeting.pk]),
                link_label="See your meeting",
                now=now,
            )
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    locked: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    return locked


def _check_times(
    starts_at: datetime, ends_at: datetime, preparation_minutes: int, now: datetime
) -> None:
    if timezone.is_naive(starts_at) or timezone.is_naive(ends_at):
        raise ValueError("A meeting's times carry their time zone.")
    if ends_at <= starts_at:
        raise MeetingError("The meeting must end after it starts.")
    if length_in_minutes(starts_at, ends_at) + preparation_minutes > _MINUTES_IN_A_DAY:
        raise MeetingError(
            "A meeting with its preparation is 24 hours at most: plan one for each day."
        )
    if starts_at > now + timedelta(days=5 * 366) or starts_at.year < 1990:
        raise MeetingError(f"Check the day: {spoken_day(starts_at)} cannot be right.")


def _expect_everybody(meeting: Meeting) -> None:
    places = (
        Assignment.objects.on(timezone.localdate(meeting.starts_at))
        .filter(work_group=meeting.work_group_id)
        .exclude(partner__status=Partner.Status.LEFT)
    )
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, partner_id=partner)
            for partner in places.order_by("partner").values_list("partner", flat=True)
        ],
        ignore_conflicts=True,
    )


def _opening(meeting: Meeting) -> str:
    """The meeting at the beginning of a sentence."""
    said = meeting.title or meeting.work_group.called
    return said[:1].upper() + said[1:]


def _told(attendances: Any) -> Any:
    still_here = attendances.exclude(partner__status=Partner.Status.LEFT)
    return still_here.select_related("partner__user", "meeting__programme").order_by("pk")


def _moves(meeting: Meeting) -> int:
    """How often the meeting was moved."""
    planned = Meeting.Status.PLANNED
    moves: int = meeting.history.filter(from_status=planned, to_status=planned).count()
    return moves


def _moved_key(attendance: Attendance, number: int) -> str:
    """The key of what is told of the move of this number.

    Not of the time: a meeting that is moved there, back and there again is told of each time.
    """
    return f"moved:{attendance.pk}:{number}"


def _tell_moved(
    meeting: Meeting,
    attendances: Any,
    before: str,
    *,
    ask: list[str],
    link: str,
    link_label: str,
    now: datetime,
) -> None:
    moves = _moves(meeting)
    for attendance in attendances:
        # Where the mail server was away, the word of the move before may still wait: it would
        # come after this one, and be wrong.
        call_back(key=_moved_key(attendance, moves - 1))
        _queue(
            attendance,
            key=_moved_key(attendance, moves),
            kind="meeting_moved",
            subject=f"{_opening(meeting)} has moved",
            body=[
                f"{_opening(meeting)} of {before} has moved.",
                f"It is now on {spoken_time(meeting.starts_at, meeting.ends_at)}.",
                *ask,
            ],
            link=link,
            link_label=link_label,
            now=now,
        )


def _queue(
    attendance: Attendance,
    *,
    key: str,
    kind: str,
    subject: str,
    body: list[str],
    link: str,
    link_label: str,
    now: datetime,
) -> None:
    partner = attendance.partner
    queue_message(
        key=key,
        kind=kind,
        programme=attendance.meeting.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=link,
        link_label=link_label,
        now=now,
    )
