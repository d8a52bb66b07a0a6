from assignments.models.groups import WorkGroup
from assignments.models.meetings import Attendance, Meeting, MeetingHistory
from assignments.models.places import Assignment, AssignmentHistory

__all__ = [
    "Assignment",
    "AssignmentHistory",
    "Attendance",
    "Meeting",
    "MeetingHistory",
    "WorkGroup",
]
