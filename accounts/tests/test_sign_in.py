"""Signing in: password, code by e-mail, the second factor, and what a demonstration shows."""

import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts import second_factor
from accounts.models import Programme, Role, User
from accounts.services import people
from accounts.tests.factories import code_of, give_authenticator, person

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def with_password(role: str, programme: Programme, **values: Any) -> User:
    user = person(role, programme, **values)
    user.set_password(PASSWORD)
    user.save()
    people.verify_address(user=user)
    return user


def sign_in(browser: Client, user: User, password: str = PASSWORD) -> Any:
    return browser.post("/account/login/", {"login": user.email, "password": password})


def test_partner_signs_in_by_password(programme: Programme, now: datetime) -> None:
    user, browser = with_password(Role.PARTNER, programme), Client()

    answer = sign_in(browser, user)

    assert answer["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_partner_signs_in_by_a_code_from_the_mail(programme: Programme, now: datetime) -> None:
    user, browser = person(Role.PARTNER, programme), Client()
    people.verify_address(user=user)

    browser.post("/account/login/code/", {"email": user.email})
    message = mail.outbox[0]
    code = message.subject.rsplit(" ", 1)[1]
    answer = browser.post("/account/login/code/confirm/", {"code": code})

    assert message.subject.startswith("Your code to sign in: ")
    assert code in message.body
    assert re.search(rf"<strong>{code}</strong>", message.alternatives[0].content)
    assert answer["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_code_for_nobody_looks_the_same(programme: Programme, now: datetime) -> None:
    user, known, unknown = person(Role.PARTNER, programme), Client(), Client()
    people.verify_address(user=user)

    first = known.post("/account/login/code/", {"email": user.email}, follow=True)
    second = unknown.post("/account/login/code/", {"email": "no@example.org"}, follow=True)

    def seen(page: Any) -> str:
        text = page.content.decode().replace(user.email, "X").replace("no@example.org", "X")
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)

    assert seen(first) == seen(second)
    assert mail.outbox[1].to == ["no@example.org"]
    assert "Nobody has been invited" in mail.outbox[1].body


def test_wrong_password_gets_a_sentence_and_many_a_pause(
    programme: Programme, now: datetime
) -> None:
    user, browser = with_password(Role.PARTNER, programme), Client()

    first = sign_in(browser, user, "wrong")
    for _ in range(5):
        sign_in(Client(), user, "wrong")
    locked = sign_in(browser, user)

    assert "do not fit together" in first.content.decode()
    assert "There were too many tries. Wait 5 minutes" in locked.content.decode()
    assert "_auth_user_id" not in browser.session
    with time_machine.travel(now.timestamp() + 301):
        assert sign_in(Client(), user).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_sign_in_leads_nowhere_else(programme: Programme, now: datetime, target: str) -> None:
    user = with_password(Role.PARTNER, programme)

    answer = Client().post(
        "/account/login/", {"login": user.email, "password": PASSWORD, "next": target}
    )

    assert answer["Location"] == "/"


def test_sign_in_needs_the_csrf_token(programme: Programme) -> None:
    user = with_password(Role.PARTNER, programme)

    answer = sign_in(Client(enforce_csrf_checks=True), user)

    assert answer.status_code == 403


def test_nobody_signs_up(now: datetime) -> None:
    answer = Client().post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD})

    assert "People come in by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_admin_has_no_door_of_its_own(programme: Programme, client_for: Any) -> None:
    answer = Client().post("/admin/login/", {"username": "x", "password": "y"})
    refused = client_for(person(Role.PARTNER, programme)).get("/admin/", follow=True)

    assert answer["Location"] == "/account/login/?next=/admin/"
    assert refused.status_code == 403


def test_coordinator_passes_both_steps(programme: Programme, now: datetime) -> None:
    user, browser = with_password(Role.COORDINATOR, programme), Client()
    secret = give_authenticator(user)

    first = sign_in(browser, user)
    page = browser.get(first["Location"]).content.decode()
    second = browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})

    assert first["Location"] == "/account/2fa/authenticate/"
    assert f'the code now is <strong class="app-code">{code_of(secret)}</strong>' in page
    assert second["Location"] == "/"
    assert browser.get("/account/security/").status_code == 200


def test_demonstration_shows_the_next_code_when_one_is_used(
    programme: Programme, now: datetime
) -> None:
    user = with_password(Role.COORDINATOR, programme)
    give_authenticator(user)
    for _ in range(2):
        browser = Client()
        sign_in(browser, user)

        answer = browser.post("/account/2fa/authenticate/", {"code": second_factor.demo_code(user)})

        assert answer["Location"] == "/"


def test_code_is_shown_in_demonstrations_only(
    programme: Programme, now: datetime, settings: Any
) -> None:
    settings.DEMO = False
    user, browser = with_password(Role.COORDINATOR, programme), Client()
    secret = give_authenticator(user)

    sign_in(browser, user)
    page = browser.get("/account/2fa/authenticate/").content.decode()

    assert second_factor.demo_code(user) == second_factor.demo_code_of(secret) == ""
    assert "demonstration" not in page.lower()
    assert code_of(secret) not in page


def test_code_works_once(programme: Programme, now: datetime) -> None:
    user = with_password(Role.COORDINATOR, programme)
    code = code_of(give_authenticator(user))
    first, thief = Client(), Client()
    sign_in(first, user)
    sign_in(thief, user)

    first.post("/account/2fa/authenticate/", {"code": code})
    answer = thief.post("/account/2fa/authenticate/", {"code": code})

    assert "That code does not work" in answer.content.decode()
    assert "_auth_user_id" not in thief.session


def test_secret_is_not_kept_in_the_clear(programme: Programme) -> None:
    secret = give_authenticator(person(Role.COORDINATOR, programme))

    assert secret not in str(Authenticator.objects.get().data)


@pytest.mark.django_db(transaction=True)
def test_coordinator_without_a_second_factor_sets_one_up_first(
    programme: Programme, now: datetime
) -> None:
    user, browser = with_password(Role.COORDINATOR, programme), Client()
    sign_in(browser, user)

    led = [browser.get(path)["Location"] for path in ("/", "/admin/", "/account/security/")]
    page = browser.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    done = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)

    assert {where.split("?")[0] for where in led} == {"/account/second-step/"}
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "Your recovery codes" in done.content.decode()
    assert browser.get("/account/security/").status_code == 200


def test_role_gained_while_signed_in_asks_for_the_second_step(
    programme: Programme, client_for: Any, now: datetime
) -> None:
    user = person(Role.PARTNER, programme)
    without = client_for(user, second_factor=False)
    assert without.get("/account/security/").status_code == 200
    people.grant_role(user=user, programme=programme, role=Role.STAFF, by=None, now=now)

    assert without.get("/account/security/")["Location"].startswith("/account/second-step/")

    secret = give_authenticator(user)
    having = without.get("/account/security/")["Location"]
    assert having == "/account/2fa/reauthenticate/?next=/account/security/"
    # Setting up another factor would go round the one there is.
    for way_round in ("/account/2fa/webauthn/add/", "/account/reauthenticate/", "/account/email/"):
        assert without.get(way_round)["Location"].startswith("/account/2fa/reauthenticate/")
    answer = without.post(having, {"code": code_of(secret)})
    assert answer["Location"] == "/account/security/"
    assert without.get("/account/security/").status_code == 200


def test_last_factor_stays_with_whoever_needs_one(
    programme: Programme, client_for: Any, now: datetime
) -> None:
    user = person(Role.COORDINATOR, programme)
    give_authenticator(user)

    answer = client_for(user).post("/account/2fa/totp/deactivate/")

    assert "Set another one up first" in answer.content.decode()
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_last_passkey_stays_with_whoever_needs_one(
    programme: Programme, client_for: Any, now: datetime
) -> None:
    user = person(Role.COORDINATOR, programme)
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "My phone"})

    answer = client_for(user).post(f"/account/2fa/webauthn/keys/{key.pk}/remove/", follow=True)

    assert "Set another one up first" in answer.content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_passkey_sign_in_counts_as_second_factor(
    programme: Programme, rf: Any, client_for: Any
) -> None:
    user = person(Role.COORDINATOR, programme)
    request = rf.get("/")
    request.user, request.session = user, client_for(user, second_factor=False).session
    assert not second_factor.passed(request)

    record_authentication(request, user, "mfa", type="webauthn", passwordless=True)

    assert second_factor.passed(request)


def test_partner_may_take_the_second_step_away(
    programme: Programme, client_for: Any, now: datetime
) -> None:
    user = person(Role.PARTNER, programme)
    give_authenticator(user)

    client_for(user).post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=user).exists()


@pytest.mark.error_logs(reason="no mail server answers, and a 503 is logged")
def test_mail_that_cannot_be_sent_is_told(
    programme: Programme, now: datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user = person(Role.PARTNER, programme)
    people.verify_address(user=user)

    answer = Client().post("/account/login/code/", {"email": user.email}, follow=True)

    assert answer.status_code == 503
    assert "We could not send the e-mail" in answer.content.decode()


def test_too_many_requests_for_codes_get_a_page(programme: Programme, now: datetime) -> None:
    for number in range(20):
        Client().post("/account/password/reset/", {"email": f"a{number}@example.org"})

    answer = Client().post("/account/password/reset/", {"email": "b@example.org"})

    assert answer.status_code == 429
    assert "There were too many tries" in answer.content.decode()


def test_new_address_is_proved_and_the_old_one_told(
    programme: Programme, now: datetime, client_for: Any
) -> None:
    user = person(Role.PARTNER, programme, email="old@example.org")
    people.verify_address(user=user)
    browser = client_for(user)
    browser.post("/account/email/", {"email": "new@example.org", "action_add": "yes"})
    code = mail.outbox[-1].subject.rsplit(" ", 1)[1]

    browser.post("/account/confirm-email/", {"code": code})

    assert mail.outbox[0].to == ["new@example.org"]
    assert User.objects.get(pk=user.pk).email == "new@example.org"
    assert ["old@example.org"] in [message.to for message in mail.outbox]
