"""Who may see which places."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class AssignmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """One's own places, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(work_group__programme__in=programmes_of(user, "coordinator"))
        )

    def of(self, user: User) -> AssignmentQuerySet:
        """The places of this person's own sign-in."""
        return self.filter(partner__user=user)

    def on(self, day: date) -> AssignmentQuerySet:
        """Places held on `day`, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
