"""Filters: what was chosen stands as a tag that can be taken away."""

import django_filters
import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory

from nhsuk.components import FilterTag
from nhsuk.filters import NhsukFilterSet
from nhsuk.forms import DateField


class DayFilter(django_filters.Filter):
    field_class = DateField


class Filters(NhsukFilterSet):
    app = django_filters.ChoiceFilter(
        field_name="app_label", label="App", choices=[("auth", "Sign-in"), ("sites", "Sites")]
    )
    model = django_filters.MultipleChoiceFilter(
        label="Model", choices=[("user", "Person"), ("group", "Group")]
    )
    since = DayFilter(label="Since", method="all_of_them")

    class Meta:
        model = ContentType
        fields = ()

    def all_of_them(self, rows, name, value):
        return rows


@pytest.fixture
def filters():
    def made(query: str) -> Filters:
        request = RequestFactory().get(f"/list/?{query}")
        return Filters(request.GET, queryset=ContentType.objects.order_by("pk"), request=request)

    return made


def test_nothing_chosen_gives_no_tags(filters):
    assert filters("page=2").chosen == []


def test_each_value_chosen_is_a_tag_that_takes_away_only_itself(filters):
    chosen = filters("app=auth&model=user&model=group&page=3").chosen

    assert chosen == [
        FilterTag("App", "Sign-in", "/list/?model=user&model=group"),
        FilterTag("Model", "Person", "/list/?app=auth&model=group"),
        FilterTag("Model", "Group", "/list/?app=auth&model=user"),
    ]


def test_date_is_said_in_words_and_goes_as_one(filters):
    (tag,) = filters("since_day=4&since_month=11&since_year=2026").chosen

    assert tag == FilterTag("Since", "4 November 2026", "/list/")


def test_value_that_is_none_of_the_choices_is_no_tag(filters):
    assert filters("app=%3Cscript%3E").chosen == []
