"""Who may see which offers, and which of them count."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class OfferQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> OfferQuerySet:
        """One's own, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(opportunity__programme__in=programmes_of(user, "coordinator"))
        )

    def of(self, user: User) -> OfferQuerySet:
        """What this person's own sign-in was offered."""
        return self.filter(partner__user=user)

    def live(self) -> OfferQuerySet:
        """Waiting, offered, accepted or standing in."""
        return self.filter(status__in=self.model.LIVE)

    def queue(self) -> OfferQuerySet:
        """The waiting list, the first first."""
        return self.filter(status="waiting").order_by("queued_at", "pk")

    def unanswered(self, today: date) -> OfferQuerySet:
        """Offered, and the day to answer by is over."""
        return self.filter(status="offered", answer_by__lt=today)


class SuggestionWeightsQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> SuggestionWeightsQuerySet:
        """Those of a programme one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))
