"""Filters beside the catalogue of learning."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from nhsuk.filters import NhsukFilterSet
from partners.models import LearningItem, PathwayRole
from partners.models.pathway import SkillKind


class LearningFilter(NhsukFilterSet):
    """What is useful everywhere or for a setting, and for one role; `queryset` is all of it."""

    kind = django_filters.ChoiceFilter(
        label="Useful where",
        choices=[(SkillKind.CORE, "Everywhere"), (SkillKind.CONTEXT, "For a setting")],
        empty_label="Everything",
    )
    role = django_filters.ChoiceFilter(
        label="For the role", field_name="roles", empty_label="Every role"
    )

    class Meta:
        model = LearningItem
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: object,
        queryset: QuerySet[LearningItem],
        *,
        request: HttpRequest,
        roles: list[PathwayRole],
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.filters["role"].extra["choices"] = [(str(role.pk), role.name) for role in roles]
