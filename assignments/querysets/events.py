"""Who may see which event pages and registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class EventPageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> EventPageQuerySet:
        """For looking after them: those of a programme one coordinates."""
        return self.filter(meeting__programme__in=programmes_of(user, "coordinator"))


class RegistrationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RegistrationQuerySet:
        """Those for events of a programme one coordinates."""
        return self.filter(page__meeting__programme__in=programmes_of(user, "coordinator"))

    def coming(self) -> RegistrationQuerySet:
        """Confirmed, with a place."""
        return self.filter(seat__isnull=False)

    def queue(self) -> RegistrationQuerySet:
        """Confirmed, without a place: the first first."""
        return self.filter(
            confirmed_at__isnull=False, cancelled_at__isnull=True, seat__isnull=True
        ).order_by("confirmed_at", "pk")
