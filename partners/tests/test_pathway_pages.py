"""Pages of the pathway, of learning, and of what has to be in place, for partners and in the admin.

Who may open which page is asked in tests/architecture; here is what the pages do and say.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, User
from partners.models import (
    AgreementText,
    LearningPlace,
    Partner,
    RequirementRecord,
    RoleHeld,
    RoleWish,
)
from partners.services import learning, pathway, requirement_records, requirements
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner
from partners.tests.pathway_factories import item, requirement, role, session

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme, now: Any) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def mo(partner: Partner, client_for: SignIn) -> Client:
    return client_for(partner.user)


@pytest.fixture
def cora(coordinator: User, client_for: SignIn, now: Any) -> Client:
    return client_for(coordinator)


def _text(response: Any) -> str:
    return str(response.content.decode())


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what the process reads once is not the page's
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pathway_shows_roles_of_today_and_before_without_rank(mo: Client, partner: Partner) -> None:
    roles = pathway.seed_pathway(programme=partner.programme, by=None, now=NOW)
    give: dict[str, Any] = {"partner": partner, "by": None, "now": NOW}
    pathway.give_role(role=roles[2], starts_on=date(2020, 1, 1), ends_on=date(2024, 5, 1), **give)
    pathway.give_role(role=roles[0], starts_on=date(2024, 5, 2), **give)

    page = _text(mo.get(reverse("partners:pathway")))

    assert "Yours now: Sharing experience." in page  # the picture in words
    assert "You did this from 1 January 2020 to 1 May 2024." in page
    assert "You have done this before." in page
    for word in ("former", "step down", "demot", "senior", "level up", "promot", "ladder"):
        assert word not in page.lower()


def test_wish_is_said_and_taken_back_by_pressing(mo: Client, partner: Partner) -> None:
    mentor = role(partner.programme)
    there = reverse("partners:wish", args=[mentor.pk])

    assert mo.get(there).status_code == 405
    assert "Thank you." in _text(mo.post(there, {"wish": "yes"}, follow=True))
    assert RoleWish.objects.get().partner == partner
    mo.post(there, {"wish": "no"})
    assert not RoleWish.objects.exists()
    elsewhere = role(PartnerFactory().programme)
    assert mo.post(reverse("partners:wish", args=[elsewhere.pk])).status_code == 404


def test_place_is_booked_given_back_and_waited_for(mo: Client, partner: Partner) -> None:
    at = session(partner.programme, places=1)
    book, back = (reverse(f"partners:{name}", args=[at.pk]) for name in ("book", "give_back"))

    assert "You are down for" in _text(mo.post(book, follow=True))
    assert "Thank you for telling us" in _text(mo.post(back, follow=True))
    assert "given back already" in _text(mo.post(back, follow=True))
    other = PartnerFactory(programme=partner.programme)
    learning.book(session=at, partner=other, by=None, now=NOW)
    assert "You are on the waiting list" in _text(mo.post(book, follow=True))


def test_learning_alone_keeps_what_was_typed(mo: Client, partner: Partner) -> None:
    there = reverse("partners:did_it", args=[item(partner.programme).pk])
    typed = {
        "happened_on_day": "1", "happened_on_month": "1", "happened_on_year": "2030",
        "minutes": "many", "reflection": "Ask first \u202e \U0001f600",
    }  # fmt: skip

    page = _text(mo.post(there, typed))

    assert "The day must be today or in the past" in page
    assert "Enter a whole number, like 12" in page
    assert typed["reflection"] in page
    good = {**typed, "happened_on_year": "2026", "minutes": "45"}
    assert "it is written down" in _text(mo.post(there, good, follow=True))
    assert "down for that day already" in _text(mo.post(there, good))


def test_agreement_is_read_and_accepted_on_its_page(mo: Client, partner: Partner) -> None:
    requirements.seed_requirements(programme=partner.programme, by=None, now=NOW)
    version = AgreementText.objects.get()
    there = reverse("partners:accept_agreement", args=[version.requirement_id])

    assert "keep to myself what I learn" in _text(mo.get(there))
    assert "Tick the box" in _text(mo.post(there, {"version": version.pk}))
    stale = mo.post(there, {"version": version.pk + 1, "accepted": "on"})
    assert "There is a newer version" in _text(stale)
    done = _text(mo.post(there, {"version": version.pk, "accepted": "on"}, follow=True))
    assert "Version 1 accepted" in done
    assert RequirementRecord.objects.get().agreement == version


def test_what_is_shown_waits_and_is_handed_out_as_an_attachment(
    mo: Client, cora: Client, partner: Partner
) -> None:
    asked = requirement(partner.programme, evidence_wanted=True)
    there = reverse("partners:show_requirement", args=[asked.pk])
    day = {"obtained_on_day": "2", "obtained_on_month": "3", "obtained_on_year": "2026"}

    nothing = _text(mo.post(there, {**day, "from_elsewhere": ""}))
    wrong = SimpleUploadedFile("virus.pdf", b"MZ renamed")
    renamed = _text(mo.post(there, {**day, "file": wrong}))
    good = SimpleUploadedFile("certificate.pdf", b"%PDF-1.4\n%%EOF\n")
    shown = _text(mo.post(there, {**day, "file": good}, follow=True))

    assert "Add something that shows it" in nothing
    assert "We cannot tell what this file is" in renamed
    assert 'value="2026"' in renamed
    assert "Waiting to be looked at" in shown
    record = RequirementRecord.objects.get()
    for client, name in (
        (mo, "partners:requirement_file"),
        (cora, "admin:partners_requirementrecord_file"),
    ):
        answer = client.get(reverse(name, args=[record.pk]))
        assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "record to look at" in _text(cora.get("/admin/"))


def test_dbs_check_asks_for_no_file(mo: Client, partner: Partner) -> None:
    check = requirement(partner.programme, "DBS", kind="dbs", dbs_level="basic")

    page = _text(mo.get(reverse("partners:show_requirement", args=[check.pk])))

    assert 'type="file"' not in page
    assert "do not send the certificate" in page


def test_requirement_of_others_is_hidden(mo: Client, partner: Partner) -> None:
    asked = requirement(partner.programme)
    asked.roles.add(role(partner.programme))

    assert mo.get(reverse("partners:requirement", args=[asked.pk])).status_code == 404
    assert "Nothing has to be in place" in _text(mo.get(reverse("partners:requirements")))


def test_coordinator_gives_a_role_and_is_told_when_it_overlaps(
    cora: Client, partner: Partner
) -> None:
    mentor = role(partner.programme)
    choose = reverse("admin:partners_roleheld_add")
    there = f"{choose}?partner={partner.pk}"
    facts = {
        "role": mentor.pk,
        "starts_on_day": "1", "starts_on_month": "3", "starts_on_year": "2026",
        "where": "Upper limb",
    }  # fmt: skip

    assert "Maureen Okafor" in _text(cora.get(choose, {"q": "okafor"}))
    cora.post(there, facts)
    again = _text(cora.post(there, facts))

    held = RoleHeld.objects.get()
    assert (held.partner, held.where) == (partner, "Upper limb")
    assert "This role is down for some of these days already." in again
    assert 'value="Upper limb"' in again


def test_coordinator_records_who_was_there_and_never_reads_what_partners_wrote(
    cora: Client, partner: Partner
) -> None:
    at = session(partner.programme, days=-1)
    place = LearningPlace.objects.create(
        session=at, partner=partner, status="booked", asked_at=NOW, reflection="Private marmalade"
    )
    page = reverse("admin:partners_learningsession_change", args=[at.pk])

    assert "marmalade" not in _text(cora.get(page))
    there = reverse("admin:partners_learningsession_attendance", args=[at.pk])
    assert "marmalade" not in _text(cora.get(there))
    said = _text(cora.post(there, {"there": [place.pk]}, follow=True))
    assert "in the portfolio of who was there" in said
    again = _text(cora.post(there, {"there": [place.pk]}, follow=True))
    assert "once only" in again
    place.refresh_from_db()
    assert place.contribution.status == "confirmed"


def test_coordinator_approves_sends_back_and_asks(cora: Client, partner: Partner) -> None:
    asked = requirement(partner.programme, valid_months=12)
    record = requirement_records.show(
        requirement=asked, partner=partner, obtained_on=date(2026, 11, 2), by=None, now=NOW
    )
    back = reverse("admin:partners_requirementrecord_send_back", args=[record.pk])
    approve = reverse("admin:partners_requirementrecord_approve", args=[record.pk])
    days = {
        "obtained_on_day": "2", "obtained_on_month": "11", "obtained_on_year": "2026",
        "expires_on_day": "1", "expires_on_month": "11", "expires_on_year": "2026",
    }  # fmt: skip

    assert "Say what is missing" in _text(cora.post(back, {"why": ""}))
    cora.post(back, {"why": "The date"})
    assert "must be on or after the first" in _text(cora.post(approve, days))
    cora.post(approve, {**days, "expires_on_year": "2027"})

    record.refresh_from_db()
    assert (record.status, record.expires_on) == ("approved", date(2027, 11, 1))
    other = requirement(partner.programme, "Conflict")
    there = reverse("admin:partners_requirementrecord_add")
    cora.post(f"{there}?partner={partner.pk}&requirement={other.pk}", {"ask": "1"})
    assert RequirementRecord.objects.get(requirement=other).status == "asked"


def test_year_shows_everybody_and_says_the_same_as_a_file(cora: Client, partner: Partner) -> None:
    asked = requirement(partner.programme, "Safe, and sound", valid_months=12)
    PartnerFactory(programme=partner.programme, name="=cmd Nobody")
    PartnerFactory(programme=partner.programme, name="Gone Long", status="left")
    requirement_records.put_in_place(
        requirement=asked, partner=partner, obtained_on=date(2026, 1, 2),
        expires_on=date(2027, 1, 2), by=User.objects.get(email="cora@example.org"), now=NOW,
    )  # fmt: skip
    there = reverse("admin:partners_requirementrecord_year")

    page = _text(cora.get(there))
    only = _text(cora.get(there, {"show": "nothing"}))
    answer = cora.get(reverse("admin:partners_requirementrecord_year_csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert "Until 2 January 2027" in page
    assert "Nothing recorded yet" in page
    assert "Gone Long" not in page
    assert "=cmd Nobody" in only
    assert "Maureen Okafor" not in only
    assert lines == [
        'Partner,"Safe, and sound",DBS on the register',
        "'=cmd Nobody,Nothing recorded yet,Nothing recorded",
        "Maureen Okafor,Until 2 January 2027,Nothing recorded",
    ]


def _more(programme: Programme, number: int) -> None:
    """One more of everything."""
    other = PartnerFactory(programme=programme)
    part = role(programme, f"Role {number}")
    asked = requirement(programme, f"Course {number}")
    thing = item(programme, f"Thing {number}")
    thing.roles.add(part)
    starts_at = timezone.now() + timedelta(days=3)
    at = learning.plan_session(
        item=thing, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), places=9,
        by=None, now=NOW,
    )  # fmt: skip
    today = date(2026, 11, 20)
    for partner in (other, Partner.objects.filter(programme=programme, user__isnull=False).first()):
        who: dict[str, Any] = {"partner": partner, "by": None, "now": NOW}
        pathway.give_role(role=part, starts_on=today, **who)
        pathway.wish(role=part, **who)
        requirement_records.show(requirement=asked, obtained_on=today, **who)
        learning.book(session=at, **who)


@pytest.mark.parametrize(
    ("name", "whose", "number"),
    [
        ("partners:pathway", "mo", 10),
        ("partners:learning", "mo", 9),
        ("partners:requirements", "mo", 9),
        ("admin:partners_roleheld_changelist", "cora", 5),
        ("admin:partners_rolewish_changelist", "cora", 5),
        ("admin:partners_learningsession_changelist", "cora", 5),
        ("admin:partners_requirementrecord_changelist", "cora", 5),
        ("admin:partners_requirementrecord_year", "cora", 10),
    ],
)
def test_lists_ask_the_same_number_of_queries(
    name: str, whose: str, number: int, mo: Client, cora: Client, partner: Partner
) -> None:
    client = {"mo": mo, "cora": cora}[whose]
    _more(partner.programme, 1)

    assert _queries(client, reverse(name)) == number
    for more in (2, 3):
        _more(partner.programme, more)
    assert _queries(client, reverse(name)) == number
