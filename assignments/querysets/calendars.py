"""Who may see which calendar feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class CalendarFeedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CalendarFeedQuerySet:
        """One's own."""
        return self.filter(user=user)
