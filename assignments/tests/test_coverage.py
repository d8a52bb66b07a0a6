"""The coverage map: gaps first, the same questions whatever its size."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, pass_second_factor, person
from assignments import services
from assignments.models import WorkGroup
from assignments.services.coverage import coverage_of
from assignments.tests.factories import WorkGroupFactory, placed
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAGE = "admin:assignments_workgroup_coverage"


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory()


@pytest.fixture
def coordinator(programme: Programme, client: Client) -> User:
    user = person(Role.COORDINATOR, programme)
    client.force_login(user)
    pass_second_factor(client, user)
    return user


def group(programme: Programme, name: str, *, there: int, wanted: int = 2, **more: Any) -> Any:
    made = WorkGroupFactory(programme=programme, name=name, wanted=wanted, **more)
    for number in range(there):
        placed(PartnerFactory(programme=programme, name=f"{name} {number}"), made)
    return made


def test_groups_with_nobody_come_first_then_those_missing_most(programme: Programme) -> None:
    group(programme, "Full", there=2)
    group(programme, "One short", there=1)
    group(programme, "Three short", there=1, wanted=4)
    group(programme, "Nobody said", there=0, wanted=0)
    group(programme, "Nobody there", there=0)
    group(programme, "Over", there=0, ends_on=TODAY - timedelta(days=1))

    found = coverage_of({programme.pk}, TODAY)

    assert [(one.group.name, one.missing) for one in found.gaps] == [
        ("Nobody there", 2),
        ("Nobody said", 1),
        ("Three short", 3),
        ("One short", 1),
    ]
    assert found.groups == 5


def test_teams_without_partners_come_first(programme: Programme) -> None:
    pain, hand = (TeamFactory(programme=programme, name=name) for name in ("Pain", "Hand"))
    group(programme, "Hand MDT", there=2, team=hand)
    group(programme, "Board", there=1, kind=WorkGroup.Kind.COMMITTEE, wanted=1)
    PartnerFactory(programme=programme, name="Nowhere yet")

    found = coverage_of({programme.pk}, TODAY)

    assert [(line.name, line.is_empty) for line in found.lines] == [
        ("Pain", True),
        ("Hand", False),
        ("No team", False),
    ]
    assert found.kinds == (("mdt", "MDT"), ("committee", "Committee"))
    assert found.lines[1].cells["mdt"][0].partners == ("Hand MDT 0", "Hand MDT 1")
    assert found.without_place == 1
    assert [line.name for line in coverage_of({programme.pk}, TODAY, team=pain.pk).lines] == [
        "Pain"
    ]


def test_who_stands_in_or_has_left_the_group_does_not_fill_it(programme: Programme) -> None:
    made = group(programme, "Hand MDT", there=1)
    place = made.assignments.get()
    services.end_assignment(assignment=place, ends_on=TODAY, by=None, now=NOW)

    assert coverage_of({programme.pk}, TODAY).gaps[0].missing == 1
    assert coverage_of({programme.pk}, TODAY + timedelta(days=1)).gaps[0].missing == 2


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_database_as_often_whatever_the_number(
    programme: Programme,
    coordinator: User,
    client: Client,
    number: int,
    django_assert_num_queries: Any,
) -> None:
    for one in range(number):
        team = TeamFactory(programme=programme, name=f"Team {one}")
        group(programme, f"MDT {one}", there=number, team=team)
    client.get(reverse(PAGE))

    with django_assert_num_queries(8):
        response = client.get(reverse(PAGE))

    assert response.context["map"].groups == number


def test_page_shows_only_ones_own_programmes(
    programme: Programme, coordinator: User, client: Client
) -> None:
    elsewhere = ProgrammeFactory()
    group(elsewhere, "Elsewhere MDT", there=1)
    group(programme, "Our MDT", there=1)

    shown = client.get(reverse(PAGE)).content.decode()

    assert "Our MDT" in shown
    assert "Elsewhere" not in shown


def test_lead_is_somebody_of_the_programme(programme: Programme) -> None:
    stranger = person(Role.STAFF, ProgrammeFactory())
    made = group(programme, "Hand MDT", there=0)

    with pytest.raises(services.GroupError, match="has a role in the programme"):
        services.change_work_group(work_group=made, lead=stranger, by=None, now=NOW)
    with pytest.raises(services.GroupError, match="between 0 and 50"):
        services.change_work_group(work_group=made, wanted=51, by=None, now=NOW)
    lead = person(Role.STAFF, programme)
    assert services.change_work_group(work_group=made, lead=lead, wanted=4, by=None, now=NOW)
