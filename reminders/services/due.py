"""What people should be told today, and whether it still is so at the moment of sending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from assignments.models import Attendance, Meeting
from nhsuk.templatetags.nhsuk import clock, minutes
from partners.models import Partner
from reminders.models import Reminder

HOUR = time(9, 0)


class NotNeededError(Exception):
    """There is no reason any more to send a message; `str(error)` says why."""


@dataclass(frozen=True)
class Words:
    """What a message says, to which address, as things are now."""

    subject: str
    body: str
    to_address: str


@dataclass(frozen=True)
class Due:
    """One reminder that should exist."""

    rule: str
    attendance: Attendance
    occurs_at: datetime
    due_at: datetime
    words: Words
    link: str
    link_label: str

    @property
    def identity(self) -> tuple[str, int, datetime]:
        """One rule, one person at one meeting, one occurrence of it."""
        return self.rule, self.attendance.pk, self.occurs_at

    @property
    def key(self) -> str:
        """The key of its message; the same whoever works it out."""
        return f"{self.rule}:{self.attendance.pk}:{self.occurs_at.timestamp():.0f}"


def end_of_tomorrow(now: datetime) -> datetime:
    """Midnight in London at the end of tomorrow."""
    return _london(timezone.localdate(now) + timedelta(days=2), time.min)


def day_before(starts_at: datetime) -> datetime:
    """Nine o'clock in London on the day before a meeting."""
    return _london(timezone.localdate(starts_at) - timedelta(days=1), HOUR)


def meetings_tomorrow(now: datetime) -> Iterator[Due]:
    """ "Your meeting is tomorrow": due at nine in the morning of the day before, London time.

    Asked at any moment, it gives the planned meetings that are still ahead, today's and
    tomorrow's, for everybody who is expected and has an e-mail address. A meeting that was
    planned after its nine o'clock is due at once.
    """
    meetings = Meeting.objects.planned().starting_between(now, end_of_tomorrow(now))
    expected = (
        Attendance.objects.expected()
        .filter(meeting__in=meetings, partner__email__isnull=False)
        .exclude(partner__status=Partner.Status.LEFT)
        .select_related("meeting__work_group", "meeting__programme", "partner__user")
        .order_by("pk")
    )
    for attendance in expected.iterator(chunk_size=1000):
        meeting = attendance.meeting
        if meeting.starts_at <= now:
            continue
        yield Due(
            rule=Reminder.Rule.MEETING_TOMORROW,
            attendance=attendance,
            occurs_at=meeting.starts_at,
            due_at=max(day_before(meeting.starts_at), now),
            words=_words(attendance, now),
            link=reverse("assignments:meeting", args=[meeting.pk]),
            link_label="See your meeting",
        )


RULES: tuple[Callable[[datetime], Iterator[Due]], ...] = (meetings_tomorrow,)


def recheck(message: Message, now: datetime) -> Words:
    """What `message` has to say at the moment of sending; most say what they said.

    Raises NotNeededError.
    """
    check = _CHECKS.get(message.kind)
    if check is not None:
        return check(message, now)
    return Words(message.subject, message.body, message.to_address)


def _meeting_is_tomorrow_still(message: Message, now: datetime) -> Words:
    reminder = (
        Reminder.objects.filter(message=message)
        .select_related("attendance__meeting__work_group", "attendance__partner")
        .first()
    )
    if reminder is None:
        raise NotNeededError("The partner is no longer down for the meeting.")
    attendance = reminder.attendance
    meeting, partner = attendance.meeting, attendance.partner
    if meeting.status == Meeting.Status.CANCELLED:
        raise NotNeededError("The meeting was cancelled.")
    if meeting.starts_at != reminder.occurs_at:
        raise NotNeededError("The meeting was moved.")
    if meeting.starts_at <= now or meeting.status != Meeting.Status.PLANNED:
        raise NotNeededError("The meeting has begun.")
    if attendance.plan == Attendance.Plan.NOT_THIS_TIME:
        raise NotNeededError("The partner said not this time.")
    if partner.status == Partner.Status.LEFT:
        raise NotNeededError("The partner has left the programme.")
    if not partner.email:
        raise NotNeededError("The partner has no e-mail address any more.")
    return _words(attendance, now)


def _invitation_is_open_still(message: Message, now: datetime) -> Words:
    if not message.link:
        raise NotNeededError("The invitation is no longer open.")
    return Words(message.subject, message.body, message.to_address)


_CHECKS: dict[str, Callable[[Message, datetime], Words]] = {
    Reminder.Rule.MEETING_TOMORROW: _meeting_is_tomorrow_still,
    "invitation": _invitation_is_open_still,
}


def _words(attendance: Attendance, now: datetime) -> Words:
    meeting, partner = attendance.meeting, attendance.partner
    group = meeting.work_group
    away = (timezone.localdate(meeting.starts_at) - timezone.localdate(now)).days
    day = "today" if away <= 0 else "tomorrow"
    said = meeting.title or group.called
    body = [
        f"Hello {partner.called},",
        f"{said[:1].upper()}{said[1:]} is {day}, {meeting.when}.",
    ]
    if meeting.place and meeting.join_link:
        body.append(f"Where: {meeting.place}, or online. The link is on the page of the meeting.")
    elif meeting.place:
        body.append(f"Where: {meeting.place}.")
    elif meeting.join_link:
        body.append("It is online. The link is on the page of the meeting.")
    if meeting.asks:
        body.append(f"What it asks of you: {meeting.asks}")
    if meeting.preparation_minutes:
        body.append(f"Allow about {minutes(meeting.preparation_minutes)} to prepare.")
    whom = ", ".join(part for part in (group.lead_name, group.contact_phone) if part)
    ring = f" or ring {whom}" if whom else ""
    body.append(
        f"If you cannot come, tell us on the page of the meeting{ring}."
        if attendance.plan != Attendance.Plan.UNANSWERED
        else f"Please tell us on the page of the meeting whether you can come{ring}."
    )
    return Words(
        subject=f"{day.capitalize()} at {clock(meeting.starts_at)}: {meeting}"[:150],
        body="\n\n".join(body),
        to_address=partner.email or "",
    )


def _london(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
