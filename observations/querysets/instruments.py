"""Who may see which instruments, and what is said about drafts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import Team, User

# Whoever works with instruments: finance and staff with a need do not.
TAKE_PART = ("coordinator", "partner", "clinical_lead", "clinician", "peer_observer")


class InstrumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> InstrumentQuerySet:
        """Those of the programmes one takes part in."""
        return self.filter(programme__in=programmes_of(user, *TAKE_PART))

    def usable(self) -> InstrumentQuerySet:
        """Those whose terms are accepted, or ask for nothing."""
        return self.filter(Q(needs_acceptance=False) | Q(accepted_at__isnull=False))


class InstrumentVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> InstrumentVersionQuerySet:
        """Coordinators see every version; others those in use or asked about, and past ones."""
        seen = self.filter(
            ~Q(status="draft") | Q(comments_open=True),
            instrument__programme__in=programmes_of(user, *TAKE_PART),
        )
        mine = self.filter(instrument__programme__in=programmes_of(user, "coordinator"))
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=mine.values("pk")))

    def usable(self) -> InstrumentVersionQuerySet:
        """Those that a clinic can be planned with: not retired, and with their wording."""
        return self.filter(
            Q(instrument__needs_acceptance=False) | Q(instrument__accepted_at__isnull=False)
        ).exclude(status="retired")

    def held_in(self, team: Team) -> InstrumentVersionQuerySet:
        """Those that clinics of the team were held with."""
        sessions = self.model._meta.get_field("clinic_sessions").related_model._default_manager
        return self.filter(
            pk__in=sessions.filter(team=team, status="held").order_by().values("version")
        )


class PartOfVersionQuerySet(models.QuerySet[Any]):
    """Items, anchors and scales."""

    def visible_to(self, user: User) -> PartOfVersionQuerySet:
        """Those of the versions one may see."""
        versions = self.model._meta.get_field("version").related_model._default_manager
        return self.filter(version__in=versions.visible_to(user))


class CrosswalkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CrosswalkQuerySet:
        """Those between versions one may see."""
        return self.filter(
            scale__version__instrument__programme__in=programmes_of(user, *TAKE_PART)
        )


class ItemCommentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ItemCommentQuerySet:
        """What anybody said about a draft one may comment on, or coordinates."""
        versions = self.model._meta.get_field("version").related_model._default_manager
        return self.filter(version__in=versions.visible_to(user))
