"""Who may see contributions, and what partners tell of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.expertise import shared_with
from workflow.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


class ContributionQuerySet(SealedQuerySet):
    def visible_to(self, user: User) -> ContributionQuerySet:
        """One's own, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(programme__in=programmes_of(user, "coordinator"))
        )

    def of(self, partner: Partner) -> ContributionQuerySet:
        """One partner's."""
        return self.filter(partner=partner)

    def standing(self) -> ContributionQuerySet:
        """All but the withdrawn."""
        return self.exclude(status="withdrawn")

    def to_confirm(self) -> ContributionQuerySet:
        """Recorded, and waiting for somebody to confirm them."""
        return self.filter(status="recorded")

    def claimable(self) -> ContributionQuerySet:
        """Confirmed, payable, and on no live claim line."""
        return self.filter(status="confirmed", payable=True, claimed_at__isnull=True)

    def between(self, first: date, last: date) -> ContributionQuerySet:
        """Work done from `first` to `last`, both included."""
        return self.filter(happened_on__gte=first, happened_on__lte=last)


def told_to(user: User, way: str, visibility: str) -> Q:
    """What is told of contributions: one's own, and what is shared of those that stand.

    `way` leads from the row to the contribution, `visibility` to that of its entry.
    """
    shared = shared_with(user, partner=f"{way}__partner", visibility=visibility)
    own = Q(**{f"{way}__partner__user": user})
    return own | (shared & ~Q(**{f"{way}__status": "withdrawn"}))


class PortfolioEntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PortfolioEntryQuerySet:
        """One's own, and those shared with oneself."""
        return self.filter(told_to(user, "contribution", "visibility"))


class EvidenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> EvidenceQuerySet:
        """Evidence of one's own entries, and of those shared with oneself."""
        return self.filter(told_to(user, "entry__contribution", "entry__visibility"))


class ThankYouQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ThankYouQuerySet:
        """One's own; what a partner shows, with the entry that it belongs to."""
        shared = told_to(user, "contribution", "contribution__entry__visibility")
        own = Q(contribution__partner__user=user)
        return self.filter(own | (Q(shown_at__isnull=False) & shared))


class PortfolioPdfQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PortfolioPdfQuerySet:
        """One's own."""
        return self.filter(partner__user=user)
