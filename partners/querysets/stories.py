"""Who may read which stories: as far as their owners allow, today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat

from accounts.querysets import programmes_of
from partners.querysets.expertise import staffed

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class StoryConsentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoryConsentQuerySet:
        """One's own, and those of the programmes one coordinates."""
        return self.filter(
            Q(story__partner__user=user)
            | Q(story__partner__programme__in=programmes_of(user, "coordinator"))
        )

    def allowed(self, day: date) -> StoryConsentQuerySet:
        """Given, not taken back, and not run out on `day`, of stories that were not withdrawn."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day),
            withdrawn_at__isnull=True,
            story__withdrawn_at__isnull=True,
        )

    def standing(self, day: date) -> StoryConsentQuerySet:
        """Those that are allowed, and open the story to others on `day`.

        Who leaves takes their stories along, but for those they donate.
        """
        return self.allowed(day).filter(
            ~Q(story__partner__status="left") | Q(story__donated_at__isnull=False)
        )

    def covering(self, day: date) -> StoryConsentQuerySet:
        """Those of the standing that were given by `day`: of a use that happened then."""
        return self.standing(day).filter(given_at__date__lte=day)


class StoryQuerySet(models.QuerySet[Any]):
    def _lent(self, day: date, **how: str) -> Exists:
        """A consent stands for the story on `day`."""
        consents = self.model.consents.rel.related_model.objects.standing(day)
        return Exists(consents.filter(story=OuterRef("pk"), **how))

    def allowed(self, day: date) -> StoryQuerySet:
        """Those of which their owner allows some use on `day`, whether they have left or not."""
        consents = self.model.consents.rel.related_model.objects.allowed(day)
        return self.filter(Exists(consents.filter(story=OuterRef("pk"))))

    def lent(self, day: date) -> StoryQuerySet:
        """Those of which some use is allowed on `day`."""
        return self.filter(self._lent(day))

    def visible_to(self, user: User, day: date) -> StoryQuerySet:
        """One's own; with any standing consent, coordinators; with the one for staff, staff.

        Asked anew on every request, so that a withdrawal holds from the next one on.
        """
        return self.filter(
            Q(partner__user=user)
            | (Q(partner__programme__in=programmes_of(user, "coordinator")) & self._lent(day))
            | (Q(partner__programme__in=staffed(user)) & self._lent(day, use="staff"))
        )

    def in_bank(self, user: User, day: date) -> StoryQuerySet:
        """Those that a coordinator may use for something on `day`; one's own need consent too."""
        return self.filter(
            self._lent(day), partner__programme__in=programmes_of(user, "coordinator")
        )

    def for_staff(self, user: User, day: date) -> StoryQuerySet:
        """Those that staff of the programme may read on `day`; one's own need consent too."""
        return self.filter(self._lent(day, use="staff"), partner__programme__in=staffed(user))

    def named(self) -> StoryQuerySet:
        """Those told under the name that its owner goes by, so that naming them gives none away."""
        first_name = Concat(F("credit"), Value(" "))
        return self.exclude(credit="").filter(
            Q(partner__name__iexact=F("credit"))
            | Q(partner__known_as__iexact=F("credit"))
            | Q(partner__name__istartswith=first_name)
        )


class StoryUseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoryUseQuerySet:
        """Uses of one's own story, and those in the programmes one coordinates."""
        return self.filter(
            Q(story__partner__user=user)
            | Q(story__partner__programme__in=programmes_of(user, "coordinator"))
        )


class StoryWithdrawalQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoryWithdrawalQuerySet:
        """Of one's own stories, and those in the programmes one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(partner__programme__in=programmes_of(user, "coordinator"))
        )
