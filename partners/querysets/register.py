"""Who may see which partners, and the imports of a register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

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

    def not_away_on(self, day: date) -> PartnerQuerySet:
        """Partners who did not say that they are away on `day`."""
        return self.exclude(pk__in=self._rows_of("pauses").on(day).values("partner"))

    def to_review(self, today: date) -> PartnerQuerySet:
        """Partners, but who left, with a need whose day to be looked at again has come."""
        due = self._rows_of("needs").to_review(today)
        return self.exclude(status="left").filter(pk__in=due.values("partner"))

    def with_needs_told(self, today: date) -> PartnerQuerySet:
        """With `needs_told`, how many needs there are, and `needs_due`, how many to look at."""
        needs = self._rows_of("needs").filter(partner=models.OuterRef("pk"))
        found: PartnerQuerySet = self.annotate(
            needs_told=_number(needs), needs_due=_number(needs.to_review(today))
        )
        return found

    def _rows_of(self, name: str) -> Any:
        """Rows of the model that points at partners under `name`."""
        return self.model._meta.get_field(name).related_model._default_manager.all()


def _number(rows: models.QuerySet[Any]) -> Any:
    """How many `rows`, as a column of another query."""
    counted = rows.order_by().values("partner").annotate(number=Count("pk")).values("number")
    return Coalesce(models.Subquery(counted), 0)


class RegisterImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RegisterImportQuerySet:
        """Imports of the programmes one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))

    def unfinished(self) -> RegisterImportQuerySet:
        """Neither brought in nor let go: their rows are still kept."""
        return self.filter(status__in=["read", "mapped"])
