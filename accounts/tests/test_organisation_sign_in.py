"""Signing in through one's organisation: a real exchange with a provider on loopback."""

from typing import Any
from urllib.parse import urlparse

import pytest
import requests
from django.test import Client

from accounts.models import Programme, Role, User
from accounts.tests.factories import give_authenticator, person
from accounts.tests.fake_identity_provider import identity_provider

pytestmark = pytest.mark.django_db

LEE = {"sub": "s1", "email": "Lee@example.org", "email_verified": True, "name": "Lee Ward"}


def come_through(settings: Any, **claims: Any) -> tuple[Client, Any, dict[str, str]]:
    """Sign in as the organisation's person with `claims`."""
    with identity_provider(**claims) as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "staff",
                        "name": "North Trust",
                        "client_id": "portal",
                        "secret": "s",
                        "settings": {"server_url": provider.address},
                    }
                ],
            }
        }
        browser = Client()
        offered = browser.get("/account/login/").content.decode()
        assert "Sign in with North Trust" in offered
        sent_away = browser.post("/account/oidc/staff/login/")
        back = requests.get(sent_away["Location"], allow_redirects=False, timeout=5)
        url = urlparse(back.headers["Location"])
        answer = browser.get(f"{url.path}?{url.query}")
        return browser, answer, provider.asked


def test_invited_person_comes_in(programme: Programme, settings: Any) -> None:
    user = person(Role.PARTNER, programme, email="lee@example.org")

    browser, answer, asked = come_through(settings, **LEE)

    assert answer["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert asked["code_challenge_method"] == "S256"


def test_second_visit_finds_the_same_person(programme: Programme, settings: Any) -> None:
    user = person(Role.PARTNER, programme, email="lee@example.org")
    come_through(settings, **LEE)

    browser, _, _ = come_through(settings, **{**LEE, "email": "married@example.org"})

    assert browser.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {**LEE, "email": "stranger@example.org"},
        {**LEE, "email_verified": False},
        {"sub": "s1", "name": "No Address"},
    ],
)
def test_nobody_else_comes_in(claims: dict[str, Any], programme: Programme, settings: Any) -> None:
    person(Role.PARTNER, programme, email="lee@example.org")

    browser, answer, _ = come_through(settings, **claims)

    assert answer.status_code == 403
    assert "We do not know this sign-in yet" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    assert User.objects.count() == 1


def test_organisation_is_the_first_step_only(programme: Programme, settings: Any) -> None:
    give_authenticator(person(Role.COORDINATOR, programme, email="lee@example.org"))

    browser, answer, _ = come_through(settings, **LEE)

    assert answer["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session


def test_sign_in_page_offers_no_organisation_when_none_is_set(db: None) -> None:
    assert "Sign in with North" not in Client().get("/account/login/").content.decode()
