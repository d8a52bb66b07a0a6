"""Who may see which rates, claims, lines and runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from workflow.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


def _money_of(user: User, programme: str, partner: str) -> Q:
    """One's own, and those of a programme one coordinates or does the finances of."""
    return Q(**{f"{partner}__user": user}) | Q(
        **{f"{programme}__in": programmes_of(user, "coordinator", "finance")}
    )


class RateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RateQuerySet:
        """Rates of the programmes one is paid by, coordinates or does the finances of."""
        return self.filter(programme__in=programmes_of(user, "partner", "coordinator", "finance"))

    def on(self, day: date) -> RateQuerySet:
        """Rates in force on `day`, first and last day included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class PaymentChoiceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PaymentChoiceQuerySet:
        return self.filter(_money_of(user, "partner__programme", "partner"))


class ExpenseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ExpenseQuerySet:
        return self.filter(_money_of(user, "programme", "partner"))


class ClaimQuerySet(SealedQuerySet):
    def visible_to(self, user: User) -> ClaimQuerySet:
        """One's own; coordinators and finance see those that were sent."""
        return self.filter(
            Q(partner__user=user)
            | Q(
                ~Q(status="draft"),
                programme__in=programmes_of(user, "coordinator", "finance"),
            )
        )

    def of(self, partner: Partner) -> ClaimQuerySet:
        return self.filter(partner=partner)

    def waiting(self) -> ClaimQuerySet:
        """Sent, and waiting for a coordinator."""
        return self.filter(status="submitted")


class ClaimLineQuerySet(SealedQuerySet):
    def visible_to(self, user: User) -> ClaimLineQuerySet:
        return self.filter(_money_of(user, "claim__programme", "partner"))

    def live(self) -> ClaimLineQuerySet:
        """Lines that were not taken off their claim."""
        return self.filter(voided_at__isnull=True)

    def payable_in(self, month_end: date) -> ClaimLineQuerySet:
        """Approved lines in no run, for work done up to `month_end`."""
        return self.live().filter(
            run__isnull=True, claim__status="approved", happened_on__lte=month_end
        )


class PaymentRunQuerySet(SealedQuerySet):
    def visible_to(self, user: User) -> PaymentRunQuerySet:
        """Runs of the programmes one coordinates or does the finances of."""
        return self.filter(programme__in=programmes_of(user, "coordinator", "finance"))


class PaymentReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PaymentReportQuerySet:
        """Reports of the programmes one coordinates or does the finances of."""
        return self.filter(programme__in=programmes_of(user, "coordinator", "finance"))

    def to_build(self, dead_before: datetime) -> PaymentReportQuerySet:
        """Waiting, or left by a worker that has given no sign of life since `dead_before`."""
        return self.filter(
            Q(status="waiting") | Q(status="working", seen_at__lt=dead_before)
        ).order_by("asked_at", "pk")


class ReportFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ReportFileQuerySet:
        """Files of the programmes one coordinates or does the finances of."""
        return self.filter(report__programme__in=programmes_of(user, "coordinator", "finance"))
