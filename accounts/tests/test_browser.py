"""Signing in with a real browser: a passkey, no accessibility faults, no script needed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.models import Message, Role, Session, User
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory, code_of, give_authenticator, person
from ops.browser import axe, launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    with launch() as browser:
        yield browser


@pytest.fixture
def page(chromium: "Browser", live_server: Any) -> "Iterator[Page]":
    # Passkeys need a name, not a number.
    address = live_server.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.set_default_timeout(30_000)
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield tab
    context.close()
    # A refused sign-in is a 403 or 404 that the console tells as well.
    assert not [text for text in wrong if "Failed to load resource" not in text]


def opened(page: "Page", heading: str) -> None:
    """The page of that heading. axe's debugging session would take the virtual passkey away."""
    page.get_by_role("heading", level=1, name=heading).wait_for()


def seen(page: "Page", heading: str) -> None:
    """The page of that heading, without a fault that axe knows."""
    opened(page, heading)
    assert axe(page) == []


def invited(role: str) -> str:
    """The link of an invitation as `role`."""
    people.invite(
        programme=ProgrammeFactory(name="North Hospital"),
        email="mo@example.org",
        name="Mo Ali",
        role=role,
        by=None,
        now=timezone.now(),
    )
    return Message.objects.get().link


def add_virtual_authenticator(page: "Page") -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_browser_without_passkeys_offers_none(page: "Page") -> None:
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/account/login/")
    opened(page, "Sign in")

    page.get_by_role("button", name="Sign in with a passkey").wait_for(state="hidden")


def test_invited_clinician_sets_up_a_passkey_and_signs_in_with_it(page: "Page") -> None:
    link = invited(Role.CLINICIAN)
    add_virtual_authenticator(page)

    page.goto(link)
    opened(page, "You are invited to North Hospital")
    page.get_by_role("button", name="Accept and sign in").click()
    opened(page, "Set up a second step")
    page.get_by_role("link", name="A passkey").click()
    opened(page, "Add a passkey")
    page.get_by_role("button", name="Add a passkey").click()
    opened(page, "Your recovery codes")
    page.goto("/account/security/")
    opened(page, "Sign-in and security")
    page.goto("/account/2fa/webauthn/")
    opened(page, "Your passkeys")
    page.goto("/account/logout/")
    opened(page, "Sign out?")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    opened(page, "Sign in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")

    page.goto("/account/security/")
    opened(page, "Sign-in and security")


def test_partner_finds_no_fault_on_any_page_of_theirs(page: "Page") -> None:
    page.goto(invited(Role.PARTNER))
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    for path, heading in {
        "/account/security/": "Sign-in and security",
        "/account/display/": "Text and contrast",
        "/account/email/": "Change your e-mail address",
        "/account/password/set/": "Choose a password",
        "/account/2fa/totp/activate/": "Connect an authenticator app",
        "/account/2fa/webauthn/add/": "Add a passkey",
    }.items():
        page.goto(path)
        seen(page, heading)
    page.goto("/account/password/set/")
    page.get_by_role("button", name="Save the password").click()
    seen(page, "Choose a password")
    assert page.title().startswith("Error: ")


def test_strangers_pages_have_no_fault(page: "Page") -> None:
    for path, heading in {
        "/account/login/?ended=1": "Sign in",
        "/account/login/code/": "Sign in with a code by e-mail",
        "/account/password/reset/": "Choose a new password",
        "/account/signup/": "People come in by invitation",
        "/account/invitation/unknown/": "This invitation does not work any more",
    }.items():
        page.goto(path)
        seen(page, heading)
    page.goto("/account/login/code/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a code").click()
    seen(page, "Enter the code we e-mailed you")


def test_everything_works_without_script(chromium: "Browser", live_server: Any) -> None:
    user = person(Role.CLINICIAN, ProgrammeFactory())
    user.set_password("correct horse battery")
    user.save()
    people.verify_address(user=user)
    secret = give_authenticator(user)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    page.goto("/account/display/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("The 6 numbers in your authenticator app").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Larger").check()
    _leave_alone(user)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("You were signed out because").wait_for()
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    shown = page.locator(".app-code").inner_text()
    page.get_by_label("The 6 numbers in your authenticator app").fill(shown)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="You were signed out before this was sent").wait_for()
    page.get_by_role("button", name="Send it now").click()
    page.get_by_text("Saved. This is how pages look").wait_for()
    context.close()

    assert User.objects.get(pk=user.pk).text_size == "large"


def _leave_alone(user: User) -> None:
    """Let half an hour pass for `user`'s session."""
    for row in Session.objects.filter(user=user):
        store = Session.get_session_store_class()(row.session_key)
        store["seen_at"] -= timedelta(minutes=30).total_seconds()
        store.save()
