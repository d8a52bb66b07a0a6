"""Who may see which clinics, and who is invited to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


def is_one(user: User, at: str = "") -> Q:
    """The row is of `user`, as a partner or as a peer; `at` is the way to it."""
    return Q(**{f"{at}partner__user": user}) | Q(**{f"{at}person": user})


class ClinicSessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ClinicSessionQuerySet:
        """One's own clinics, those one is invited to observe, and a coordinator's programme's.

        Observers learn of a clinic once its clinician agreed, not before.
        """
        return self.filter(
            Q(programme__in=programmes_of(user, "coordinator"))
            | Q(clinician=user)
            | Q(pk__in=self._invited(user))
        )

    def _invited(self, user: User) -> Any:
        seats = self.model._meta.get_field("observers").related_model._default_manager
        return seats.of(user).told().values("session")

    def of_clinician(self, user: User) -> ClinicSessionQuerySet:
        """One's own clinics."""
        return self.filter(clinician=user)

    def to_observe(self, user: User) -> ClinicSessionQuerySet:
        """Those that one is invited to observe."""
        return self.filter(pk__in=self._invited(user))

    def coming(self, today: date) -> ClinicSessionQuerySet:
        """Today's and later ones that are still meant to be."""
        return self.filter(day__gte=today, status__in=["asked", "agreed"])

    def with_sides(self) -> ClinicSessionQuerySet:
        """With `has_partner` and `has_peer`: somebody of that side is invited or coming."""
        seats = self.model._meta.get_field("observers").related_model._default_manager
        here = seats.standing().filter(session=OuterRef("pk"))
        found: ClinicSessionQuerySet = self.annotate(
            has_partner=Exists(here.filter(partner__isnull=False)),
            has_peer=Exists(here.filter(person__isnull=False)),
        )
        return found

    def lacking(self) -> ClinicSessionQuerySet:
        """Those that lack a partner or a peer: nobody of that side is invited or coming."""
        return self.with_sides().exclude(has_partner=True, has_peer=True)

    def unanswered(self, today: date) -> ClinicSessionQuerySet:
        """Those of today and later that wait for their clinician."""
        return self.filter(status="asked", day__gte=today)


class ObserverQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ObserverQuerySet:
        """Who observes a clinic that one may see."""
        sessions = self.model._meta.get_field("session").related_model._default_manager
        return self.filter(session__in=sessions.visible_to(user))

    def of(self, user: User) -> ObserverQuerySet:
        """One's own invitations that stand."""
        return self.filter(is_one(user), ended_at__isnull=True)

    def told(self) -> ObserverQuerySet:
        """Those of clinics that observers know of: the clinician agreed, whatever came after."""
        session = self.model._meta.get_field("session").related_model
        history = session._meta.get_field("history").related_model._default_manager
        agreed = history.filter(subject=OuterRef("session"), to_status="agreed")
        return self.filter(Q(session__status__in=["agreed", "held"]) | Exists(agreed))

    def standing(self) -> ObserverQuerySet:
        """Invited, and neither declined nor taken back."""
        return self.filter(ended_at__isnull=True).exclude(answer="no")


class ConsultationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ConsultationQuerySet:
        """Those of a clinic that one observes or coordinates."""
        seats = self.model._meta.get_field("session").related_model._meta.get_field("observers")
        mine = seats.related_model._default_manager.filter(is_one(user), ended_at__isnull=True)
        return self.filter(
            Q(session__in=mine.values("session"))
            | Q(session__programme__in=programmes_of(user, "coordinator"))
        )


class DebriefQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> DebriefQuerySet:
        """One's own; coordinators know who would like to talk, and read no note."""
        return self.filter(
            is_one(user, "observer__")
            | Q(
                observer__session__programme__in=programmes_of(user, "coordinator"),
                wants_talk=True,
            )
        )

    def to_talk(self) -> DebriefQuerySet:
        """Who would like to talk, and nobody has yet."""
        return self.filter(wants_talk=True, talked_at__isnull=True)


class SelfRatingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> SelfRatingQuerySet:
        """One's own."""
        return self.filter(session__clinician=user)
