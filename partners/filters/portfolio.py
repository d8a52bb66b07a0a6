"""Filters beside the portfolio."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from nhsuk.filters import NhsukFilterSet
from partners.models import Contribution
from partners.models.contribution import Kind


class PortfolioFilter(NhsukFilterSet):
    """A partner's work of one kind or one year; `queryset` is all of it."""

    kind = django_filters.ChoiceFilter(
        label="Kind of work", choices=Kind.choices, empty_label="Every kind"
    )
    year = django_filters.ChoiceFilter(
        label="Year", field_name="happened_on", lookup_expr="year", empty_label="Every year"
    )

    class Meta:
        model = Contribution
        fields: tuple[str, ...] = ()

    def __init__(
        self, data: object, queryset: QuerySet[Contribution], *, request: HttpRequest
    ) -> None:
        super().__init__(data, queryset, request=request)
        years = [day.year for day in queryset.dates("happened_on", "year", order="DESC")]
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]
