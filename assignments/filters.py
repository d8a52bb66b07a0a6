"""Filters beside lists."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from assignments.models import Attendance, WorkGroup
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
