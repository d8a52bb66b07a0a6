"""Who may see what a partner needs, and when."""

from __future__ import annotations

from datetime import date
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

    def to_review(self, today: date) -> NeedQuerySet:
        """Those whose day to be looked at again has come."""
        return self.filter(review_on__lte=today)


class PauseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PauseQuerySet:
        """The partner and the coordinators."""
        return self.filter(own_or_coordinated(user))

    def on(self, day: date) -> PauseQuerySet:
        """Those that take in `day`."""
        return self.filter(starts_on__lte=day).filter(self._not_over_before(day))

    def to_come(self, today: date) -> PauseQuerySet:
        """Those that go on or are still to come."""
        return self.filter(self._not_over_before(today))

    @staticmethod
    def _not_over_before(day: date) -> Q:
        return Q(ends_on__isnull=True) | Q(ends_on__gte=day)


class EmergencyContactQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> EmergencyContactQuerySet:
        """The partner and the coordinators."""
        return self.filter(own_or_coordinated(user))
