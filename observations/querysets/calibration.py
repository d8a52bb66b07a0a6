"""Who may see practice recordings, and who is calibrated until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from observations.querysets.instruments import TAKE_PART
from observations.querysets.sessions import is_one

if TYPE_CHECKING:
    from accounts.models import User


class PracticeRecordingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PracticeRecordingQuerySet:
        """Those of the programmes one takes part in."""
        return self.filter(version__instrument__programme__in=programmes_of(user, *TAKE_PART))

    def current(self) -> PracticeRecordingQuerySet:
        """Those that people still practise on."""
        return self.filter(retired_at__isnull=True)


class PracticeRatingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PracticeRatingQuerySet:
        """One's own, and those of a programme one coordinates."""
        programmes = programmes_of(user, "coordinator")
        return self.filter(
            is_one(user) | Q(recording__version__instrument__programme__in=programmes)
        )

    def of(self, user: User) -> PracticeRatingQuerySet:
        """One's own."""
        return self.filter(is_one(user))


class CalibrationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CalibrationQuerySet:
        """One's own, and those of a programme one coordinates."""
        programmes = programmes_of(user, "coordinator")
        return self.filter(is_one(user) | Q(version__instrument__programme__in=programmes))

    def of(self, user: User) -> CalibrationQuerySet:
        """One's own."""
        return self.filter(is_one(user))

    def standing(self, day: date) -> CalibrationQuerySet:
        """Those that hold on `day`."""
        return self.filter(from_on__lte=day, until_on__gte=day, ended_at__isnull=True)
