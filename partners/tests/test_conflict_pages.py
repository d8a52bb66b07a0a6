"""The pages of declared conflicts: one's own, and the coordinators'."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from partners.models import DeclaredConflict, Partner
from partners.services import conflicts
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST, DECLARE = "partners:conflicts", "partners:declare_conflict"


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor")


def declared(programme: Programme, by: User | None, **sides: Any) -> DeclaredConflict:
    assert by is not None
    return conflicts.declare(programme=programme, by=by, now=NOW, **sides)


def test_a_partner_declares_a_person_and_takes_it_back(
    programme: Programme, mo: Partner, client_for: SignIn
) -> None:
    surgeon = person(Role.CLINICIAN, programme, name="Sam Patel")
    client = client_for(mo.user)
    asked = client.get(reverse(DECLARE)).content.decode()
    assert "open complaint" in asked
    assert "no reason" in asked

    said = {"kind": "person", "who": "Sam Patel", "holds": "yes"}
    page = client.post(reverse(DECLARE), said, follow=True).content.decode()

    row = DeclaredConflict.objects.get()
    assert (row.partner, row.with_person, row.declared_by) == (mo, surgeon, mo.user)
    assert "It is kept" in page
    assert "Sam Patel" in page
    assert "Sam Patel" not in client_for(surgeon).get(reverse(LIST)).content.decode()
    back = reverse("partners:take_back_conflict", args=[row.pk])
    assert client_for(surgeon).post(back).status_code == 404
    client.post(back)
    row.refresh_from_db()
    assert row.ended_by == mo.user
    assert client.post(back).status_code == 404


def test_staff_declare_a_team_and_a_no_keeps_nothing(
    programme: Programme, client_for: SignIn
) -> None:
    team = TeamFactory(programme=programme, name="Pain")
    nurse = person(Role.STAFF, programme)
    client = client_for(nurse)
    said = {"kind": "team", "team": team.pk}

    client.post(reverse(DECLARE), {**said, "holds": "no"})
    assert not DeclaredConflict.objects.exists()
    client.post(reverse(DECLARE), {**said, "holds": "yes"})

    row = DeclaredConflict.objects.get()
    assert (row.person, row.with_team) == (nurse, team)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "person", "who": "Nobody Here"}, "Nobody of the programme"),
        ({"kind": "person", "who": "Maureen Okafor"}, "this is the same person"),
        ({"kind": "person"}, "whole name"),
        ({"kind": "team"}, "Choose the team"),
        ({"kind": "team", "team": 999}, "Choose from the list"),
        ({}, "Choose a person or a team"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_what_was_typed_stays(
    mo: Partner, client_for: SignIn, said: dict[str, Any], sentence: str
) -> None:
    page = client_for(mo.user).post(reverse(DECLARE), {**said, "holds": "yes"}).content.decode()

    assert "<title>Error: " in page
    assert sentence in page
    assert said.get("who", "") in page
    assert not DeclaredConflict.objects.exists()


def test_coordinators_declare_for_somebody_and_never_see_what_is_against_them(
    programme: Programme, coordinator: User, mo: Partner, client_for: SignIn
) -> None:
    ann = PartnerFactory(programme=programme, name="Ann Ellery", email=None)
    against = declared(programme, mo.user, partner=mo, with_person=coordinator)
    there = reverse("admin:partners_declaredconflict_declare")
    client = client_for(coordinator)

    said = {"own": "Ann Ellery", "kind": "person", "who": mo.email, "holds": "yes"}
    answer = client.post(there, said)

    row = DeclaredConflict.objects.exclude(pk=against.pk).get()
    assert answer.headers["Location"] == reverse("admin:partners_declaredconflict_changelist")
    assert (row.partner, row.with_partner, row.declared_by) == (ann, mo, coordinator)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Ann Ellery and Maureen Okafor" in page
    assert coordinator.name not in page.partition("result_list")[2].partition("Maureen")[0]
    hidden = reverse("admin:partners_declaredconflict_change", args=[against.pk])
    assert client.get(hidden).status_code == 404
    shown = reverse("admin:partners_declaredconflict_change", args=[row.pk])
    assert "not kept" in client.get(shown).content.decode()
    assert client_for(person(Role.COORDINATOR, ProgrammeFactory())).get(shown).status_code == 404
    client.post(reverse("admin:partners_declaredconflict_take_back", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_by == coordinator
    # What is refused is told at the field that it is about.
    page = client.post(there, {**said, "own": "Nobody Here"}).content.decode()
    assert "#id_own" in page


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(
    programme: Programme, coordinator: User, mo: Partner, client_for: SignIn, number: int
) -> None:
    for one in range(number):
        other = person(Role.STAFF, programme, name=f"Nurse {one}")
        declared(programme, mo.user, partner=mo, with_person=other)
    admin_list = reverse("admin:partners_declaredconflict_changelist")
    asked = {}
    for name, client, address in (
        ("own", client_for(mo.user), reverse(LIST)),
        ("admin", client_for(coordinator), admin_list),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        asked[name] = len(queries)

    assert asked == {"own": 9, "admin": 9}
