"""What may be done with answers whether needs were met: predicates without HTTP."""

from datetime import datetime, timedelta
from typing import Any

from accounts.rules import coordinates
from assignments.models import Attendance, NeedsAnswer

ASKED_FOR = timedelta(days=30)
CHANGEABLE_FOR = timedelta(days=30)
WAS_THERE = frozenset({Attendance.Outcome.THERE, Attendance.Outcome.PART})


def was_there(attendance: Attendance) -> bool:
    """It was said that they were there, for all of it or for part."""
    return attendance.outcome in WAS_THERE


def may_say(user: Any, attendance: Attendance, given: NeedsAnswer | None, now: datetime) -> bool:
    """Whoever was there says once, and for 30 days otherwise; `given` is what they said."""
    is_theirs = attendance.partner.user_id is not None and attendance.partner.user_id == user.pk
    return is_theirs and was_there(attendance) and may_change(given, now)


def may_change(given: NeedsAnswer | None, now: datetime) -> bool:
    """An answer may be changed for 30 days; before there is one, it may be given."""
    return given is None or now < given.answered_at + CHANGEABLE_FOR


def may_see_to(user: Any, given: NeedsAnswer) -> bool:
    """Coordinators say what was done about it, but not about their own."""
    attendance = given.attendance
    return attendance.partner.user_id != user.pk and coordinates(
        user, attendance.meeting.programme_id
    )
