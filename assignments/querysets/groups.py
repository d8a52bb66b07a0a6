"""Who may see which work groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


_WORKING_ROLES = (
    "coordinator",
    "partner",
    "clinical_lead",
    "clinician",
    "peer_observer",
    "staff",
)


class WorkGroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> WorkGroupQuerySet:
        """Groups of the programmes one belongs to, but for finance."""
        return self.filter(programme__in=programmes_of(user, *_WORKING_ROLES))
