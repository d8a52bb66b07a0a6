"""What may be done with the public page of an event, and with a registration on it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from accounts.rules import coordinates
from assignments.models import EventPage, Meeting, Registration

CONFIRM_WITHIN = timedelta(hours=48)
KEPT_AFTER = timedelta(days=31)


class Standing(StrEnum):
    """Whether somebody can register on a page, and if not, why."""

    OPEN = "open"
    CLOSED = "closed"
    BEGUN = "begun"
    OVER = "over"
    CANCELLED = "cancelled"


def standing(page: EventPage, now: datetime) -> Standing:
    """How `page` stands at `now`; its meeting is at hand."""
    meeting = page.meeting
    if meeting.status == Meeting.Status.CANCELLED:
        return Standing.CANCELLED
    if meeting.status == Meeting.Status.HELD or meeting.ends_at <= now:
        return Standing.OVER
    if meeting.starts_at <= now:
        return Standing.BEGUN
    if not page.is_open or (page.closes_at is not None and page.closes_at <= now):
        return Standing.CLOSED
    return Standing.OPEN


def is_ahead(meeting: Meeting, now: datetime) -> bool:
    """The event is still to come, so places are given and given back."""
    return meeting.status == Meeting.Status.PLANNED and meeting.starts_at > now


def has_lapsed(registration: Registration, now: datetime) -> bool:
    """Nobody confirmed it in time."""
    waits = registration.confirmed_at is None
    return waits and registration.registered_at <= now - CONFIRM_WITHIN


def kept_until(meeting: Meeting) -> date:
    """The day on which everything about who registered is deleted."""
    return timezone.localdate(meeting.ends_at + KEPT_AFTER)


def places_left(free: int) -> str:
    """How many places are left, in words; empty when none is."""
    if free > len(_NUMBERS):
        return "There are still places."
    if free == 1:
        return "One place is left."
    return f"{_NUMBERS[free - 1]} places are left." if free > 0 else ""


_NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def may_publish(user: Any, meeting: Meeting, now: datetime) -> bool:
    """Coordinators give a meeting that is still to come a public page."""
    return is_ahead(meeting, now) and coordinates(user, meeting.programme_id)


def may_look_after(user: Any, page: EventPage) -> bool:
    """Coordinators see who registered, and change the page."""
    return coordinates(user, page.meeting.programme_id)


def may_mark(user: Any, page: EventPage, now: datetime) -> bool:
    """Coordinators say who came, once it has begun."""
    meeting = page.meeting
    began = meeting.status != Meeting.Status.CANCELLED and meeting.starts_at <= now
    return began and may_look_after(user, page)


def may_thank(user: Any, page: EventPage, now: datetime) -> bool:
    """Coordinators thank everybody who came, once, when it is over."""
    over = standing(page, now) == Standing.OVER
    return over and page.thanked_at is None and may_look_after(user, page)
