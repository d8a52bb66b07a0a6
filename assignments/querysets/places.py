"""Who may see which places."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

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

    def handed_over_to(self, place: Any) -> AssignmentQuerySet:
        """The ended places of the group whose notes are for `place`: it was taken next after them.

        Somebody who stands in takes no place, and nobody hands over to themselves.
        """
        after = self.model._default_manager.filter(
            work_group=OuterRef("work_group"), starts_on__gte=OuterRef("ends_on"), stands_in=False
        ).exclude(partner=OuterRef("partner"))
        noted = self.filter(work_group=place.work_group_id, status="ended").exclude(handover="")
        found: AssignmentQuerySet = (
            noted.alias(taken_by=Subquery(after.order_by("starts_on", "pk").values("pk")[:1]))
            .filter(taken_by=place.pk)
            .order_by("-ends_on", "-pk")
        )
        return found
