"""Who may see whether needs were met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class NeedsAnswerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> NeedsAnswerQuerySet:
        """One's own, and those of a programme one coordinates; not the organiser's."""
        return self.filter(
            Q(attendance__partner__user=user)
            | Q(attendance__meeting__programme__in=programmes_of(user, "coordinator"))
        )

    def not_met(self) -> NeedsAnswerQuerySet:
        """Partly or not met, and no coordinator has seen to it yet."""
        return self.exclude(answer="yes").filter(seen_at__isnull=True)


class PayRuleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PayRuleQuerySet:
        """Those of a programme one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))
