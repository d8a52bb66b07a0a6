"""Who may see which reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class ReminderQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ReminderQuerySet:
        """One's own, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(programme__in=programmes_of(user, "coordinator"))
        )

    def standing(self) -> ReminderQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
