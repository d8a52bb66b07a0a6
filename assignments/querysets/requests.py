"""Who may see which requests, opportunities and answers to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


class RequestQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RequestQuerySet:
        """What one asked for or proposed, and those of a programme one coordinates."""
        return self.filter(
            Q(asked_by=user)
            | Q(proposed_by__user=user)
            | Q(programme__in=programmes_of(user, "coordinator"))
        )

    def of(self, user: User) -> RequestQuerySet:
        """What one asked for or proposed oneself."""
        return self.filter(Q(asked_by=user) | Q(proposed_by__user=user))

    def waiting(self) -> RequestQuerySet:
        """Neither published nor answered."""
        return self.filter(status__in=["asked", "looked_at"])


class OpportunityQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> OpportunityQuerySet:
        """Those one is asked about or has a part in, and those of a programme one coordinates.

        A partner sees what is open to all partners of the programme, what they were chosen for,
        and what they answered or were offered, open or not.
        """
        asked = Q(audience="all", status="open", programme__in=programmes_of(user, "partner"))
        return self.filter(
            Q(programme__in=programmes_of(user, "coordinator"))
            | Q(request__asked_by=user)
            | asked
            | Q(pk__in=self._answered_by(user))
        )

    def _answered_by(self, user: User) -> Any:
        found = None
        for relation in ("invites", "interests", "offers"):
            related = self.model._meta.get_field(relation).related_model
            mine = related._default_manager.filter(partner__user=user).values("opportunity")
            found = mine if found is None else found.union(mine)
        return found

    def asking(self, partner: Partner) -> OpportunityQuerySet:
        """Those that ask `partner`, open or not: all partners, or them in person."""
        mine = {
            name: self.model._meta.get_field(name)
            .related_model._default_manager.filter(partner=partner)
            .values("opportunity")
            for name in ("invites", "interests", "offers")
        }
        return self.filter(
            Q(audience="all") | Q(pk__in=mine["invites"].union(mine["interests"], mine["offers"])),
            programme=partner.programme_id,
        )

    def past_their_day(self, today: date) -> OpportunityQuerySet:
        """Open still, though the last day to answer is over."""
        return self.filter(status="open", closes_on__lt=today)

    def open(self, today: date) -> OpportunityQuerySet:
        """Those that can still be answered."""
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), status="open")


class InviteQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> InviteQuerySet:
        """One's own, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(opportunity__programme__in=programmes_of(user, "coordinator"))
        )


class InterestQuerySet(InviteQuerySet):
    """Answers of partners: whoever asked for partners does not see who said no."""
