"""Who may see which sheets: blind until both have submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import programmes_of
from observations.querysets.sessions import is_one

if TYPE_CHECKING:
    from accounts.models import User


class ObservationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ObservationQuerySet:
        """One's own, and a fellow observer's of the same consultation once both are submitted.

        Nobody else's marks are seen by anybody: clinicians and leads read results.
        """
        mine = self.model._default_manager.filter(
            is_one(user, "observer__"),
            observer__ended_at__isnull=True,
            consultation=OuterRef("consultation"),
            status="submitted",
        )
        return self.filter(
            Q(is_one(user, "observer__"), observer__ended_at__isnull=True)
            | (Q(status="submitted") & Exists(mine))
        )

    def of(self, user: User) -> ObservationQuerySet:
        """One's own sheets."""
        return self.filter(is_one(user, "observer__"), observer__ended_at__isnull=True)

    def submitted(self) -> ObservationQuerySet:
        """Those that count."""
        return self.filter(status="submitted")


class CommentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CommentQuerySet:
        """A coordinator's to read for names; the clinician's once they tell on nobody."""
        programmes = programmes_of(user, "coordinator")
        of_programmes = self.filter(observation__consultation__session__programme__in=programmes)
        return self.filter(
            Q(pk__in=of_programmes.to_read_by(user).values("pk"))
            | Q(observation__consultation__session__clinician=user, status="cleared")
        )

    def to_read_by(self, user: User) -> CommentQuerySet:
        """Those that somebody who reads for names may see: not of their own clinics, and not of a
        consultation that they are to rate themselves, until they have submitted their sheet."""
        sheets = self.model._meta.get_field("observation").related_model
        seats = sheets._meta.get_field("observer").related_model._default_manager
        rated = sheets._default_manager.of(user).submitted().values("consultation")
        blind = Q(
            observation__consultation__session__in=seats.of(user).standing().values("session")
        ) & ~Q(observation__consultation__in=rated)
        return self.exclude(observation__consultation__session__clinician=user).exclude(blind)

    def waiting(self) -> CommentQuerySet:
        """Nobody has read them yet."""
        return self.filter(status="waiting")


class ConsensusQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ConsensusQuerySet:
        """That of a consultation one has submitted a sheet of."""
        field = self.model._meta.get_field("consultation").related_model._meta.get_field(
            "observations"
        )
        mine = field.related_model._default_manager.of(user).submitted()
        return self.filter(consultation__in=mine.values("consultation"))
