"""Filters beside the portfolio."""

import django_filters
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from nhsuk.filters import NhsukFilterSet
from partners.models import Contribution
from partners.models.contribution import Kind

GROUPS_LISTED = 30


class PortfolioFilter(NhsukFilterSet):
    """A partner's work of one kind, one group or one year; `queryset` is all of it.

    A group is known by what its meetings are called: their own pages stand above this app.
    """

    kind = django_filters.ChoiceFilter(
        label="Kind of work", choices=Kind.choices, empty_label="Every kind"
    )
    group = django_filters.ChoiceFilter(
        label="Group or meeting", field_name="title", empty_label="Every group"
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
        groups = (
            queryset.exclude(source_path="")
            .order_by()
            .values_list("title", flat=True)
            .annotate(times=Count("pk"))
            .order_by("-times", "title")[:GROUPS_LISTED]
        )
        titles = sorted(groups, key=str.casefold)
        self.filters["group"].extra["choices"] = [(title, title) for title in titles]
        if not titles:
            del self.filters["group"]
