"""Minimal rows of the pathway, of learning, and of what has to be in place."""

from datetime import timedelta
from typing import Any

from accounts.models import Programme
from partners.models import LearningItem, LearningSession, PathwayRole, Requirement
from partners.services import learning
from partners.tests.factories import NOW


def role(programme: Programme, name: str = "Mentor", **values: Any) -> PathwayRole:
    """A role of the pathway."""
    return PathwayRole.objects.create(programme=programme, name=name, **values)


def item(programme: Programme, title: str = "Telling your story", **values: Any) -> LearningItem:
    """Something to learn."""
    return LearningItem.objects.create(
        **{"programme": programme, "title": title, "kind": "core", "minutes": 60, **values}
    )


def session(programme: Programme, *, places: int = 1, days: int = 7) -> LearningSession:
    """A date `days` from now, two hours long."""
    starts_at = NOW + timedelta(days=days)
    return learning.plan_session(
        item=item(programme),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        places=places,
        by=None,
        now=NOW,
        place="Room 1",
    )


def requirement(programme: Programme, name: str = "Safeguarding", **values: Any) -> Requirement:
    """Something that has to be in place."""
    return Requirement.objects.create(
        **{"programme": programme, "name": name, "kind": "training", **values}
    )
