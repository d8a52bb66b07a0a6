"""Who may see which repeating meetings and papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class MeetingSeriesQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> MeetingSeriesQuerySet:
        """Those of a programme one coordinates."""
        return self.filter(work_group__programme__in=programmes_of(user, "coordinator"))


class PaperQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PaperQuerySet:
        """Papers of the meetings one may see."""
        meetings = self.model._meta.get_field("meeting").related_model
        return self.filter(meeting__in=meetings._default_manager.visible_to(user))
