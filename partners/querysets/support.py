"""Who may see check-ins, checklists and concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery

from accounts.querysets import programmes_of
from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


ARRIVING = ("enquiry", "conversation", "checks", "induction")
PLACEABLE = ("induction", "active", "on_break")


class StagedQuerySet(models.QuerySet[Any]):
    """The part of a partner's queryset that is about stages and talks."""

    def placeable(self) -> Self:
        """Partners who may be given a place: not on their way in, nor on their way out."""
        return self.filter(status__in=PLACEABLE)

    def arriving(self) -> Self:
        """People on their way in, from a first enquiry to the induction."""
        return self.filter(status__in=ARRIVING)

    def with_stage_since(self) -> Self:
        """With `stage_since`: when they came to the stage they are at, where that is known."""
        return self.annotate(stage_since=Max("history__at"))

    def with_talk_due(self, today: date) -> Self:
        """Those, but who left, with whom a talk was last agreed for a day that has come.

        Found from the few talks that are due, not partner by partner.
        """
        talks = self.model._meta.get_field("check_ins").related_model._default_manager
        later = talks.filter(partner=OuterRef("partner")).filter(
            Q(happened_on__gt=OuterRef("happened_on"))
            | Q(happened_on=OuterRef("happened_on"), pk__gt=OuterRef("pk"))
        )
        due = talks.filter(~Exists(later), next_on__lte=today)
        return self.exclude(status="left").filter(pk__in=due.values("partner"))

    def with_talks(self) -> Self:
        """With the latest talk: `talked_on`, and `talk_due_on` if a next one was agreed."""
        talks = self.model._meta.get_field("check_ins").related_model._default_manager
        latest = talks.filter(partner=OuterRef("pk")).order_by("-happened_on", "-pk")
        return self.annotate(
            talked_on=Subquery(latest.values("happened_on")[:1]),
            talk_due_on=Subquery(latest.values("next_on")[:1]),
        )


class StageStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StageStepQuerySet:
        """Checklists of the programmes one coordinates."""
        return self.filter(programme__in=programmes_of(user, "coordinator"))

    def asked_on(self, day: date) -> StageStepQuerySet:
        """Lines that are still asked on `day`."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=day))


class CheckInQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CheckInQuerySet:
        """The shared part of them: the partner's own, and those of a programme one coordinates.

        `private` is for the author alone: ask `rules.may_read_private`.
        """
        return self.filter(own_or_coordinated(user))

    def shared(self) -> CheckInQuerySet:
        """Those with something for both to read, without what is the author's alone."""
        return self.exclude(shared="").defer("private")


class ConcernQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ConcernQuerySet:
        """Who raised it, and who hears it. Nobody else, coordinators included."""
        return self.filter(Q(raised_by=user) | self._falls_to(user))

    def heard_by(self, user: User) -> ConcernQuerySet:
        """Raised with this person; or with a lead who left, after whom this person is the lead."""
        return self.filter(self._falls_to(user))

    def open(self) -> ConcernQuerySet:
        """Not closed yet."""
        return self.exclude(status="closed")

    @staticmethod
    def _falls_to(user: User) -> Q:
        here = programmes_of(user)
        held = user.role_grants.model.objects.current().filter(
            user=OuterRef("lead"), user__is_active=True, programme=OuterRef("programme")
        )
        return Q(programme__in=here) & (
            Q(lead=user) | Q(~Exists(held), programme__concern_lead=user)
        )
