"""What may be done with meetings and answers."""

from datetime import datetime
from typing import Any

from accounts.rules import coordinates
from assignments.models import Attendance, Meeting
from partners.models import Partner


def may_answer(user: Any, attendance: Attendance) -> bool:
    """Whoever is down for the meeting answers for themselves."""
    return attendance.partner.user_id is not None and attendance.partner.user_id == user.pk


def may_arrange(user: Any, meeting: Meeting) -> bool:
    """Coordinators move, change and cancel a planned meeting."""
    return meeting.status == Meeting.Status.PLANNED and coordinates(user, meeting.programme_id)


def may_confirm(user: Any, meeting: Meeting, now: datetime) -> bool:
    """Coordinators confirm a planned meeting once it is over."""
    return may_arrange(user, meeting) and meeting.ends_at <= now


def answerable(attendance: Attendance, now: datetime) -> bool:
    """An answer may be given and changed until the meeting is over."""
    meeting = attendance.meeting
    return meeting.status == Meeting.Status.PLANNED and meeting.ends_at > now


def was_expected(attendance: Attendance) -> bool:
    """`AttendanceQuerySet.expected` for one row in hand; the partner is at hand."""
    if attendance.partner.status == Partner.Status.LEFT:
        return False
    if attendance.stands_in and attendance.plan == Attendance.Plan.UNANSWERED:
        return False
    return attendance.plan != Attendance.Plan.NOT_THIS_TIME


def may_correct(user: Any, meeting: Meeting) -> bool:
    """Coordinators put right who was there, once that was said."""
    return meeting.status != Meeting.Status.PLANNED and coordinates(user, meeting.programme_id)


def may_add_papers(user: Any, meeting: Meeting) -> bool:
    """Coordinators put papers to a meeting, and take them away, unless it is cancelled."""
    return meeting.status != Meeting.Status.CANCELLED and coordinates(user, meeting.programme_id)
