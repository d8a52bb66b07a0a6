"""Play the work groups and their meetings into the demo's year."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assignments import services as assignments
from assignments.models import Attendance
from assignments.rules.repeating import How, rule_of
from partners.services import ledger
from pcp_portal.demo import groups, work
from pcp_portal.demo.days import at, is_christmas, working_day

if TYPE_CHECKING:
    from datetime import date

    from pcp_portal.demo.build import Story

_BOOKED_AHEAD = timedelta(days=35)


def begin(story: Story, now: datetime) -> None:
    """Who meets, led by whom; those that were founded since come when their day comes."""
    for one in groups.GROUPS:
        if one.founded:
            story.on(story.ago(one.founded), lambda then, one=one: _found(story, one, then))
        else:
            _found(story, one, now)
    # Who leads it was invited three days ago, and leads it from then on.
    story.on(story.now - timedelta(days=2), lambda then: _led_by_the_invited(story, then))
    for gone in work.ENDED:
        story.on(story.ago(gone.days, 16), lambda then, gone=gone: _end(story, gone, then))


def _found(story: Story, one: groups.Group, now: datetime) -> None:
    group = assignments.create_work_group(
        programme=story.programme,
        kind=one.kind,
        name=one.name,
        team=story.teams.get(one.team),
        purpose=one.purpose,
        influence=one.influence,
        lead=story.users.get(one.led_by),
        wanted=one.wanted,
        lead_name=one.lead,
        contact_phone=one.phone,
        place=one.place,
        join_link=one.join_link,
        starts_on=story.today - timedelta(days=one.founded) if one.founded else None,
        by=story.coordinator,
        now=now,
    )
    story.groups[one.name] = group
    for known_as in () if one.by_offer else one.members:
        assignments.place_partner(
            work_group=group,
            partner=story.partners[known_as],
            starts_on=group.starts_on or story.first_day,
            by=story.coordinator,
            now=now,
            tell=False,
        )


def _led_by_the_invited(story: Story, now: datetime) -> None:
    for one in groups.GROUPS:
        if one.led_by and one.led_by not in story.users:
            lead = story.programme.invitations.get(user__email=one.led_by).user
            assignments.change_work_group(
                work_group=story.groups[one.name], lead=lead, by=story.coordinator, now=now
            )


def _end(story: Story, gone: work.Ended, now: datetime) -> None:
    """A place that has done its work ends with thanks, and a note for who comes next.

    The group ends with the last of them.
    """
    group = story.groups[gone.group]
    place = group.assignments.get(partner=story.partners[gone.partner], status="current")
    last_day = story.today - timedelta(days=gone.days)
    assignments.end_assignment(
        assignment=place,
        ends_on=last_day,
        handover=gone.handover,
        thanks=gone.thanks,
        by=story.coordinator,
        now=now,
    )
    if not group.assignments.filter(status="current").exists():
        assignments.change_work_group(
            work_group=group, ends_on=last_day, by=story.coordinator, now=now
        )


# --- Meetings ------------------------------------------------------------------------------------


def meet(story: Story, group: groups.Group) -> None:
    """Past meetings count back from 1 (the latest); those to come are 0, -1 ...

    The latest `term` of them and those to come are one series, the others stand alone.
    """
    days = {back: _day(story, group, back) for back in range(-group.to_come + 1, group.past + 1)}
    begun = story.today - timedelta(days=group.founded) if group.founded else story.first_day
    days = {back: day for back, day in days.items() if day > begun and not is_christmas(day)}
    story.days |= {(group.name, back): day for back, day in days.items()}
    if group.term:
        _repeat(story, group, {back: day for back, day in days.items() if back <= group.term})
    for back, day in days.items():
        if back > group.term or not group.term:
            _plan(story, group, back, day)
        _answers(story, group, back, day)
        _became(story, group, back, day)


def _day(story: Story, group: groups.Group, back: int) -> date:
    next_day = working_day(story.today, group.next_in)
    passed = back - (1 if group.next_in < 0 else 0)
    before = max(0, back - group.term) if group.weeks_before else 0
    weeks = group.weeks * (passed - before) + group.weeks_before * before
    return next_day - timedelta(weeks=weeks)


def _repeat(story: Story, group: groups.Group, days: dict[int, date]) -> None:
    """This term's meetings, planned at once before the first of them."""
    first, last = min(days.values()), max(days.values())

    def plan(now: datetime) -> None:
        starts_at = at(first, group.starts)
        series = assignments.plan_series(
            work_group=story.groups[group.name],
            rule=rule_of(how=How.WEEKLY, weeks=group.weeks, weekday=first.weekday(), until=last),
            first_on=first,
            begins=group.starts,
            ends=(starts_at + timedelta(minutes=group.minutes)).time(),
            skip=[day for day in _between(first, last) if is_christmas(day)],
            asks=group.asks,
            preparation_minutes=group.preparation,
            by=story.coordinator,
            now=now,
        )
        planned = {meeting.series_day: meeting for meeting in series.meetings.all()}
        for back, day in days.items():
            story.meetings[group.name, back] = planned[day]

    story.on(at(min(first, story.today), group.starts) - _BOOKED_AHEAD, plan)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _plan(story: Story, group: groups.Group, back: int, day: date) -> None:
    starts_at = at(day, group.starts)

    def plan(now: datetime) -> None:
        story.meetings[group.name, back] = assignments.plan_meeting(
            work_group=story.groups[group.name],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=group.minutes),
            title=work.TITLES.get((group.name, back), ""),
            asks=group.asks,
            preparation_minutes=group.preparation,
            by=story.coordinator,
            now=now,
        )

    story.on(min(starts_at, story.now) - _BOOKED_AHEAD, plan)


def _answers(story: Story, group: groups.Group, back: int, day: date) -> None:
    starts_at = at(day, group.starts)
    for number, known_as in enumerate(group.members):
        if back < -1 or (group.name, back, known_as) in work.UNANSWERED:
            continue
        answered = min(starts_at, story.now) - timedelta(days=4 - number, hours=3)
        story.on(answered, lambda now, who=known_as: _answer(story, group, back, who, now))
    stands_in = work.STOOD_IN.get((group.name, back))
    if stands_in:
        asked = starts_at - timedelta(days=1, hours=5)
        story.on(asked, lambda now: _answer(story, group, back, stands_in, now))


def _answer(story: Story, group: groups.Group, back: int, known_as: str, now: datetime) -> None:
    plan = Attendance.Plan.COMING
    if (group.name, back, known_as) in work.NOT_THERE:
        plan = Attendance.Plan.NOT_THIS_TIME
    elif group.join_link and known_as in work.JOIN_ONLINE:
        plan = Attendance.Plan.ONLINE
    attendance = story.meetings[group.name, back].attendances.get(partner=story.partners[known_as])
    assignments.answer(attendance=attendance, plan=plan, by=story.who(known_as), now=now)


def _became(story: Story, group: groups.Group, back: int, day: date) -> None:
    """Moved, called off, or held and confirmed the morning after."""
    key, starts_at = (group.name, back), at(day, group.starts)
    if key in work.MOVED:
        days, hour, told = work.MOVED[key]
        to = at(working_day(day, days), hour)
        story.on(
            min(starts_at, story.now) - timedelta(days=told),
            lambda now: assignments.move_meeting(
                meeting=story.meetings[key],
                starts_at=to,
                ends_at=to + timedelta(minutes=group.minutes),
                by=story.coordinator,
                now=now,
            ),
        )
    if key in work.CANCELLED:
        told, why = work.CANCELLED[key]
        evening = at(min(day, story.today) - timedelta(days=told), work.EVENING)
        story.on(
            evening,
            lambda now: assignments.cancel_meeting(
                meeting=story.meetings[key], why=why, by=story.coordinator, now=now
            ),
        )
    elif back > 1 or (back == 1 and group.next_in > 0) or group.next_in < -10:
        morning = at(day + timedelta(days=1), work.MORNING)
        story.on(morning, lambda now: _confirm(story, group, back, now))


def _confirm(story: Story, group: groups.Group, back: int, now: datetime) -> None:
    meeting = story.meetings[group.name, back]
    outcomes: dict[int, assignments.Said | tuple[str, int | None]] = {}
    names = {partner.pk: known_as for known_as, partner in story.partners.items()}
    for row in meeting.attendances.all():
        key = (group.name, back, names[row.partner_id])
        outcomes[row.pk] = (Attendance.Outcome.THERE, None)
        if key in work.UNWELL:
            outcomes[row.pk] = (Attendance.Outcome.UNWELL, None)
        elif key in work.NOT_THERE:
            outcomes[row.pk] = (Attendance.Outcome.MISSED, None)
        elif key in work.LEFT_EARLY:
            outcomes[row.pk] = (Attendance.Outcome.PART, work.LEFT_EARLY[key])
    assignments.confirm_meeting(meeting=meeting, outcomes=outcomes, by=story.coordinator, now=now)
    for row in meeting.attendances.exclude(contribution=None).select_related("contribution"):
        known_as = names[row.partner_id]
        story.contributions[group.name, back, known_as] = row.contribution
        if words := work.REFLECTIONS.get((group.name, back, known_as)):
            ledger.reflect(
                contribution=row.contribution, text=words, by=story.who(known_as), now=now
            )
