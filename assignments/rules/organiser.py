"""What whoever leads a group may see of its meetings."""

from typing import Any

from accounts.querysets import programmes_of
from assignments.models import Meeting


def organises(user: Any, meeting: Meeting) -> bool:
    """They lead its group, and belong to its programme; `MeetingQuerySet.organised_by` for one."""
    leads = meeting.work_group.lead_id is not None and meeting.work_group.lead_id == user.pk
    return leads and meeting.programme_id in programmes_of(user)
