"""What whoever leads a group may see of its meetings."""

from typing import Any

from accounts.querysets import programmes_of
from assignments.models import Meeting, WorkGroup


def leads(user: Any, group: WorkGroup) -> bool:
    """They lead the group, and belong to its programme."""
    is_lead = group.lead_id is not None and group.lead_id == user.pk
    return is_lead and group.programme_id in programmes_of(user)


def organises(user: Any, meeting: Meeting) -> bool:
    """They lead its group; `MeetingQuerySet.organised_by` for one meeting in hand."""
    return leads(user, meeting.work_group)
