"""Filters beside a list: the form, and what was chosen as tags that can be taken away."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Model
from django.utils.formats import date_format

from nhsuk.components import FilterTag
from nhsuk.forms import Look, NhsukForm


class FilterForm(NhsukForm):
    """The form of a list's filters."""

    method = "get"


class NhsukFilterSet(django_filters.FilterSet):
    """A FilterSet whose form, tags and address suit layouts/list.html. Give it the request."""

    looks: ClassVar[Mapping[str, Look]] = {}

    def get_form_class(self) -> type[forms.Form]:
        fields = {name: item.field for name, item in self.filters.items()}
        return type("Filters", (FilterForm,), {**fields, "looks": self.looks})

    @property
    def clear_url(self) -> str:
        return self.request.path

    @property
    def chosen(self) -> list[FilterTag]:
        """Return a tag for each value that narrows the list."""
        if not self.form.is_valid():
            return []
        tags = []
        for bound in self.form:
            value = self.form.cleaned_data.get(bound.name)
            if value in (None, "", False) or (hasattr(value, "__len__") and not len(value)):
                continue
            many = isinstance(value, list | tuple) or hasattr(value, "model")
            tags += [
                FilterTag(bound.label, self._said(bound, one), self._without(bound, one, many))
                for one in (value if many else [value])
            ]
        return tags

    def _said(self, bound: forms.BoundField, value: Any) -> str:
        if value is True:
            return "yes"
        if isinstance(value, date):
            return date_format(value, "j F Y")
        choices = getattr(bound.field, "choices", None)
        if choices is not None and not isinstance(value, Model):
            labels = {str(key): label for key, label in choices if not isinstance(label, list)}
            return str(labels.get(str(value), value))
        return str(value)

    def _without(self, bound: forms.BoundField, value: Any, many: bool) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        name = bound.html_name
        if many:
            own = str(getattr(value, "pk", value))
            query.setlist(name, [kept for kept in query.getlist(name) if kept != own])
        else:
            for key in (name, f"{name}_day", f"{name}_month", f"{name}_year"):
                query.pop(key, None)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path
