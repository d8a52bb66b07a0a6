"""Calendars: a feed of what somebody is down for, and the entry that goes with a message.

RFC 5545, with the UID of a meeting the same for ever, so that a calendar changes the entry it has
instead of adding another. Titles say which group meets and nothing else; how to join stands on the
meeting's page behind the sign-in, for calendars are kept by third parties and looked at by others.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Calendar, Event, Timezone, vDuration

from accounts.models import User
from assignments.models import Attendance, CalendarFeed, Meeting

PAST_SHOWN = timedelta(days=92)
MOST_SHOWN = 1000
_SALT = "assignments.calendar"
_MAKER = "-//PCP Portal//Diary//EN"
_HOUR = timedelta(hours=1)
# Summer time as it has been since 1996 (The Summer Time Order 2002, as Directive 2000/84/EC):
# by rule, which every calendar program reads; a list of all days since 1970 some do not.
_LONDON = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


@transaction.atomic
def open_feed(*, user: User, by: User, now: datetime) -> CalendarFeed:
    """The feed of `user`, made if there is none; several at once make one."""
    del by  # the audit says who
    feed, _ = CalendarFeed.objects.get_or_create(
        user=user, defaults={"nonce": _new_nonce(), "made_at": now}
    )
    return feed


@transaction.atomic
def renew(*, user: User, by: User, now: datetime) -> CalendarFeed:
    """Give the feed another address; the old one answers to nobody any more."""
    del by  # the audit says who
    feed, _ = CalendarFeed.objects.update_or_create(
        user=user, defaults={"nonce": _new_nonce(), "made_at": now}
    )
    return feed


@transaction.atomic
def close(*, user: User, by: User, now: datetime) -> bool:
    """Close the feed; True when there was one."""
    del by, now  # the audit says who and when
    deleted, _ = CalendarFeed.objects.filter(user=user).delete()
    return bool(deleted)


def address_of(feed: CalendarFeed) -> str:
    """The whole secret address of a feed."""
    path = reverse("assignments:feed", kwargs={"pk": feed.pk, "token": _token(feed)})
    return urljoin(settings.SITE_URL, path)


def opened(*, pk: int, token: str) -> CalendarFeed | None:
    """The feed that this address opens, of somebody who may still sign in; else None."""
    feed = CalendarFeed.objects.select_related("user").filter(pk=pk, user__is_active=True).first()
    # Compared even where there is no feed: how long it takes must not tell.
    wanted = _token(feed) if feed else "-" * len(token)
    return feed if constant_time_compare(token, wanted) else None


def state_of(feed: CalendarFeed, now: datetime) -> str:
    """Changes whenever what the feed would say changes, and each day: what an ETag is made of."""
    mine = _attendances(feed.user, now).aggregate(
        Count("pk"), Sum("pk"), Max("meeting__changed_at"), Max("planned_at")
    )
    led = _led(feed.user, now).aggregate(Count("pk"), Sum("pk"), Max("changed_at"))
    told = [feed.nonce, timezone.localdate(now), settings.SITE_URL, *mine.values(), *led.values()]
    return salted_hmac(_SALT, "|".join(map(str, told))).hexdigest()[:32]


def feed_of(feed: CalendarFeed, now: datetime) -> bytes:
    """The feed as text/calendar: from three months ago on, cancelled meetings among them.

    Asks the database twice, however many meetings there are.
    """
    rows = _attendances(feed.user, now).select_related("meeting__work_group")
    meetings = {row.meeting_id: row.meeting for row in rows[:MOST_SHOWN]}
    for meeting in _led(feed.user, now).select_related("work_group")[:MOST_SHOWN]:
        meetings.setdefault(meeting.pk, meeting)
    ordered = sorted(meetings.values(), key=lambda one: (one.starts_at, one.pk))
    calendar = _calendar(ordered)
    calendar.add("name", "My diary")
    calendar.add("x-wr-calname", "My diary")
    calendar.add("refresh-interval", vDuration(_HOUR), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_HOUR))
    return bytes(calendar.to_ical())


def entry(meetings: Iterable[Meeting], *, page: str = "", off: bool = False) -> str:
    """Calendar entries of these meetings, to go with a message; empty for none.

    Each has its `work_group` at hand. `page` is the path to read more at, instead of the page of a
    meeting, which wants a sign-in. `off`: whoever reads it is not to come any more, so that their
    calendar takes them out.
    """
    found = list(meetings)
    return _calendar(found, page, off=off).to_ical().decode() if found else ""


def _new_nonce() -> str:
    return secrets.token_hex(16)


def _token(feed: CalendarFeed) -> str:
    return salted_hmac(_SALT, feed.nonce).hexdigest()[:40]


def _attendances(user: User, now: datetime) -> QuerySet[Attendance]:
    """What they are down for and did not say no to; a cancelled meeting so that it is taken out."""
    return (
        Attendance.objects.of(user)
        .filter(meeting__ends_at__gte=now - PAST_SHOWN)
        .expected()
        .order_by("meeting__starts_at", "pk")
    )


def _led(user: User, now: datetime) -> QuerySet[Meeting]:
    return (
        Meeting.objects.visible_to(user)
        .organised_by(user)
        .filter(ends_at__gte=now - PAST_SHOWN)
        .order_by("starts_at", "pk")
    )


def _calendar(meetings: Sequence[Meeting], page: str = "", *, off: bool = False) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_ical(_LONDON.replace("\n", "\r\n")))
    for meeting in meetings:
        calendar.add_component(_event(meeting, page, off=off))
    return calendar


def _event(meeting: Meeting, read_at: str = "", *, off: bool = False) -> Event:
    event = Event()
    page = urljoin(settings.SITE_URL, read_at or reverse("assignments:meeting", args=[meeting.pk]))
    said = "More about it" if read_at else "What it asks of you, and how to join"
    values: dict[str, Any] = {
        "uid": f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}",
        "sequence": meeting.sequence,
        "dtstamp": meeting.changed_at,
        "last-modified": meeting.changed_at,
        "dtstart": timezone.localtime(meeting.starts_at),
        "dtend": timezone.localtime(meeting.ends_at),
        "summary": str(meeting),
        "description": f"{said}: {page}",
        "url": page,
        "class": "PRIVATE",
    }
    if meeting.place:
        values["location"] = meeting.place
    cancelled = off or meeting.status == Meeting.Status.CANCELLED
    values["status"] = "CANCELLED" if cancelled else "CONFIRMED"
    for name, value in values.items():
        event.add(name, value)
    return event
