"""What may be done with places."""

from typing import Any

from assignments.models import Assignment
from assignments.rules.groups import may_look_after


def may_end(user: Any, place: Assignment) -> bool:
    """Coordinators end a place that has not ended."""
    return place.status == Assignment.Status.CURRENT and may_look_after(user, place.work_group)


def may_thank(user: Any, place: Assignment) -> bool:
    """Coordinators thank for a place that has ended, once."""
    ended = place.status == Assignment.Status.ENDED and not place.thanks
    return ended and may_look_after(user, place.work_group)
