"""Who may see what became of what partners raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from partners.querysets.expertise import staffed

if TYPE_CHECKING:
    from accounts.models import User


class ImpactQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ImpactQuerySet:
        """Coordinators and staff of the programme; its owner; whose contributions it came from."""
        mine = self.model.objects.filter(contributions__partner__user=user).values("pk")
        return self.filter(Q(programme__in=staffed(user)) | Q(owner=user) | Q(pk__in=mine))

    def asks(self) -> ImpactQuerySet:
        """Those that asked for something to change: the honest denominator."""
        return self.filter(is_ask=True)

    def unanswered(self) -> ImpactQuerySet:
        """Heard, and no answer yet."""
        return self.filter(status="heard")
