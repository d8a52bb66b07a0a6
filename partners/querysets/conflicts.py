"""Who may see which declared conflicts, and whom they part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

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

    def with_people(self) -> DeclaredConflictQuerySet:
        """With whom a row is of, by all that they are: partners as `one` and `other`, sign-ins as
        `one_user` and `other_user`. A sign-in that is a partner's of the programme is both."""
        partners = self.model._meta.get_field("partner").related_model._default_manager

        def partner_of(user: str) -> Any:
            mine = partners.filter(
                user=models.OuterRef(user), programme=models.OuterRef("programme")
            )
            return models.Subquery(mine.values("pk")[:1])

        found: DeclaredConflictQuerySet = self.annotate(
            one=Coalesce("partner", partner_of("person")),
            other=Coalesce("with_partner", partner_of("with_person")),
            one_user=Coalesce("person", "partner__user"),
            other_user=Coalesce("with_person", "with_partner__user"),
        )
        return found
