"""A concern reaches the named lead, and nobody else sees that there is one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2 import sql

from accounts.models import Message, Programme, Role, User
from accounts.services.people import end_role, leave
from accounts.services.programmes import ProgrammeError, change_programme
from accounts.tests.factories import ProgrammeFactory, UserFactory, person
from partners.models import Concern
from partners.services import support_concerns
from partners.services.support import SupportError
from partners.tests.factories import NOW, signed_up_partner
from partners.tests.support_factories import lead_of
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
RAISE = "partners:raise_concern"
MARK = "zebrafish-4711"


@pytest.fixture
def lead(programme: Programme) -> User:
    return lead_of(programme)


@pytest.fixture
def mo(programme: Programme) -> User:
    user = signed_up_partner(programme, name="Mo Okafor").user
    assert user is not None
    return user


def concern_of(programme: Programme, by: User, **facts: Any) -> Concern:
    return support_concerns.raise_concern(
        programme=programme, by=by, now=NOW, **{"text": f"It is about {MARK}", **facts}
    )


def test_a_concern_reaches_the_lead_and_the_mail_says_nothing_of_it(
    programme: Programme, lead: User, mo: User, client_for: SignIn
) -> None:
    client = client_for(mo)
    assert "Lena Frost" in client.get(reverse(RAISE)).content.decode()

    page = client.post(reverse(RAISE), {"text": f"It is {MARK}", "wants_call": "on"}, follow=True)

    concern = Concern.objects.get()
    assert (concern.raised_by, concern.lead, concern.wants_call) == (mo, lead, True)
    assert page.redirect_chain[-1][0] == reverse("partners:concern", args=[concern.pk])
    told = Message.objects.get(kind="concern")
    assert told.recipient == lead
    assert MARK not in told.subject + told.body
    assert mo.name not in told.subject + told.body
    theirs = client_for(lead).get(told.link).content.decode()
    assert MARK in theirs
    assert "Would like to be rung" in theirs


def test_an_empty_concern_is_told_beside_the_field_and_keeps_the_rest(
    lead: User, mo: User, client_for: SignIn
) -> None:
    page = client_for(mo).post(reverse(RAISE), {"text": " ", "wants_call": "on"}).content.decode()

    assert "<title>Error: " in page
    assert "in your own words" in page
    assert "checked" in page
    assert not Concern.objects.exists()


@pytest.mark.parametrize("named", ["nobody", "oneself", "gone", "no role"])
def test_without_a_lead_the_page_says_whom_to_ring_and_stores_nothing(
    programme: Programme, mo: User, client_for: SignIn, named: str
) -> None:
    programme.contact_name, programme.contact_phone = "Cora Lane", "01632 960001"
    programme.save()
    asks = mo
    if named != "nobody":
        lead = lead_of(programme)
        asks = lead if named == "oneself" else mo
        if named == "gone":
            leave(user=lead, by=None, now=NOW)
        if named == "no role":
            end_role(grant=lead.role_grants.get(), by=None, now=NOW)
    client = client_for(asks)

    page = client.get(reverse(RAISE)).content.decode()
    client.post(reverse(RAISE), {"text": "Something"})

    assert "Cora Lane" in page
    assert "01632 960001" in page
    assert not Concern.objects.exists()
    with pytest.raises(SupportError, match="ring or write"):
        concern_of(programme, asks)


@pytest.mark.parametrize(
    "who", ["coordinator", "other staff", "other partner", "elsewhere", "superuser", "no role"]
)
def test_nobody_else_sees_that_there_is_a_concern(
    programme: Programme, lead: User, mo: User, client_for: SignIn, who: str
) -> None:
    concern = concern_of(programme, mo)
    support_concerns.close_concern(concern=concern, outcome=f"Done: {MARK}", by=lead, now=NOW)
    user = {
        "coordinator": lambda: person(Role.COORDINATOR, programme),
        "other staff": lambda: person(Role.STAFF, programme),
        "other partner": lambda: signed_up_partner(programme).user,
        "elsewhere": lambda: person(Role.COORDINATOR, ProgrammeFactory()),
        "superuser": lambda: UserFactory(is_superuser=True),
        "no role": UserFactory,
    }[who]()
    client = client_for(user)

    for name in ("concern", "close_concern"):
        assert client.get(reverse(f"partners:{name}", args=[concern.pk])).status_code == 404
    seen = reverse("partners:take_up_concern", args=[concern.pk])
    assert client.post(seen).status_code == 404
    pages = [reverse("partners:concerns"), reverse("home"), reverse("partners:raise_concern")]
    if who in {"coordinator", "elsewhere", "superuser"}:
        pages += [reverse("admin:index")]
        pages += [reverse("admin:accounts_message_changelist")] if who != "superuser" else []
    for page in pages:
        shown = client.get(page, follow=True).content.decode()
        assert MARK not in shown
        assert f"/concerns/{concern.pk}/" not in shown
        assert "with a concern" not in shown
        assert "There is an answer for you" not in shown


def test_the_admin_knows_no_concerns(programme: Programme, lead: User, mo: User) -> None:
    concern_of(programme, mo)
    cora = person(Role.COORDINATOR, programme)

    assert not admin.site.is_registered(Concern)
    assert Message.objects.filter(kind="concern").exists()
    assert not Message.objects.visible_to(cora).filter(kind="concern").exists()


def test_the_audit_and_the_log_keep_no_word_of_it(
    programme: Programme, lead: User, mo: User, client_for: SignIn, capfd: Any
) -> None:
    client_for(mo).post(reverse(RAISE), {"text": f"It is {MARK}"})
    concern = Concern.objects.get()
    done = {"outcome": f"Settled {MARK}"}
    client_for(lead).post(reverse("partners:close_concern", args=[concern.pk]), done)

    concern.refresh_from_db()
    assert concern.outcome == f"Settled {MARK}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()} - {"partners_concern"}
        for table in sorted(tables):
            ask = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE %s")
            cursor.execute(ask.format(sql.Identifier(table)), [f"%{MARK}%"])
            assert cursor.fetchone() == (0,), table
    assert MARK not in json.dumps(capfd.readouterr())


def test_the_lead_takes_it_up_and_answers_and_who_raised_it_is_told(
    programme: Programme, lead: User, mo: User, client_for: SignIn
) -> None:
    concern = concern_of(programme, mo)
    page = reverse("partners:concern", args=[concern.pk])
    client = client_for(lead)
    assert mo.name in client.get(reverse("partners:concerns")).content.decode()

    client.post(reverse("partners:take_up_concern", args=[concern.pk]))
    client.post(reverse("partners:close_concern", args=[concern.pk]), {"outcome": ""})
    concern.refresh_from_db()
    assert concern.status == "seen"
    client.post(reverse("partners:close_concern", args=[concern.pk]), {"outcome": "We spoke."})

    concern.refresh_from_db()
    assert (concern.status, concern.closed_by) == ("closed", lead)
    told = Message.objects.get(kind="concern", recipient=mo)
    assert (told.subject, told.link) == ("There is an answer for you", page)
    assert "We spoke." not in told.body
    assert "We spoke." in client_for(mo).get(page).content.decode()
    with pytest.raises(IllegalMoveError):
        support_concerns.take_up(concern=concern, by=lead, now=NOW)
    assert not any(line.why for line in concern.history.all())


def test_who_raised_it_may_not_close_it(
    programme: Programme, lead: User, mo: User, client_for: SignIn
) -> None:
    concern = concern_of(programme, mo)
    client = client_for(mo)

    closed = client.post(reverse("partners:close_concern", args=[concern.pk]), {"outcome": "So"})
    seen = client.post(reverse("partners:take_up_concern", args=[concern.pk]))

    assert (closed.status_code, seen.status_code) == (403, 403)


def test_another_lead_sees_earlier_concerns_only_once_the_first_has_left(
    programme: Programme, lead: User, mo: User
) -> None:
    concern = concern_of(programme, mo)
    other = lead_of(programme, name="Omar Holt")

    assert not Concern.objects.visible_to(other).exists()
    end_role(grant=lead.role_grants.get(), by=None, now=NOW)

    assert Concern.objects.heard_by(User.objects.get(pk=other.pk)).get() == concern
    assert not Concern.objects.visible_to(User.objects.get(pk=lead.pk)).exists()


def test_only_staff_of_the_programme_are_named(
    programme: Programme, coordinator: User, mo: User, client_for: SignIn
) -> None:
    staff = person(Role.STAFF, programme, name="Lena Frost")
    change = reverse("admin:accounts_programme_change", args=[programme.pk])
    client = client_for(coordinator)
    page = client.get(change).content.decode()
    assert "Lena Frost" in page
    assert f'<option value="{mo.pk}"' not in page

    with pytest.raises(ProgrammeError, match="staff"):
        change_programme(programme=programme, by=coordinator, now=NOW, concern_lead=mo)
    sent = {
        name: getattr(programme, name)
        for name in ("name", "partner_term", "partner_term_plural", "partner_term_short", "accent")
    }
    client.post(change, {**sent, "concern_lead": staff.pk})

    programme.refresh_from_db()
    assert programme.concern_lead == staff


def test_every_page_of_whoever_is_signed_in_leads_to_it(
    mo: User, coordinator: User, client_for: SignIn
) -> None:
    link = f'href="{reverse(RAISE)}"'

    assert link in client_for(mo).get(reverse("partners:profile")).content.decode()
    assert link in client_for(mo).get("/no-such-page/").content.decode()
    assert link in client_for(coordinator).get(reverse("admin:index")).content.decode()
    assert link not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_many_concerns(
    programme: Programme, lead: User, mo: User, client_for: SignIn, rows: int
) -> None:
    for _ in range(rows):
        concern_of(programme, mo)
    client = client_for(lead)
    client.get(reverse("partners:concerns"))

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("partners:concerns"))

    assert len(asked) == 5
