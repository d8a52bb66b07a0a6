"""Who may see practice recordings, and who is calibrated until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

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

    def to_practise(self) -> PracticeRecordingQuerySet:
        """Current ones of versions that clinics are planned with."""
        instrument = "version__instrument__"
        accepted = Q(**{f"{instrument}needs_acceptance": False}) | Q(
            **{f"{instrument}accepted_at__isnull": False}
        )
        return self.current().filter(accepted).exclude(version__status="retired")


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

    def newest(self) -> CalibrationQuerySet:
        """Of each observer and version the last that began."""
        later = self.model._default_manager.filter(
            Q(partner=OuterRef("partner")) | Q(person=OuterRef("person")),
            version=OuterRef("version"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(~Exists(later))

    def before_clinic(self, today: date) -> CalibrationQuerySet:
        """Those of observers who are invited to a clinic on a later day than the last of it."""
        sessions = self.model._meta.get_field("version").related_model._meta.get_field(
            "clinic_sessions"
        )
        seats = sessions.related_model._meta.get_field("observers").related_model._default_manager
        invited = seats.standing().filter(
            Q(partner=OuterRef("partner")) | Q(person=OuterRef("person")),
            session__version=OuterRef("version"),
            session__status__in=["asked", "agreed"],
            session__day__gte=today,
        )
        late = invited.filter(session__day__gt=OuterRef("until_on"))
        ended = Q(ended_at__isnull=False)
        return self.filter(Exists(late) | (ended & Exists(invited)))
