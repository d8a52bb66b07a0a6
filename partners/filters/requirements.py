"""Filters beside the next twelve months of what has to be in place."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Programme
from nhsuk.filters import NhsukFilterSet
from partners.models import Partner, RequirementRecord
from partners.rules.requirements import months_after
from partners.services.register import named

MOST_WORDS = 5


class YearFilter(NhsukFilterSet):
    """Partners by name, and by what they lack; `queryset` is everybody of one programme."""

    q = django_filters.CharFilter(label="Name or e-mail address", method="by_name")
    show = django_filters.ChoiceFilter(
        label="Show",
        choices=[
            ("nothing", "Nothing in place yet"),
            ("look", "Something to look at"),
            ("ending", "Something ends within twelve months, or has ended"),
        ],
        empty_label="Everybody",
        method="by_need",
    )

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: object,
        queryset: QuerySet[Partner],
        *,
        request: HttpRequest,
        programmes: list[Programme],
    ) -> None:
        super().__init__(data, queryset, request=request)
        if len(programmes) > 1:
            self.filters["programme"] = django_filters.ChoiceFilter(
                label="Programme",
                choices=[(str(one.pk), one.name) for one in programmes],
                empty_label=programmes[0].name,
            )

    def by_name(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(named(" ".join(value.split()[:MOST_WORDS])))

    def by_need(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        own = RequirementRecord.objects.filter(
            partner=OuterRef("pk"), requirement__retired_on__isnull=True
        )
        if value == "nothing":
            return rows.filter(~Exists(own.filter(status="approved")))
        if value == "look":
            return rows.filter(Exists(own.to_look_at()))
        return rows.filter(Exists(own.approved_last().filter(expires_on__lte=a_year_on())))


def a_year_on(today: date | None = None) -> Any:
    """The last day of the next twelve months."""
    return months_after(today or timezone.localdate(), 12)
