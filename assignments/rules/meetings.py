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
    """Neither said not this time nor left the programme; the partner is at hand."""
    return (
        attendance.plan != Attendance.Plan.NOT_THIS_TIME
        and attendance.partner.status != Partner.Status.LEFT
    )
