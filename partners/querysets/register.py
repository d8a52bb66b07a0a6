"""Who may see which partners, and the imports of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.support import StagedQuerySet

if TYPE_CHECKING:
    from accounts.models import Programme, User
    from partners.models import Partner


class PartnerQuerySet(StagedQuerySet):
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


class RegisterImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RegisterImportQuerySet:
        """Imports of the programmes one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))

    def unfinished(self) -> RegisterImportQuerySet:
        """Neither brought in nor let go: their rows are still kept."""
        return self.filter(status__in=["read", "mapped"])
