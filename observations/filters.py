"""Filters beside lists."""

from typing import Any

import django_filters
from django.db.models import Case, F, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Role, Team
from accounts.querysets import programmes_of
from nhsuk.filters import NhsukFilterSet
from nhsuk.forms import DateField, Look
from observations.models import ClinicSession


def by_day(rows: QuerySet[Any], at: str = "", *, latest_first: bool = False) -> QuerySet[Any]:
    """`rows` as clinics follow each other; `at` is the way to the clinic."""
    half = Case(
        When(**{f"{at}half": "am"}, then=Value(1)),
        When(**{f"{at}half": "pm"}, then=Value(2)),
        default=Value(3),
    )
    if latest_first:
        return rows.order_by(F(f"{at}day").desc(), half.desc(), "-pk")
    return rows.order_by(f"{at}day", half, "pk")


class _ComingOrPast(NhsukFilterSet):
    """What is coming, the next first; or what is past, the latest first."""

    way_to_clinic = ""

    when = django_filters.ChoiceFilter(
        label="Which", empty_label="Coming", choices=[("past", "Past")], method="past"
    )

    def past(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those of days before today."""
        at = self.way_to_clinic
        return by_day(rows.filter(**{f"{at}day__lt": timezone.localdate()}), at, latest_first=True)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("when"):
            return found
        at = self.way_to_clinic
        return by_day(found.filter(**{f"{at}day__gte": timezone.localdate()}), at)


class ToObserveFilter(_ComingOrPast):
    """An observer's clinics, by their invitations."""

    way_to_clinic = "session__"


class MyClinicsFilter(_ComingOrPast):
    """A clinician's own clinics."""


def _my_teams(request: HttpRequest) -> QuerySet[Team]:
    mine = programmes_of(request.user, Role.COORDINATOR)
    return Team.objects.visible_to(request.user).filter(programme__in=mine).order_by("name")


class _DayFilter(django_filters.Filter):
    field_class = DateField


class ClinicFilter(NhsukFilterSet):
    """The coordinators' clinics: of a team or a clinician, in a state, from a day to a day."""

    looks = {"clinician": Look(width=20, spellcheck=False)}

    team = django_filters.ModelChoiceFilter(
        label="Team", empty_label="All teams", queryset=_my_teams
    )
    clinician = django_filters.CharFilter(
        label="Clinician’s name", field_name="clinician__name", lookup_expr="icontains"
    )
    state = django_filters.ChoiceFilter(
        label="State",
        field_name="status",
        empty_label="Any",
        choices=[("lacking", "Lacks a partner or a peer"), *ClinicSession.Status.choices],
        method="by_state",
    )
    first = _DayFilter(label="From", field_name="day", lookup_expr="gte")
    last = _DayFilter(label="To", field_name="day", lookup_expr="lte")

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In this state, or ahead without a partner or a peer."""
        if value == "lacking":
            today = timezone.localdate()
            return rows.coming(today).lacking()  # type: ignore[attr-defined]
        return rows.filter(status=value)
