"""Who may see which declared conflicts, and whom they part."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class DeclaredConflictQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> DeclaredConflictQuerySet:
        """What is declared for oneself, and those of a programme one coordinates.

        Never what is declared against oneself, whatever role one holds.
        """
        others = self.exclude(Q(with_partner__user=user) | Q(with_person=user))
        coordinated = others.filter(programme__in=programmes_of(user, "coordinator"))
        return self.filter(
            Q(pk__in=self.of(user).values("pk")) | Q(pk__in=coordinated.values("pk"))
        )

    def of(self, user: User) -> DeclaredConflictQuerySet:
        """Those that are declared for this person, by themselves or by a coordinator."""
        return self.filter(Q(partner__user=user) | Q(person=user))

    def standing(self) -> DeclaredConflictQuerySet:
        """Declared, and not taken back."""
        return self.filter(ended_at__isnull=True)

    def about(
        self,
        *,
        partners: Collection[int] = (),
        people: Collection[int] = (),
        teams: Collection[int] = (),
    ) -> DeclaredConflictQuerySet:
        """Those in which one of these ids stands on either side."""
        return self.filter(
            Q(partner__in=partners)
            | Q(with_partner__in=partners)
            | Q(person__in=people)
            | Q(with_person__in=people)
            | Q(with_team__in=teams)
        )
