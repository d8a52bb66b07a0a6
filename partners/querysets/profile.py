"""Who may see what a partner needs, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


def own_or_coordinated(user: User) -> Q:
    """Rows of one's own, and of the partners of a programme one coordinates."""
    return Q(partner__user=user) | Q(partner__programme__in=programmes_of(user, "coordinator"))


class NeedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> NeedQuerySet:
        """The partner and the coordinators; organisers ask for `to_do` of what is `shared`."""
        return self.filter(own_or_coordinated(user))

    def shared(self) -> NeedQuerySet:
        """Those of which an organiser may know what to do."""
        return self.filter(shared=True)


class PauseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PauseQuerySet:
        """The partner and the coordinators."""
        return self.filter(own_or_coordinated(user))


class EmergencyContactQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> EmergencyContactQuerySet:
        """The partner and the coordinators."""
        return self.filter(own_or_coordinated(user))
