"""Who may read which stories: as far as their owners allow, today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.expertise import staffed

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class StoryConsentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoryConsentQuerySet:
        """One's own, and those of the programmes one coordinates."""
        return self.filter(
            Q(story__partner__user=user)
            | Q(story__partner__programme__in=programmes_of(user, "coordinator"))
        )

    def standing(self, day: date) -> StoryConsentQuerySet:
        """Given, not taken back, and not run out on `day`, of stories that were not withdrawn."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day),
            withdrawn_at__isnull=True,
            story__withdrawn_at__isnull=True,
        )


class StoryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User, day: date) -> StoryQuerySet:
        """One's own; with any standing consent, coordinators; with the one for staff, staff.

        Asked anew on every request, so that a withdrawal holds from the next one on.
        """
        consents = self.model.consents.rel.related_model.objects.standing(day)
        coordinated = programmes_of(user, "coordinator")
        return self.filter(
            Q(partner__user=user)
            | Q(partner__programme__in=coordinated, pk__in=consents.values("story"))
            | Q(
                partner__programme__in=staffed(user),
                pk__in=consents.filter(use="staff").values("story"),
            )
        )


class StoryUseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoryUseQuerySet:
        """Uses of one's own story, and those in the programmes one coordinates."""
        return self.filter(
            Q(story__partner__user=user)
            | Q(story__partner__programme__in=programmes_of(user, "coordinator"))
        )
