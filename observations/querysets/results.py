"""Who may see which results: the clinician first, the lead what is released, and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


def teams_led(user: Any) -> set[int]:
    """Ids of the teams whose clinical lead somebody is."""
    return {
        grant.team_id
        for grant in getattr(user, "grants", [])
        if grant.role == "clinical_lead" and grant.team_id is not None
    }


class CountedQuerySet(models.QuerySet[Any]):
    """Figures: of a clinician (theirs), of a team, of a programme."""

    def visible_to(self, user: User) -> CountedQuerySet:
        """One's own; of teams, those one leads or whose programme one coordinates; of programmes,
        the coordinators'. What of a group may be shown is a matter of its numbers besides."""
        coordinated = programmes_of(user, "coordinator")
        group = Q(clinician__isnull=True)
        return self.filter(
            Q(clinician=user)
            | (group & Q(team__in=teams_led(user)))
            | (group & Q(programme__in=coordinated))
        )


class TallyQuerySet(CountedQuerySet):
    """The sheets of one side."""


class PairTallyQuerySet(CountedQuerySet):
    """Partner against peer."""


class ObserverTallyQuerySet(CountedQuerySet):
    """What one observer rated."""


class ReflectionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ReflectionQuerySet:
        """One's own, and what a clinician of a team one leads has released."""
        return self.filter(Q(clinician=user) | (Q(team__in=teams_led(user)) & ~Q(status="private")))

    def released(self) -> ReflectionQuerySet:
        """Those that the lead may read."""
        return self.exclude(status="private")

    def ever_released(self) -> ReflectionQuerySet:
        """Those that a lead may have read, though they were taken back."""
        history = self.model._meta.get_field("history").related_model._default_manager
        was = history.filter(subject=OuterRef("pk"), to_status="released")
        return self.filter(~Q(status="private") | Exists(was))


class AppraisalPdfQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AppraisalPdfQuerySet:
        """One's own."""
        return self.filter(reflection__clinician=user)


class ObservationSettingsQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ObservationSettingsQuerySet:
        """The coordinators'."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))
