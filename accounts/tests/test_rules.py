"""Who may do what: one table, and the constraints that stand behind it."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse

from accounts import rules
from accounts.access import PUBLIC, audience
from accounts.models import Programme, Role, RoleGrant, Team, User
from accounts.services import people
from accounts.services.programmes import ProgrammeError, create_programme, create_team
from accounts.tests.factories import ProgrammeFactory, UserFactory, person

pytestmark = pytest.mark.django_db

# role: opens the admin, needs a second factor, minutes a session may be left alone
TABLE = {
    Role.COORDINATOR: (True, True, 15),
    Role.FINANCE: (True, True, 15),
    Role.PARTNER: (False, False, 30),
    Role.CLINICAL_LEAD: (False, True, 15),
    Role.CLINICIAN: (False, True, 15),
    Role.PEER_OBSERVER: (False, True, 15),
    Role.STAFF: (False, True, 15),
}


def test_table_names_every_role() -> None:
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize(("role", "row"), TABLE.items())
def test_role_opens_what_the_table_says(
    role: str, row: tuple[bool, bool, int], programme: Programme
) -> None:
    user = person(role, programme)

    assert (
        rules.may_open_admin(user),
        rules.needs_second_factor(user),
        rules.idle_seconds(user) // 60,
    ) == row
    assert user.is_staff == row[0]


@pytest.mark.parametrize("role", Role)
def test_role_ends_at_the_border_of_its_programme(role: str, programme: Programme) -> None:
    user, other = person(role, programme), ProgrammeFactory()

    assert rules.has_role(user, programme, role)
    assert not rules.has_role(user, other)
    assert list(Programme.objects.visible_to(user)) == [programme]


def test_superuser_needs_a_second_factor_and_holds_no_role(programme: Programme) -> None:
    user = UserFactory(is_superuser=True)

    assert rules.needs_second_factor(user)
    assert rules.may_open_admin(user)
    assert not rules.coordinates(user, programme)


def test_coordinator_sees_the_people_of_her_programmes_only(
    programme: Programme, coordinator: User
) -> None:
    here = person(Role.PARTNER, programme)
    person(Role.PARTNER, ProgrammeFactory())

    assert set(User.objects.visible_to(coordinator)) == {coordinator, here}
    assert list(User.objects.visible_to(here)) == [here]


def test_coordinator_marks_as_left_whom_no_other_programme_needs(
    programme: Programme, coordinator: User, now: datetime
) -> None:
    user = person(Role.PARTNER, programme)
    assert rules.may_mark_as_left(coordinator, user)

    people.grant_role(user=user, programme=ProgrammeFactory(), role=Role.PARTNER, by=None, now=now)

    assert not rules.may_mark_as_left(coordinator, user)
    assert not rules.may_mark_as_left(coordinator, coordinator)
    assert rules.may_mark_as_left(UserFactory(is_superuser=True), user)


def test_second_step_is_reset_by_who_manages_all_that_it_opens(
    coordinator: User, programme: Programme
) -> None:
    user = person(Role.CLINICIAN, programme)

    assert rules.may_reset_second_step(coordinator, user)
    assert not rules.may_reset_second_step(coordinator, coordinator)
    assert not rules.may_reset_second_step(user, coordinator)
    assert not rules.may_reset_second_step(coordinator, UserFactory(is_superuser=True))


@pytest.mark.parametrize(("role", "passes"), [(Role.STAFF, True), (Role.PARTNER, False)])
def test_audience_lets_its_roles_pass(
    role: str, passes: bool, programme: Programme, rf: Any
) -> None:
    @audience(Role.STAFF)
    def view(request: Any) -> HttpResponse:
        return HttpResponse()

    request = rf.get("/")
    request.user = person(role, programme)

    if passes:
        assert view(request).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            view(request)


def test_audience_must_be_said() -> None:
    with pytest.raises(ValueError, match="Say who"):
        audience()
    assert audience(PUBLIC)(lambda request: None).audience == {PUBLIC}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"email": "Mo@example.org"}, "user_email_lower_case"),
        ({"email": ""}, "user_email_empty_is_null"),
        ({"is_active": False}, "user_left_has_date"),
    ],
)
def test_user_is_refused_by_the_database(values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UserFactory(**values)

    assert UserFactory(email=None).pk
    assert UserFactory(email=None).pk


def test_two_people_cannot_sign_in_with_one_address() -> None:
    UserFactory(email="mo@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="mo@example.org")


def test_role_of_no_list_is_refused_by_the_database(programme: Programme, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="role_known"), transaction.atomic():
        RoleGrant.unsealed(user=UserFactory(), programme=programme, role="emperor", granted_at=now)


def test_team_name_is_taken_once_whatever_its_case(programme: Programme, now: datetime) -> None:
    create_team(programme=programme, name="Upper limb", by=None, now=now)
    create_team(programme=ProgrammeFactory(), name="Upper limb", by=None, now=now)

    with pytest.raises(ProgrammeError, match="already has a team"):
        create_team(programme=programme, name=" upper  LIMB ", by=None, now=now)
    with pytest.raises(IntegrityError, match="team_name_once"), transaction.atomic():
        Team.objects.create(programme=programme, name="UPPER LIMB")


@pytest.mark.parametrize(
    ("slug", "name", "sentence"),
    [
        ("north-hospital", "Other", "already"),
        ("No Good", "Other", "cannot be a programme's short name"),
        ("x" * 61, "Other", "cannot be a programme's short name"),
        ("Upper", "Other", "in lower case"),
        ("", "Other", "cannot be a programme's short name"),
        ("fine", "  ", "Give the programme a name"),
    ],
)
def test_programme_is_refused_with_a_sentence(
    slug: str, name: str, sentence: str, programme: Programme, now: datetime
) -> None:
    with pytest.raises(ProgrammeError, match=sentence):
        create_programme(slug=slug, name=name, by=None, now=now)

    assert Programme.objects.count() == 1
