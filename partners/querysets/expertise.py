"""Who may see what partners say in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q, Value

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


class ThemeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ThemeQuerySet:
        """Themes of the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))


def staffed(user: User) -> set[int]:
    """Programmes in which somebody counts as staff: any role but a partner's and finance's."""
    return programmes_of(user) - programmes_of(user, "partner", "finance")


def shared_with(user: User, *, partner: str = "partner", visibility: str = "visibility") -> Q:
    """One's own; what was shared with the coordinators or staff of one's programme.

    `partner` and `visibility` are the ways from the row to the two. What somebody shared while
    they took part is shared no more once they have left.
    """
    to_coordinators = Q(
        **{
            f"{partner}__programme__in": programmes_of(user, "coordinator"),
            f"{visibility}__in": ["coordinators", "staff"],
        }
    )
    to_staff = Q(**{f"{partner}__programme__in": staffed(user), visibility: "staff"})
    here = ~Q(**{f"{partner}__status": "left"})
    return Q(**{f"{partner}__user": user}) | ((to_coordinators | to_staff) & here)


class OwnWordsQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> OwnWordsQuerySet:
        """One's own; what was shared with the coordinators or staff of one's programme."""
        return self.filter(shared_with(user))

    def shown(self) -> OwnWordsQuerySet:
        """As a page shows them: with the names of their themes, without what they are found by."""
        names = ArrayAgg(
            "themes__name",
            filter=Q(themes__isnull=False),
            default=Value([]),
            order_by="themes__name",
        )
        found: OwnWordsQuerySet = self.defer("search").annotate(theme_names=names)
        return found
