"""Filters beside lists."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Role, Team
from accounts.querysets import programmes_of
from assignments.models import Attendance, Interest, WorkGroup
from assignments.models.groups import Influence
from nhsuk.filters import NhsukFilterSet


def _my_groups(request: HttpRequest) -> QuerySet[WorkGroup]:
    mine = Attendance.objects.of(request.user).values("meeting__work_group")
    return WorkGroup.objects.visible_to(request.user).filter(pk__in=mine)


class DiaryFilter(NhsukFilterSet):
    """The diary of one group."""

    group = django_filters.ModelChoiceFilter(
        field_name="meeting__work_group",
        queryset=_my_groups,
        label="Group",
        empty_label="All groups",
    )


def _my_teams(request: HttpRequest) -> QuerySet[Team]:
    mine = programmes_of(request.user, Role.COORDINATOR)
    return Team.objects.visible_to(request.user).filter(programme__in=mine).order_by("name")


class CoverageFilter(NhsukFilterSet):
    """The coverage map of one kind of group, or of one team."""

    kind = django_filters.ChoiceFilter(
        label="Kind of group", empty_label="All kinds", choices=WorkGroup.Kind.choices
    )
    team = django_filters.ModelChoiceFilter(
        label="Team", empty_label="All teams", queryset=_my_teams
    )


class OpportunityFilter(NhsukFilterSet):
    """What partners could join: of one kind, with so much influence, answered or not.

    Needs `answered`, one's own answer. Without a choice: what is open now.
    """

    answered = django_filters.ChoiceFilter(
        label="Your answer",
        empty_label="Any, or none yet",
        choices=[("none", "None yet"), *Interest.Answer.choices],
        method="by_answer",
    )
    kind = django_filters.ChoiceFilter(
        label="Kind of work",
        field_name="work_group__kind",
        empty_label="All kinds",
        choices=WorkGroup.Kind.choices,
    )
    influence = django_filters.ChoiceFilter(
        label="How much influence", empty_label="Any", choices=Influence.choices
    )
    show = django_filters.ChoiceFilter(
        label="Show",
        empty_label="Open now",
        choices=[("over", "Over, or closed")],
        method="by_state",
    )

    def by_answer(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with this answer of one's own."""
        return rows.filter(answered=None if value == "none" else value)

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that take no answers any more."""
        return rows.exclude(pk__in=rows.open(timezone.localdate()).values("pk"))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("show"):
            return found
        return found.open(timezone.localdate())


class MeetingsLedFilter(NhsukFilterSet):
    """The meetings one leads: what is coming, the next first, or what is past, the latest first."""

    when = django_filters.ChoiceFilter(
        label="Which", empty_label="Coming", choices=[("past", "Past")], method="by_time"
    )

    def by_time(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are over."""
        return rows.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("when"):
            return found
        return found.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")
