"""Who is not to work with whom: either side declares it, and the other never knows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Programme, Role, User
from accounts.services.people import grant_role
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from partners.models import DeclaredConflict, Partner
from partners.rules import conflicts as rules
from partners.services import conflicts, held, leaving, support
from partners.services.conflicts import ConflictError
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def ann(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Ann Ellery")


@pytest.fixture
def surgeon(programme: Programme) -> User:
    return person(Role.CLINICIAN, programme, name="Sam Patel")


def declared(programme: Programme, by: User | None, **sides: Any) -> DeclaredConflict:
    assert by is not None
    return conflicts.declare(programme=programme, by=by, now=NOW, **sides)


def test_a_conflict_parts_both_whoever_declared_it(
    programme: Programme, mo: Partner, ann: Partner, surgeon: User
) -> None:
    team = TeamFactory(programme=programme)
    declared(programme, mo.user, partner=mo, with_partner=ann)
    declared(programme, surgeon, person=surgeon, with_partner=mo)
    declared(programme, ann.user, partner=ann, with_team=team)

    def apart(**asked: Any) -> set[int]:
        return conflicts.apart(programme=programme, **asked)

    assert apart(partners=[mo.pk]) == {ann.pk}
    assert apart(partners=[ann.pk]) == {mo.pk}
    assert apart(people=[surgeon.pk]) == {mo.pk}
    assert apart(teams=[team.pk]) == {ann.pk}
    assert apart(people=[mo.user_id]) == {ann.pk}, "a partner's sign-in is the partner"
    assert conflicts.between(programme=programme, partner=mo.pk, with_person=surgeon.pk)
    assert conflicts.between(programme=programme, person=surgeon.pk, with_person=mo.user_id)
    assert conflicts.between(programme=programme, partner=ann.pk, with_team=team.pk)
    assert not conflicts.between(programme=programme, partner=ann.pk, with_person=surgeon.pk)
    assert not conflicts.between(programme=programme, partner=mo.pk, with_team=team.pk)


def test_a_sign_in_that_is_a_partner_is_kept_as_the_partner(
    programme: Programme, mo: Partner, surgeon: User
) -> None:
    row = declared(programme, surgeon, person=surgeon, with_person=mo.user)
    late = PartnerFactory(programme=programme, user=surgeon)

    assert (row.with_partner, row.with_person) == (mo, None)
    assert conflicts.apart(programme=programme, partners=[mo.pk]) == {late.pk}
    with pytest.raises(ConflictError, match="declared already"):
        declared(programme, surgeon, partner=late, with_partner=mo)
    with pytest.raises(ConflictError, match="same person"):
        declared(programme, mo.user, partner=mo, with_person=mo.user)


def test_what_cannot_be_declared_is_told_in_a_sentence(
    programme: Programme, mo: Partner, ann: Partner
) -> None:
    elsewhere = ProgrammeFactory()
    stranger = person(Role.STAFF, elsewhere)
    declared(programme, mo.user, partner=mo, with_partner=ann)

    for sides, sentence in (
        ({"with_partner": ann}, "declared already"),
        ({"with_partner": mo}, "same person"),
        ({"with_partner": PartnerFactory(programme=elsewhere)}, "same programme"),
        ({"with_person": stranger}, "same programme"),
        ({"with_team": TeamFactory(programme=elsewhere)}, "same programme"),
        ({}, "one person or one team"),
    ):
        with pytest.raises(ConflictError, match=sentence):
            declared(programme, mo.user, partner=mo, **sides)
    assert DeclaredConflict.objects.count() == 1


def test_the_other_side_may_declare_too_and_learns_nothing(
    programme: Programme, mo: Partner, ann: Partner
) -> None:
    declared(programme, mo.user, partner=mo, with_partner=ann)

    declared(programme, ann.user, partner=ann, with_partner=mo)

    assert DeclaredConflict.objects.count() == 2


def test_taken_back_it_parts_nobody_and_can_be_declared_anew(
    programme: Programme, mo: Partner, ann: Partner
) -> None:
    row = declared(programme, mo.user, partner=mo, with_partner=ann)
    assert mo.user is not None

    conflicts.take_back(conflict=row, by=mo.user, now=NOW)

    assert conflicts.apart(programme=programme, partners=[ann.pk]) == set()
    with pytest.raises(ConflictError, match="already"):
        conflicts.take_back(conflict=row, by=mo.user, now=NOW)
    declared(programme, mo.user, partner=mo, with_partner=ann)


def test_the_database_wants_two_sides_once(programme: Programme, mo: Partner, ann: Partner) -> None:
    kept = {"programme": programme, "declared_at": NOW, "declared_by": mo.user}
    DeclaredConflict.objects.create(partner=mo, with_partner=ann, **kept)
    for sides in (
        {"partner": mo, "with_partner": ann},
        {"partner": mo},
        {"partner": mo, "with_partner": mo},
        {"with_partner": ann},
        {"partner": mo, "person": mo.user, "with_partner": ann},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeclaredConflict.objects.create(**kept, **sides)


def test_whose_it_is_and_coordinators_see_it_and_the_other_side_never(
    programme: Programme, coordinator: User, mo: Partner, surgeon: User
) -> None:
    row = declared(programme, coordinator, partner=mo, with_person=surgeon)

    def sees(user: User | None) -> bool:
        assert user is not None
        fresh = User.objects.get(pk=user.pk)  # roles are kept on the object
        found = DeclaredConflict.objects.visible_to(fresh).filter(pk=row.pk).exists()
        assert found == rules.may_take_back(fresh, row)
        return found

    assert sees(mo.user)
    assert sees(coordinator)
    assert not sees(surgeon)
    grant_role(user=surgeon, programme=programme, role=Role.COORDINATOR, by=None, now=NOW)
    assert not sees(surgeon), "a coordinator who is the other side"
    with pytest.raises(ConflictError, match="for yourself"):
        declared(programme, surgeon, partner=mo, with_person=surgeon)
    assert not sees(person(Role.COORDINATOR, ProgrammeFactory()))


def test_somebody_is_found_by_the_whole_name_or_the_address(
    programme: Programme, mo: Partner, surgeon: User
) -> None:
    def find(said: str) -> conflicts.Somebody:
        return conflicts.find(programme=programme, said=said)

    assert find(" maureen  OKAFOR ").partner == mo
    assert mo.email is not None
    assert find(mo.email).partner == mo
    assert find("sam patel").user == surgeon
    for said in ("Maureen", "Okafor", "Sam", "%", "", "Mo\0", "x" * 200):
        with pytest.raises(ConflictError):
            find(said)
    PartnerFactory(programme=programme, name="Sam Patel")
    with pytest.raises(ConflictError, match="More than one"):
        find("Sam Patel")
    support.move(partner=mo, to="left", by=None, now=NOW)
    with pytest.raises(ConflictError, match="Nobody"):
        find("Maureen Okafor")


def test_rows_that_name_whoever_left_go_with_them_from_either_side(
    programme: Programme, mo: Partner, ann: Partner, surgeon: User
) -> None:
    kept = declared(programme, ann.user, partner=ann, with_person=surgeon)
    declared(programme, mo.user, partner=mo, with_partner=ann)
    declared(programme, ann.user, partner=ann, with_partner=mo)
    declared(programme, surgeon, person=surgeon, with_partner=mo)
    # Kept by the sign-in, before there was a partner.
    DeclaredConflict.objects.create(
        programme=programme,
        person=surgeon,
        with_person=mo.user,
        declared_at=NOW,
        declared_by=surgeon,
    )
    support.move(partner=mo, to="left", by=None, now=NOW)

    leaving.erase(partner=mo, by=None, now=NOW + timedelta(days=31))

    assert list(DeclaredConflict.objects.all()) == [kept]
    events = held.events_of(DeclaredConflict)
    assert events is not None
    assert set(events._default_manager.values_list("pgh_obj", flat=True)) == {kept.pk}


def test_what_is_held_of_somebody_never_holds_what_was_declared_against_them(
    programme: Programme, mo: Partner, ann: Partner, surgeon: User
) -> None:
    against = declared(programme, ann.user, partner=ann, with_partner=mo)
    of_surgeon = declared(programme, surgeon, person=surgeon, with_partner=mo)

    def rows(user: User | None) -> list[DeclaredConflict]:
        return list(held.rows_of(user)[DeclaredConflict])

    assert rows(mo.user) == []
    assert rows(ann.user) == [against]
    assert rows(surgeon) == [of_surgeon]
    assert {*held.acts()[DeclaredConflict]} == {"declared_by", "ended_by"}
