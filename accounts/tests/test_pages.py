"""Every page of signing in: it opens, in our look and words, for who may open it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Programme
from accounts.tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/account/login/", "Sign in"),
        ("/account/login/code/", "Sign in with a code by e-mail"),
        ("/account/password/reset/", "Choose a new password"),
        ("/account/signup/", "People come in by invitation"),
        ("/account/inactive/", "This sign-in is closed"),
        ("/account/3rdparty/login/cancelled/", "You did not sign in"),
    ],
)
def test_page_opens_for_everybody(path: str, heading: str) -> None:
    answer = Client().get(path)

    assert answer.status_code == 200
    assert f'<h1 class="nhsuk-heading-l">{heading}</h1>' in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/account/security/",
        "/account/display/",
        "/account/programmes/",
        "/account/password/set/",
        "/account/email/",
        "/account/logout/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
        "/account/2fa/webauthn/add/",
        "/account/3rdparty/",
    ],
)
def test_page_opens_for_a_partner(path: str, programme: Programme, client_for: Any) -> None:
    answer = client_for(person("partner", programme)).get(path)

    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private" or (
        "no-store" in answer["Cache-Control"]
    )
