"""The facts that must hold of a partner who could help."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import HttpRequest

from accounts.models import Team
from nhsuk.components import FilterTag
from nhsuk.filters import NhsukFilterSet
from partners.models import Partner, PathwayRole
from partners.models.contribution import Kind
from partners.rules.search import Scope
from partners.services.search import LONGEST_QUERY, Asked


class WhoFilter(NhsukFilterSet):
    """What is looked for. It reads and checks; `services.search` looks.

    Facts that only coordinators may see are asked by coordinators only.
    """

    q = django_filters.CharFilter(
        label="Words",
        widget=forms.HiddenInput,
        max_length=LONGEST_QUERY,
        error_messages={
            "max_length": f"Shorten your search to {LONGEST_QUERY} characters",
            "null_characters_not_allowed": "Type your search again: a character cannot be read",
        },
    )
    kind = django_filters.ChoiceFilter(
        label="Has done", choices=Kind.choices, empty_label="Any work"
    )
    role = django_filters.ChoiceFilter(label="Has or had the role", empty_label="Any role")
    team = django_filters.ChoiceFilter(label="Works or worked with", empty_label="Any team")
    free = django_filters.BooleanFilter(label="Free now", widget=forms.CheckboxInput)
    in_date = django_filters.BooleanFilter(label="Requirements in date", widget=forms.CheckboxInput)

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, *, scope: Scope, request: HttpRequest) -> None:
        super().__init__(data, Partner.objects.none(), request=request)
        if not scope.coordinated:
            for name in ("role", "team", "free", "in_date"):
                del self.filters[name]
            return
        several = len(scope.coordinated) > 1
        teams = Team.objects.visible_to(request.user).filter(programme__in=scope.coordinated)
        self.filters["team"].extra["choices"] = [
            (str(team.pk), f"{team.name}, {team.programme.name}" if several else team.name)
            for team in teams.select_related("programme")
        ]
        roles = PathwayRole.objects.visible_to(request.user).filter(programme__in=scope.coordinated)
        self.filters["role"].extra["choices"] = [
            (str(role.pk), f"{role.name}, {role.programme.name}" if several else role.name)
            for role in roles.select_related("programme")
        ]

    @property
    def chosen(self) -> list[FilterTag]:
        """The facts; the words stand in their box."""
        words = self.filters["q"].label
        return [tag for tag in super().chosen if tag.label != words]

    @property
    def clear_url(self) -> str:
        words = self.request.GET.get("q", "")
        return f"{self.request.path}?{urlencode({'q': words})}" if words else self.request.path

    @property
    def asked(self) -> Asked:
        """What was asked for; nothing while something of it cannot be understood."""
        if not self.form.is_valid():
            return Asked()
        data = self.form.cleaned_data
        return Asked(
            words=" ".join((data["q"] or "").split()),
            kind=data["kind"] or "",
            role=int(data["role"]) if data.get("role") else None,
            team=int(data["team"]) if data.get("team") else None,
            free=bool(data.get("free")),
            in_date=bool(data.get("in_date")),
        )
