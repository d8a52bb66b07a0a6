"""The work list: everything that waits, however many apps ask, from one query."""

from datetime import date

import pytest
from django.db.models import Case, DateField, ExpressionWrapper, Value, When

from accounts.admin_site import COUNT_UP_TO, Waits, asked_together
from accounts.models import Team
from accounts.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def waits(rows, **more):
    return Waits(rows, "team", "teams", "/teams/", "The oldest has waited for {days}.", **more)


def test_everything_is_asked_at_once(django_assert_num_queries):
    one = ProgrammeFactory()
    many = ProgrammeFactory()
    Team.objects.create(programme=one, name="Hands")
    Team.objects.bulk_create(Team(programme=many, name=f"Team {n}") for n in range(150))

    with django_assert_num_queries(1):
        found = asked_together(
            [
                waits(Team.objects.filter(programme=one)),
                waits(Team.objects.filter(programme=many)),
                waits(Team.objects.filter(programme=0)),
                waits(Team.objects.none(), always=True),
            ],
            TODAY,
        )

    assert [(item.title, item.shown) for item in found] == [
        ("team", "1"),
        ("teams", f"{COUNT_UP_TO}+"),
        ("teams", "0"),
    ]


@pytest.mark.parametrize(("days", "said"), [(0, "less than a day"), (1, "1 day"), (80, "80 days")])
def test_age_of_the_oldest_is_told_in_words(days, said):
    Team.objects.create(programme=ProgrammeFactory(), name="Hands")
    Team.objects.create(programme=ProgrammeFactory(), name="Feet")
    older = Case(When(name="Hands", then=Value(days)), default=Value(0))
    since = ExpressionWrapper(Value(TODAY) - older, output_field=DateField())
    asked = Team.objects.annotate(since=since)

    (item,) = asked_together([waits(asked, since="since")], TODAY)

    assert item.sentence == f"The oldest has waited for {said}."


def test_nothing_asked_is_nothing_waiting(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert asked_together([], TODAY) == []
