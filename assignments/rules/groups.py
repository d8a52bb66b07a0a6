"""What may be done with work groups."""

from typing import Any

from accounts.rules import coordinates
from assignments.models import WorkGroup


def may_look_after(user: Any, group: WorkGroup) -> bool:
    """Coordinators of its programme change a group, place partners and plan its meetings."""
    return coordinates(user, group.programme_id)
