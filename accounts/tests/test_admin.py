"""What coordinators do with people, and what they cannot reach."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import Invitation, Programme, Role, Team, User
from accounts.services import people
from accounts.tests.factories import (
    ProgrammeFactory,
    TeamFactory,
    UserFactory,
    give_authenticator,
    person,
)
from accounts.tests.test_people import invited

pytestmark = pytest.mark.django_db


def test_form_that_is_wrong_says_so_first_and_leads_to_the_field(
    coordinator: User, client_for: Any
) -> None:
    page = client_for(coordinator).post("/admin/accounts/team/add/", {"name": ""}).content.decode()

    assert "<title>Error: Add team" in page
    summary = page.index('data-module="nhsuk-error-summary"')
    assert (
        summary < page.index('<a href="#id_name">This field is required.</a>') < page.index("<h1")
    )
    assert "Please correct the error" not in page
    assert "related-widget-wrapper" not in page


def test_way_back_names_the_list_once(coordinator: User, client_for: Any) -> None:
    page = client_for(coordinator).get("/admin/accounts/team/").content.decode()

    way = page[page.index('class="breadcrumbs"') : page.index("</nav>", page.index("breadcrumbs"))]
    assert "People and programmes" not in way
    assert "Teams" in way


LISTS = ["programme", "team", "user", "invitation"]


@pytest.mark.parametrize("model", LISTS)
def test_list_shows_ones_own_programme_only(
    model: str, programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    other = ProgrammeFactory(name="South Clinic")
    for place, name in ((programme, "Nora"), (other, "Sid")):
        TeamFactory(programme=place, name=f"{name}’s team")
        invited(place, now, email=f"{name}@example.org", name=name)

    text = client_for(coordinator).get(f"/admin/accounts/{model}/").content.decode()

    assert "Nora" in text or "North Hospital" in text
    assert "Sid" not in text
    assert "South Clinic" not in text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("programme", 5), ("team", 5), ("user", 6), ("invitation", 5)]
)
def test_list_asks_as_often_for_three_rows_as_for_one(
    model: str,
    queries: int,
    rows: int,
    programme: Programme,
    coordinator: User,
    client_for: Any,
    now: datetime,
    django_assert_num_queries: Any,
) -> None:
    for number in range(rows):
        TeamFactory(programme=programme)
        invited(programme, now, email=f"a{number}@example.org")
    browser = client_for(coordinator)
    browser.get("/admin/")

    with django_assert_num_queries(queries):
        browser.get(f"/admin/accounts/{model}/")


def test_coordinator_invites_somebody(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    browser = client_for(coordinator)
    asked = browser.get("/admin/accounts/user/invite/")

    answer = browser.post(
        "/admin/accounts/user/invite/",
        {
            "programme": programme.pk,
            "name": "Lee Ward",
            "email": "lee@example.org",
            "role": Role.STAFF,
            "team": "",
        },
    )

    assert "Invite somebody" in asked.content.decode()
    assert answer["Location"] == "/admin/accounts/invitation/"
    assert User.objects.get(email="lee@example.org").grants[0].role == Role.STAFF


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nobody"}, "Enter an e-mail address like"),
        ({"role": "partner"}, "Select a valid choice"),
        ({"role": ""}, "Choose what they will be"),
        ({"name": " "}, "Enter their name"),
        ({"programme": "999999"}, "Select a valid choice"),
    ],
)
def test_mistaken_invitation_gets_a_sentence(
    change: dict[str, str],
    sentence: str,
    programme: Programme,
    coordinator: User,
    client_for: Any,
) -> None:
    said = {"programme": programme.pk, "name": "Lee", "email": "l@example.org", "role": "staff"}

    answer = client_for(coordinator).post("/admin/accounts/user/invite/", {**said, **change})

    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()


def test_coordinator_cannot_invite_to_another_programme(coordinator: User, client_for: Any) -> None:
    other = ProgrammeFactory()

    answer = client_for(coordinator).post(
        "/admin/accounts/user/invite/",
        {"programme": other.pk, "name": "Lee", "email": "l@example.org", "role": "staff"},
    )

    assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_coordinator_ends_a_role_and_marks_as_left(
    programme: Programme, coordinator: User, client_for: Any
) -> None:
    user, browser = person(Role.STAFF, programme, name="Lee Ward"), client_for(coordinator)
    page = browser.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()

    browser.post(f"/admin/accounts/user/{user.pk}/end-role/{user.grants[0].pk}/")
    again = browser.post(f"/admin/accounts/user/{user.pk}/end-role/{user.grants[0].pk}/")

    assert "End this role" in page
    assert "Mark as left" in page
    assert User.objects.get(pk=user.pk).grants == []
    assert again.status_code == 404

    other = person(Role.STAFF, programme)
    browser.post(f"/admin/accounts/user/{other.pk}/left/")
    assert not User.objects.get(pk=other.pk).is_active


def test_nothing_changes_on_get(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    user, browser = person(Role.STAFF, programme), client_for(coordinator)
    invitation = invited(programme, now)

    answers = [
        browser.get(f"/admin/accounts/user/{user.pk}/left/"),
        browser.get(f"/admin/accounts/user/{user.pk}/second-step/"),
        browser.get(f"/admin/accounts/user/{user.pk}/end-role/{user.grants[0].pk}/"),
        browser.get(f"/admin/accounts/invitation/{invitation.pk}/again/"),
        browser.get(f"/admin/accounts/invitation/{invitation.pk}/withdraw/"),
    ]

    assert {answer.status_code for answer in answers} == {405}
    assert User.objects.get(pk=user.pk).is_active


def test_people_of_another_programme_are_not_found(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    other = ProgrammeFactory()
    user, browser = person(Role.STAFF, other), client_for(coordinator)
    invitation = invited(other, now)
    team = TeamFactory(programme=other)

    answers = [
        browser.get(f"/admin/accounts/user/{user.pk}/change/"),
        browser.post(f"/admin/accounts/user/{user.pk}/left/"),
        browser.post(f"/admin/accounts/user/{user.pk}/second-step/"),
        browser.post(f"/admin/accounts/user/{user.pk}/end-role/{user.grants[0].pk}/"),
        browser.get(f"/admin/accounts/invitation/{invitation.pk}/change/"),
        browser.post(f"/admin/accounts/invitation/{invitation.pk}/again/"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert browser.get(f"/admin/accounts/team/{team.pk}/change/").status_code in {302, 404}
    assert User.objects.get(pk=user.pk).is_active


def test_role_elsewhere_stays_out_of_reach(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    """Somebody of two programmes: each coordinator sees and ends her own role only."""
    user, browser = person(Role.STAFF, programme), client_for(coordinator)
    elsewhere = people.grant_role(
        user=user, programme=ProgrammeFactory(name="South"), role=Role.FINANCE, by=None, now=now
    )

    page = browser.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()

    assert "South" not in page
    assert "Mark as left" not in page
    assert browser.post(f"/admin/accounts/user/{user.pk}/left/").status_code == 403
    ended = browser.post(f"/admin/accounts/user/{user.pk}/end-role/{elsewhere.pk}/")
    assert ended.status_code == 404


def test_lost_phone_is_helped(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    user, browser = person(Role.STAFF, programme), client_for(coordinator)
    give_authenticator(user)
    theirs = client_for(user)

    browser.post(f"/admin/accounts/user/{user.pk}/second-step/")

    assert not user.authenticator_set.exists()
    assert theirs.get("/account/security/").status_code == 302
    assert client_for(coordinator).get("/admin/").status_code == 200


def test_invitation_is_sent_again_and_taken_back(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    first, browser = invited(programme, now), client_for(coordinator)
    page = browser.get(f"/admin/accounts/invitation/{first.pk}/change/").content.decode()

    answer = browser.post(f"/admin/accounts/invitation/{first.pk}/again/")
    second = Invitation.objects.open().get()
    browser.post(f"/admin/accounts/invitation/{second.pk}/withdraw/")

    assert "Send it again" in page
    assert answer["Location"] == f"/admin/accounts/invitation/{second.pk}/change/"
    assert not Invitation.objects.open().exists()
    assert User.objects.get(email="mo@example.org").grants == []


def test_teams_and_words_are_changed(
    programme: Programme, coordinator: User, client_for: Any
) -> None:
    browser = client_for(coordinator)

    browser.post("/admin/accounts/team/add/", {"programme": programme.pk, "name": " Upper  limb"})
    twice = browser.post(
        "/admin/accounts/team/add/", {"programme": programme.pk, "name": "upper limb"}
    )
    page = browser.get(f"/admin/accounts/programme/{programme.pk}/change/")
    fields = {**page.context["adminform"].form.initial, "partner_term_short": "PP"}
    browser.post(
        f"/admin/accounts/programme/{programme.pk}/change/",
        {name: value for name, value in fields.items() if value is not None},
    )

    assert [team.name for team in Team.objects.all()] == ["Upper limb"]
    assert "already has a team" in twice.content.decode()
    assert Programme.objects.get(pk=programme.pk).partner_term_short == "PP"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.STAFF, Role.PARTNER])
@pytest.mark.parametrize("path", ["user/", "user/invite/", "invitation/", "team/", "programme/"])
def test_others_manage_nobody(role: str, path: str, programme: Programme, client_for: Any) -> None:
    answer = client_for(person(role, programme)).get(f"/admin/accounts/{path}", follow=True)

    assert answer.status_code == 403


def test_superuser_manages_every_programme(programme: Programme, client_for: Any) -> None:
    user = UserFactory(is_superuser=True)
    ProgrammeFactory(name="South")
    browser = client_for(user)

    text = browser.get("/admin/accounts/programme/").content.decode()

    assert "South" in text
    assert "North Hospital" in text
    assert browser.get("/admin/accounts/user/invite/").status_code == 200
