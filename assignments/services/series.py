"""Meetings that repeat: all planned at once, and changed together from one of them on."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from assignments.models import (
    Assignment,
    Attendance,
    EventPage,
    Meeting,
    MeetingHistory,
    MeetingSeries,
    WorkGroup,
)
from assignments.rules.repeating import RuleError, days_of, ended_before, in_words
from assignments.rules.times import HourError, moment_in_london
from assignments.services.attendance import lock_partners
from assignments.services.events import tell_registered
from assignments.services.meeting_letters import opening, tell_of_several, told
from assignments.services.meetings import (
    called_off,
    change_meeting,
    changed_now,
    check_times,
    reason_given,
)
from assignments.services.places import held_on
from assignments.services.refusals import MeetingError, told_by_constraints
from assignments.words import spoken_day
from nhsuk.templatetags.nhsuk import clock
from partners.models import Partner
from workflow.transitions import transition

_BATCH = 500


@dataclass(frozen=True)
class DayOfSeries:
    """One day that the rule gives: planned from `starts_at` to `ends_at`, or skipped, and why."""

    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    skipped: str = ""


def days_of_series(
    *, work_group: WorkGroup, rule: str, first_on: date, begins: time, ends: time
) -> list[DayOfSeries]:
    """What `plan_series` would plan and what it would skip, for whoever decides.

    Skipped are days before the group's first and after its last, hours that London's clocks skip
    or show twice, and times at which the group meets already. Raises MeetingError.
    """
    if ends <= begins:
        raise MeetingError("The meeting must end after it starts.")
    try:
        days = days_of(rule, first_on)
    except RuleError as error:
        raise MeetingError(str(error)) from error
    found = [_day(work_group, day, begins, ends) for day in days]
    spans = [(one.starts_at, one.ends_at) for one in found if one.starts_at and one.ends_at]
    if not spans:
        return found
    others = list(
        Meeting.objects.exclude(status=Meeting.Status.CANCELLED)
        .filter(work_group=work_group, starts_at__lt=spans[-1][1], ends_at__gt=spans[0][0])
        .order_by("starts_at", "pk")
    )
    return [_unless_taken(one, others) for one in found]


@transaction.atomic
def plan_series(
    *,
    work_group: WorkGroup,
    rule: str,
    first_on: date,
    begins: time,
    ends: time,
    by: User | None,
    now: datetime,
    skip: Collection[date] = (),
    title: str = "",
    place: str = "",
    join_link: str = "",
    asks: str = "",
    preparation_minutes: int = 0,
) -> MeetingSeries:
    """Plan every meeting of `rule` (RFC 5545) at once, at the same hours of London's clocks.

    skip: days that are left out, besides those that `days_of_series` skips. Where and the link
    are the group's own unless given. Asks the database as often for one meeting as for all.

    Raises MeetingError: for a rule that cannot be, and when no day is left.
    """
    # Whoever is given a place at this moment locks the group too: nobody falls between.
    group = (
        WorkGroup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=work_group.pk)
    )
    days = [
        one
        for one in days_of_series(
            work_group=group, rule=rule, first_on=first_on, begins=begins, ends=ends
        )
        if not one.skipped and one.day not in skip
    ]
    if not days:
        raise MeetingError("No day is left to plan a meeting on.")
    series = MeetingSeries(
        work_group=group,
        rule=rule,
        first_on=days_of(rule, first_on)[0],
        begins=begins,
        ends=ends,
        made_at=now,
    )
    with told_by_constraints(MeetingSeries, MeetingError):
        series.save(force_insert=True)
    meetings = []
    for one in days:
        if one.starts_at is None or one.ends_at is None:
            continue
        check_times(one.starts_at, one.ends_at, preparation_minutes, now)
        meetings.append(
            Meeting(
                programme=group.programme,
                work_group=group,
                series=series,
                series_day=one.day,
                title=" ".join(title.split()),
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=place or group.place,
                join_link=join_link or group.join_link,
                asks=asks,
                preparation_minutes=preparation_minutes,
                changed_at=now,
            )
        )
    with told_by_constraints(Meeting, MeetingError):
        Meeting.objects.bulk_create(meetings, batch_size=_BATCH)
    why = f"One of several: {in_words(rule)}"
    MeetingHistory.objects.bulk_create(
        [MeetingHistory(subject=m, at=now, by=by, to_status=m.status, why=why) for m in meetings],
        batch_size=_BATCH,
    )
    _expect_everybody(group, meetings)
    return series


@transaction.atomic
def move_following(
    *, meeting: Meeting, begins: time, ends: time, by: User | None, now: datetime
) -> list[Meeting]:
    """Move this meeting and all that follow of its series to other hours; the days stay.

    Only planned ones that are ahead and stand where the rule put them: what was moved by hand,
    cancelled or held stays as it is. The answers are asked again; each partner is told once.
    From this day on it is a series of its own. Returns the meetings moved.

    Raises MeetingError, also for the hours that London's clocks skip or show twice.
    """
    if ends <= begins:
        raise MeetingError("The meeting must end after it starts.")
    series, following = _following(meeting, now)
    new = _split(series, meeting, now)
    moved: list[Meeting] = []
    before_of: dict[int, str] = {}
    for one in following:
        # Its own day: that of the rule for all but `meeting`, which may have been moved by hand.
        day, before = timezone.localdate(one.starts_at), one.when
        starts_at, ends_at = _moment(day, begins), _moment(day, ends)
        if (one.starts_at, one.ends_at) == (starts_at, ends_at):
            continue
        check_times(starts_at, ends_at, one.preparation_minutes, now)
        transition(
            one,
            Meeting.Status.PLANNED,
            by=by,
            now=now,
            why=f"Moved from {before}, with those that follow",
            starts_at=starts_at,
            ends_at=ends_at,
            **changed_now(one, now),
        )
        moved.append(one)
        before_of[one.pk] = before
    new.begins, new.ends = begins, ends
    new.save(update_fields=["begins", "ends"])
    if moved:
        new_hours = f"from {clock(begins)} to {clock(ends)}"
        rows = Attendance.objects.filter(meeting__in=moved)
        _tell(
            moved,
            rows.filter(stands_in=False),
            key=f"series-moved:{new.pk}:{moved[0].sequence}",
            kind="meeting_moved",
            subject=f"{opening(moved[0])} has moved",
            lines=[
                f"From {spoken_day(moved[0].starts_at)} on, {moved[0]} is {new_hours}.",
                "Please tell us in your diary whether you can come on:",
            ],
            now=now,
        )
        rows.filter(stands_in=True).delete()
        rows.update(plan=Attendance.Plan.UNANSWERED, planned_at=None)
    for one in _with_page(moved):
        tell_registered(meeting=one, before=before_of[one.pk], now=now)
    return moved


@transaction.atomic
def change_following(
    *, meeting: Meeting, by: User | None, now: datetime, **facts: Any
) -> list[Meeting]:
    """Change what is told of this meeting and of all that follow of its series.

    Which ones, as `move_following`; of those, where another was said by hand of one, that stays.
    Returns the meetings changed. Raises MeetingError.
    """
    _, following = _following(meeting, now)
    had = {name: getattr(meeting, name) for name in facts}
    return [
        one
        for one in following
        if change_meeting(
            meeting=one,
            by=by,
            now=now,
            **{
                name: value
                for name, value in facts.items()
                if value != had[name] and getattr(one, name) == had[name]
            },
        )
    ]


@transaction.atomic
def cancel_following(
    *, meeting: Meeting, why: str, by: User | None, now: datetime
) -> list[Meeting]:
    """Cancel this meeting and all that follow of its series; each partner is told once.

    Which ones, as `move_following`. What is within the programme's hours of notice counts as
    `cancel_meeting` says. Returns the meetings cancelled. Raises MeetingError.
    """
    why = reason_given(why)
    lock_partners(Attendance.objects.filter(meeting__series=meeting.series_id))
    _, following = _following(meeting, now)
    rows = Attendance.objects.filter(meeting__in=following)
    expected = list(rows.expected().values_list("pk", flat=True))
    for one in following:
        called_off(one, by=by, now=now, why=why)
    _tell(
        following,
        rows.filter(pk__in=expected),
        key=f"series-cancelled:{meeting.series_id}:{meeting.pk}",
        kind="meeting_cancelled",
        subject=f"{opening(following[0])} is cancelled",
        lines=[
            f"These meetings of {opening(following[0])} are cancelled. You need do nothing.",
            f"Why: {why}",
            "What counts of your time all the same, your portfolio shows.",
        ],
        now=now,
    )
    for one in _with_page(following):
        tell_registered(meeting=one, why=why, now=now)
    return following


def _with_page(meetings: list[Meeting]) -> list[Meeting]:
    """Those of `meetings` that anybody could register for."""
    open_to_all = set(
        EventPage.objects.filter(meeting__in=meetings).values_list("meeting", flat=True)
    )
    return [one for one in meetings if one.pk in open_to_all]


def _day(group: WorkGroup, day: date, begins: time, ends: time) -> DayOfSeries:
    if group.starts_on is not None and day < group.starts_on:
        return DayOfSeries(day, skipped=f"The group begins on {spoken_day(group.starts_on)}.")
    if group.ends_on is not None and day > group.ends_on:
        return DayOfSeries(day, skipped=f"The group’s last day is {spoken_day(group.ends_on)}.")
    try:
        return DayOfSeries(day, moment_in_london(day, begins), moment_in_london(day, ends))
    except HourError as error:
        return DayOfSeries(day, skipped=str(error))


def _unless_taken(one: DayOfSeries, others: Iterable[Meeting]) -> DayOfSeries:
    if one.starts_at is None or one.ends_at is None:
        return one
    for other in others:
        if other.starts_at < one.ends_at and one.starts_at < other.ends_at:
            return DayOfSeries(one.day, skipped=f"The group meets already: {other.when}.")
    return one


def _moment(day: date, hour: time) -> datetime:
    try:
        return moment_in_london(day, hour)
    except HourError as error:
        raise MeetingError(f"{error} Or move the others one by one.") from error


def _expect_everybody(group: WorkGroup, meetings: list[Meeting]) -> None:
    """`expect_everybody` for many meetings in two statements."""
    places = list(
        Assignment.objects.filter(work_group=group, stands_in=False).exclude(
            partner__status=Partner.Status.LEFT
        )
    )
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, partner_id=place.partner_id)
            for meeting in meetings
            for place in places
            if held_on(place, timezone.localdate(meeting.starts_at))
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def _following(meeting: Meeting, now: datetime) -> tuple[MeetingSeries, list[Meeting]]:
    """The series, and what may be changed together from `meeting` on, locked.

    `meeting` itself is among them wherever it stands. Raises MeetingError.
    """
    if meeting.series_id is None:
        raise MeetingError("This meeting is not one of several.")
    WorkGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.work_group_id)
    series = MeetingSeries.objects.select_for_update(of=("self",)).get(pk=meeting.series_id)
    rows = list(
        Meeting.objects.select_for_update(of=("self",))
        .planned()
        .filter(series=series, series_day__gte=meeting.series_day, starts_at__gt=now)
        .select_related("work_group", "programme")
        .order_by("series_day", "pk")
    )
    following = [one for one in rows if one.pk == meeting.pk or stands_by_rule(one, series)]
    if not following:
        raise MeetingError("None of these is still ahead. Change each by itself.")
    return series, following


def stands_by_rule(meeting: Meeting, series: MeetingSeries) -> bool:
    """It was not moved by hand: the clocks of London show its own day, and its series' hours."""
    starts_at, ends_at = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return (starts_at.date(), starts_at.time(), ends_at.time()) == (
        meeting.series_day,
        series.begins,
        series.ends,
    )


def _split(series: MeetingSeries, meeting: Meeting, now: datetime) -> MeetingSeries:
    """The series of `meeting` and all after it: a new one, unless nothing is before it."""
    day = meeting.series_day
    if day is None or not days_of(series.rule, series.first_on)[0] < day:
        return series
    head, tail = ended_before(series.rule, series.first_on, day)
    new = MeetingSeries.objects.create(
        work_group=series.work_group,
        rule=tail,
        first_on=day,
        begins=series.begins,
        ends=series.ends,
        made_at=now,
    )
    series.rule = head
    series.save(update_fields=["rule"])
    series.meetings.filter(series_day__gte=day).update(series=new)
    return new


def _tell(
    meetings: list[Meeting],
    attendances: QuerySet[Attendance],
    *,
    key: str,
    kind: str,
    subject: str,
    lines: list[str],
    now: datetime,
) -> None:
    """One letter to each partner, with the days of those of `meetings` they are down for."""
    mine: dict[int, list[Meeting]] = defaultdict(list)
    first: dict[int, Attendance] = {}
    by_pk = {meeting.pk: meeting for meeting in meetings}
    for row in told(attendances):
        mine[row.partner_id].append(by_pk[row.meeting_id])
        first.setdefault(row.partner_id, row)
    tell_of_several(first.values(), mine, key=key, kind=kind, subject=subject, lines=lines, now=now)
