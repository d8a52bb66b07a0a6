"""Who may see the pathway, what is learnt on it, and what has to be in place."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q

from accounts.querysets import programmes_of
from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


class OfPartnerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> OfPartnerQuerySet:
        """The partner's own, and those of a programme one coordinates."""
        return self.filter(own_or_coordinated(user))


class RoleHeldQuerySet(OfPartnerQuerySet):
    def on(self, day: date) -> RoleHeldQuerySet:
        """Held on `day`, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class LearningPlaceQuerySet(OfPartnerQuerySet):
    def taken(self) -> LearningPlaceQuerySet:
        """Places that count against the number of places."""
        return self.filter(status__in=["booked", "attended", "missed"])

    def waiting(self) -> LearningPlaceQuerySet:
        """The waiting list, whoever asked first at its head; nobody who has left."""
        here = self.filter(status="waiting").exclude(partner__status="left")
        return here.order_by("asked_at", "pk")


class RequirementRecordQuerySet(OfPartnerQuerySet):
    def to_look_at(self) -> RequirementRecordQuerySet:
        """Shown by partners, and waiting for a coordinator."""
        return self.filter(status="shown")

    def approved_last(self) -> RequirementRecordQuerySet:
        """Of each partner and requirement the record approved last: the one that counts."""
        approved = self.model.objects.filter(status="approved")
        same = approved.filter(
            partner=OuterRef("partner"), requirement=OuterRef("requirement")
        ).filter(
            Q(approved_at__gt=OuterRef("approved_at"))
            | Q(approved_at=OuterRef("approved_at"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(same), status="approved")

    def ending(self, today: date) -> RequirementRecordQuerySet:
        """Those that count and have ended, or end within the days of warning; of who is here."""
        warned_from = ExpressionWrapper(
            F("expires_on") - F("requirement__warn_days"), output_field=DateField()
        )
        ending: RequirementRecordQuerySet = (
            self.approved_last()
            .alias(warned_from=warned_from)
            .filter(warned_from__lte=today, requirement__retired_on__isnull=True)
            .exclude(partner__status="left")
        )
        return ending


class PathwayRoleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PathwayRoleQuerySet:
        """Roles of the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))


class PathwayLinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PathwayLinkQuerySet:
        """Links of the programmes somebody belongs to."""
        return self.filter(from_role__programme__in=programmes_of(user))


class RoleSkillQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RoleSkillQuerySet:
        """Skills of the programmes somebody belongs to."""
        return self.filter(role__programme__in=programmes_of(user))


class LearningItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> LearningItemQuerySet:
        """What is learnt in the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))

    def current(self) -> LearningItemQuerySet:
        """All but the retired."""
        return self.filter(retired_on__isnull=True)


class LearningSessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> LearningSessionQuerySet:
        """Sessions of the programmes somebody belongs to."""
        return self.filter(item__programme__in=programmes_of(user))

    def to_record(self, now: datetime) -> LearningSessionQuerySet:
        """Over, and nobody has said who was there."""
        return self.filter(status="planned", ends_at__lte=now)


class RequirementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RequirementQuerySet:
        """Requirements of the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))

    def current(self) -> RequirementQuerySet:
        """All but the retired."""
        return self.filter(retired_on__isnull=True)


class AgreementTextQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AgreementTextQuerySet:
        """Agreements of the programmes somebody belongs to."""
        return self.filter(requirement__programme__in=programmes_of(user))
