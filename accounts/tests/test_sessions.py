"""How long a session lasts, and what becomes of what was typed when it ended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import Programme, Role, Session, UnsentForm, User
from accounts.services.expired import clear_expired
from accounts.tests.factories import pass_second_factor, person

pytestmark = pytest.mark.django_db

PAGE = "/account/security/"
FORM = "/account/display/"
TYPED = {"text_size": "large", "contrast": "strong", "letterforms": "usual"}


def at(now: datetime, **later: float) -> Any:
    return time_machine.travel(now + timedelta(**later), tick=False)


@pytest.fixture
def partner(programme: Programme) -> User:
    return person(Role.PARTNER, programme)


@pytest.mark.parametrize(
    ("role", "minutes"), [(Role.PARTNER, 30), (Role.COORDINATOR, 15), (Role.CLINICIAN, 15)]
)
def test_session_left_alone_ends(
    role: str, minutes: int, programme: Programme, client_for: Any, now: datetime
) -> None:
    busy, idle = client_for(person(role, programme)), client_for(person(role, programme))
    for browser in (busy, idle):
        assert browser.get(PAGE).status_code == 200

    with at(now, minutes=minutes):
        assert busy.get(PAGE).status_code == 200
    with at(now, minutes=minutes, seconds=60):
        ended = idle.get(PAGE)
        assert ended["Location"] == f"/account/login/?ended=1&next={PAGE}"
        assert "You were signed out because" in idle.get(ended["Location"]).content.decode()
        assert busy.get(PAGE).status_code == 200


def test_session_ends_after_twelve_hours_however_busy(
    partner: User, client_for: Any, now: datetime
) -> None:
    browser = client_for(partner)
    for minutes in range(0, 12 * 60, 29):
        with at(now, minutes=minutes):
            assert browser.get(PAGE).status_code == 200

    with at(now, hours=12, seconds=-1):
        assert browser.get(PAGE).status_code == 200
    with at(now, hours=12, seconds=1):
        assert browser.get(PAGE).status_code == 302


def test_session_is_extended_by_one_press(partner: User, client_for: Any, now: datetime) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with at(now, minutes=29):
        by_script = browser.post("/account/session/extend/")
        by_form = browser.post("/account/session/extend/", {"next": PAGE})
        astray = browser.post("/account/session/extend/", {"next": "//evil.example/"})
    with at(now, minutes=58):
        still = browser.get(PAGE)

    assert by_script.status_code == 204
    assert (by_form["Location"], astray["Location"]) == (PAGE, "/")
    assert still.status_code == 200


def test_page_says_when_the_session_will_end(partner: User, client_for: Any) -> None:
    text = client_for(partner).get(PAGE).content.decode()

    assert f'data-warn-at="{28 * 60}" data-ends-at="{30 * 60}"' in text


def test_polling_page_does_not_write_a_row_a_second(
    partner: User, client_for: Any, now: datetime, django_assert_num_queries: Any
) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with django_assert_num_queries(4) as queries, at(now, seconds=2):
        browser.get("/account/programmes/")

    assert not any("UPDATE" in query["sql"] for query in queries.captured_queries)


def typed_too_late(browser: Client, now: datetime, path: str = FORM, **extra: Any) -> Any:
    browser.get(PAGE)
    with at(now, minutes=40):
        return browser.post(path, TYPED, HTTP_REFERER="http://testserver/account/display/", **extra)


def sign_in_again(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_what_was_typed_is_shown_after_signing_in_again(
    partner: User, client_for: Any, now: datetime
) -> None:
    answer = typed_too_late(client_for(partner), now)
    assert answer["Location"] == f"/account/login/?ended=1&next={FORM}"
    assert User.objects.get(pk=partner.pk).contrast == "usual"

    with at(now, minutes=41):
        again = Client(enforce_csrf_checks=True)
        again.force_login(partner)
        page = again.get(FORM)
        text = page.content.decode()
        token = page.context["csrf_token"]
        fields = dict(page.context["kept"].inputs)
        sent = again.post(FORM, {**fields, "csrfmiddlewaretoken": str(token)})
        after = again.get(FORM).content.decode()

    assert "You were signed out before this was sent" in text
    assert '<input type="hidden" name="contrast" value="strong">' in text
    assert sent.status_code == 302
    assert User.objects.get(pk=partner.pk).contrast == "strong"
    assert "You were signed out before" not in after
    assert not UnsentForm.objects.exists()


def test_what_was_typed_can_be_let_go(partner: User, client_for: Any, now: datetime) -> None:
    typed_too_late(client_for(partner), now)

    with at(now, minutes=41):
        again = sign_in_again(partner)
        answer = again.post("/account/unsent/let-go/", {"path": FORM})
        page = again.get(FORM)

    assert answer["Location"] == "/account/display/"
    assert "You were signed out before" not in page.content.decode()
    assert not UnsentForm.objects.exists()


def test_what_was_typed_in_another_tab_is_kept_too(
    partner: User, client_for: Any, now: datetime
) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with at(now, minutes=40):
        browser.get(PAGE)
        browser.post(FORM, TYPED)

    assert UnsentForm.objects.get().user == partner


def test_what_was_typed_in_the_thirteenth_hour_is_kept(
    partner: User, client_for: Any, now: datetime
) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with at(now, hours=13):
        browser.post(FORM, TYPED)

    assert UnsentForm.objects.get().fields["contrast"] == ["strong"]


def test_what_was_typed_is_shown_to_its_writer_alone(
    partner: User, programme: Programme, client_for: Any, now: datetime
) -> None:
    typed_too_late(client_for(partner), now)

    with at(now, minutes=41):
        other = sign_in_again(person(Role.PARTNER, programme))
        page = other.get(FORM)
        other.post("/account/unsent/let-go/", {"path": FORM})

    assert "You were signed out before" not in page.content.decode()
    assert UnsentForm.objects.filter(user=partner).exists()


def test_form_without_the_csrf_token_is_not_kept(partner: User, now: datetime) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(partner)

    answer = typed_too_late(browser, now)

    assert answer.status_code == 403
    assert not UnsentForm.objects.exists()


def test_secrets_are_never_kept(partner: User, client_for: Any, now: datetime) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with at(now, minutes=40):
        browser.post("/account/password/set/", {"password1": "a b c d e f g", "password2": "x"})
        browser.post(FORM, {"old_password": "hunter2", "code": "123456", "postcode": "EH1"})

    kept = UnsentForm.objects.get()
    assert kept.fields == {"postcode": ["EH1"]}


def test_second_factor_comes_before_what_was_typed(
    programme: Programme, client_for: Any, now: datetime
) -> None:
    staff = person(Role.STAFF, programme)
    typed_too_late(client_for(staff), now)

    with at(now, minutes=41):
        again = sign_in_again(staff)
        led = again.get(FORM)
        pass_second_factor(again, staff)
        page = again.get(FORM)

    assert led["Location"].startswith("/account/second-step/")
    assert "You were signed out before" in page.content.decode()


def test_htmx_request_of_an_ended_session_leads_the_whole_page_away(
    partner: User, client_for: Any, now: datetime
) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    with at(now, minutes=40):
        answer = browser.get(
            PAGE,
            headers={"hx-request": "true", "hx-current-url": "http://testserver/account/display/"},
        )

    assert answer["HX-Redirect"] == "/account/login/?ended=1&next=/account/display/"


def test_expired_rows_are_deleted(partner: User, client_for: Any, now: datetime) -> None:
    typed_too_late(client_for(partner), now)
    assert Session.objects.exists()

    clear_expired(now=now + timedelta(days=2))

    assert not Session.objects.exists()
    assert not UnsentForm.objects.exists()


def test_clear_expired_leaves_what_is_alive(partner: User, client_for: Any, now: datetime) -> None:
    browser = client_for(partner)
    browser.get(PAGE)

    clear_expired(now=now + timedelta(hours=1))

    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize("key", ["x", "\\000" * 12, "é" * 12, "' OR 1=1 --", "a" * 5000])
def test_forged_session_cookie_is_nobody(key: str, db: None) -> None:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key

    assert browser.get(PAGE).status_code == 302


def test_session_changes_its_name_at_sign_in(partner: User) -> None:
    browser = Client()
    browser.post("/account/login/code/", {"email": "no@example.org"})
    before = browser.session.session_key

    browser.force_login(partner)

    assert browser.session.session_key != before
