"""The journey from the mail's link to the first page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Invitation, Programme, Role, User
from accounts.services import people
from accounts.tests.factories import give_authenticator, person
from accounts.tests.test_people import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(programme: Programme, coordinator: User, now: datetime) -> Invitation:
    return people.invite(
        programme=programme,
        email="mo@example.org",
        name="Mo Ali",
        role=Role.PARTNER,
        by=coordinator,
        now=now,
    )


def link(invitation: Invitation) -> str:
    return f"/account/invitation/{token_of(invitation)}/"


def test_invitation_is_shown_and_changes_nothing(invitation: Invitation) -> None:
    page = Client().get(link(invitation))

    text = page.content.decode()
    assert "You are invited to North Hospital" in text
    assert "Cora Lane invites you as Patient and Carer Partner" in text
    assert "no-store" in page["Cache-Control"]
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_partner_accepts_and_is_in(invitation: Invitation) -> None:
    browser = Client()
    address = link(invitation)

    answer = browser.post(address)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.session["_auth_user_id"] == str(invitation.user_id)
    assert EmailAddress.objects.get(user=invitation.user).verified
    assert browser.post(address).status_code == 404


def test_staff_member_is_led_to_the_second_step(
    programme: Programme, coordinator: User, now: datetime
) -> None:
    invited = people.invite(
        programme=programme,
        email="lee@example.org",
        name="Lee Ward",
        role=Role.COORDINATOR,
        by=coordinator,
        now=now,
    )
    browser = Client()

    browser.post(link(invited))

    assert browser.get("/").headers["Location"] == "/account/second-step/?next=/"
    assert browser.get("/admin/").headers["Location"] == "/account/second-step/?next=/admin/"


def test_invitation_signs_somebody_else_out_first(
    invitation: Invitation, programme: Programme, client_for: Any
) -> None:
    browser = client_for(person(Role.PARTNER, programme, name="Ann Other"))

    page = browser.get(link(invitation)).content.decode()
    browser.post(link(invitation))

    assert "Accepting signs Ann Other out here" in page
    assert browser.session["_auth_user_id"] == str(invitation.user_id)


def test_invitation_over_says_one_thing_whatever_the_reason(
    invitation: Invitation, coordinator: User, now: datetime
) -> None:
    browser, old = Client(), link(invitation)
    unknown = browser.get("/account/invitation/never-existed/")
    with time_machine.travel(now + timedelta(days=14)):
        expired = browser.get(old)
    again = people.invite_again(invitation=invitation, by=coordinator, now=now)
    withdrawn, withdrawn_post = browser.get(old), browser.post(old)
    newer = link(again)
    browser.post(newer)
    used = Client().get(newer)

    answers = [unknown, expired, withdrawn, withdrawn_post, used]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Ask your programme coordinator to send you a new one" in unknown.content.decode()


def test_invitation_of_somebody_with_a_second_factor_asks_for_it(
    invitation: Invitation,
) -> None:
    give_authenticator(invitation.user)
    browser = Client()

    answer = browser.post(link(invitation))

    assert answer["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session
