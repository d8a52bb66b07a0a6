"""Who may see which partners, expertise and contributions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from workflow.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import Programme, User
    from partners.models import Partner


class PartnerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PartnerQuerySet:
        """Oneself, and the partners of a programme one coordinates."""
        return self.filter(Q(user=user) | Q(programme__in=programmes_of(user, "coordinator")))

    def of(self, user: User) -> PartnerQuerySet:
        """The partner rows of this person's own sign-in."""
        return self.filter(user=user)

    def own(self, user: User, programme: Programme | None) -> Partner | None:
        """One's own partner row: of `programme`, whose pages are open, else the first.

        Only where one holds the partner's role: somebody who left a programme has no pages there.
        """
        takes_part = self.of(user).filter(programme__in=programmes_of(user, "partner"))
        found = list(takes_part.select_related("programme").order_by("pk"))
        here = (row for row in found if programme and row.programme_id == programme.pk)
        return next(here, found[0] if found else None)

    def active(self) -> PartnerQuerySet:
        """Partners who take part now."""
        return self.filter(status="active")


class ExpertiseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ExpertiseQuerySet:
        """One's own; what was shared with the coordinators or staff of one's programme."""
        anyone = programmes_of(user) - programmes_of(user, "partner", "finance")
        return self.filter(
            Q(partner__user=user)
            | Q(
                partner__programme__in=programmes_of(user, "coordinator"),
                visibility__in=["coordinators", "staff"],
            )
            | Q(partner__programme__in=anyone, visibility="staff")
        )


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


class RegisterImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RegisterImportQuerySet:
        """Imports of the programmes one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))

    def unfinished(self) -> RegisterImportQuerySet:
        """Neither brought in nor let go: their rows are still kept."""
        return self.filter(status__in=["read", "mapped"])
