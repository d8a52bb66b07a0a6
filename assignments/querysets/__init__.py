"""Who may see which rows of this app, and the programme's own words for subsets of them."""

from assignments.querysets.groups import WorkGroupQuerySet
from assignments.querysets.meetings import AttendanceQuerySet, MeetingQuerySet
from assignments.querysets.places import AssignmentQuerySet

__all__ = [
    "AssignmentQuerySet",
    "AttendanceQuerySet",
    "MeetingQuerySet",
    "WorkGroupQuerySet",
]
