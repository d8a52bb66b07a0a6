"""Who may see check-ins, checklists and concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


class StageStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StageStepQuerySet:
        """Checklists of the programmes one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))


class CheckInQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CheckInQuerySet:
        """The shared part of them: the partner's own, and those of a programme one coordinates.

        `private` is for the author alone: ask `rules.may_read_private`.
        """
        return self.filter(own_or_coordinated(user))


class ConcernQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ConcernQuerySet:
        """Who raised it, and the lead it was raised with. Nobody else, coordinators included."""
        return self.filter(Q(raised_by=user) | Q(lead=user))
