"""Who may see what became of what partners raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.expertise import staffed

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


class ImpactQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ImpactQuerySet:
        """Coordinators and staff of the programme; its owner; whose contributions it came from."""
        mine = self.model.objects.filter(contributions__partner__user=user).values("pk")
        owned = Q(owner=user, programme__in=programmes_of(user))
        return self.filter(Q(programme__in=staffed(user)) | owned | Q(pk__in=mine))

    def of(self, partner: Partner) -> ImpactQuerySet:
        """What came from the work of `partner`."""
        return self.filter(
            pk__in=self.model.objects.filter(contributions__partner=partner).values("pk")
        )

    def of_user(self, user: User) -> ImpactQuerySet:
        """What came from somebody's own work as a partner."""
        return self.filter(
            pk__in=self.model.objects.filter(contributions__partner__user=user).values("pk")
        )

    def asks(self) -> ImpactQuerySet:
        """Those that asked for something to change: the honest denominator."""
        return self.filter(is_ask=True)

    def unanswered(self) -> ImpactQuerySet:
        """Heard, and no answer yet."""
        return self.filter(status="heard")

    def to_follow(self, user: User) -> ImpactQuerySet:
        """What `user`, who is staff, said yes to and is not looked at again yet."""
        mine = self.filter(owner=user, programme__in=staffed(user))
        return mine.filter(status__in=["accepted", "adapted", "planned", "made"])
