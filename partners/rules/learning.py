"""What somebody may do about learning: predicates without HTTP or database."""

from datetime import datetime
from typing import Any

from accounts.rules import coordinates
from partners.models import LearningItem, LearningPlace, LearningSession


def may_keep_learning(user: Any, item: LearningItem) -> bool:
    """Coordinators write what is learnt, and plan its sessions."""
    return coordinates(user, item.programme_id)


def is_ahead(session: LearningSession, now: datetime) -> bool:
    """Planned, and not begun: places may be booked and given back."""
    return session.status == LearningSession.Status.PLANNED and session.starts_at > now


def is_over(session: LearningSession, now: datetime) -> bool:
    """Planned, and over: somebody says who was there."""
    return session.status == LearningSession.Status.PLANNED and session.ends_at <= now


def holds_place(place: LearningPlace) -> bool:
    """Booked or waiting, so that there is something to give back."""
    return place.status in {LearningPlace.Status.BOOKED, LearningPlace.Status.WAITING}


def may_reflect_on_place(user: Any, place: LearningPlace) -> bool:
    """The partner alone, for ever."""
    return place.partner.user_id is not None and place.partner.user_id == user.pk
