"""A partner's profile and portfolio, as a partner and as somebody else meets them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.services.people import grant_role
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Contribution, Partner
from partners.services import ledger
from partners.tests.factories import (
    NOW,
    ExpertiseFactory,
    confirmed_contribution,
    contribution,
    signed_up_partner,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def mo(partner: Partner, client_for: SignIn) -> Client:
    return client_for(partner.user)


def filled(**values: Any) -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=3)
    return {
        "title": "Expert panel",
        "kind": "panel",
        "happened_on_day": day.day,
        "happened_on_month": day.month,
        "happened_on_year": day.year,
        "hours": "1",
        "minutes": "30",
        **values,
    }


def test_the_profile_lists_what_is_held_with_links_to_change_it(
    mo: Client, partner: Partner
) -> None:
    ExpertiseFactory(partner=partner, text="Ten years of pain")

    page = mo.get(reverse("partners:profile")).content.decode()

    for shown in ("Maureen Okafor", "Mo", partner.email, "Ten years of pain", "Only you see this"):
        assert shown in page
    for name in ("change_name", "change_contact", "access", "add_expertise"):
        assert reverse(f"partners:{name}") in page


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("change_name", {"name": " Maureen  Obi ", "known_as": ""}, {"name": "Maureen Obi"}),
        (
            "change_contact",
            {"email": "MO@Example.org", "phone": "7700900101"},
            {"email": "mo@example.org", "phone": "07700900101"},
        ),
        ("change_contact", {"email": "", "phone": ""}, {"email": None, "phone": ""}),
        (
            "change_access",
            {"access_needs": "Large print\r\nLoop"},
            {"access_needs": "Large print\nLoop"},
        ),
    ],
)
def test_each_small_group_is_changed_on_its_page(
    mo: Client, partner: Partner, name: str, sent: dict[str, str], kept: dict[str, Any]
) -> None:
    assert mo.get(reverse(f"partners:{name}")).status_code == 200

    answer = mo.post(reverse(f"partners:{name}"), sent)

    partner.refresh_from_db()
    assert answer.status_code == 302
    assert {field: getattr(partner, field) for field in kept} == kept


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("change_name", {"name": " "}, "Enter your full name"),
        ("change_contact", {"email": "mo at example"}, "Enter an e-mail address like"),
        ("change_contact", {"phone": "call me"}, "Enter a telephone number"),
        ("change_contact", {"email": "taken@example.org"}, "already has this e-mail address"),
        ("change_access", {"access_needs": "x" * 2001}, "Shorten this to 2,000"),
        ("add_expertise", {"text": "I sew"}, "Choose where it comes from"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_field(
    mo: Client, partner: Partner, name: str, sent: dict[str, str], sentence: str
) -> None:
    signed_up_partner(partner.programme, email="taken@example.org")

    page = mo.post(reverse(f"partners:{name}"), sent).content.decode()

    assert sentence in page
    assert "<title>Error: " in page
    assert all(value in page for value in sent.values())
    partner.refresh_from_db()
    assert partner.name == "Maureen Okafor"


def test_the_portfolio_tells_the_sum_in_words_and_filters(mo: Client, partner: Partner) -> None:
    contribution(partner, minutes=90, happened_on=date(2026, 3, 2), title="Panel")
    confirmed_contribution(
        partner, minutes=60, happened_on=date(2025, 3, 2), kind="research", title="Study"
    )

    everything = mo.get(reverse("partners:portfolio")).content.decode()
    one_year = mo.get(reverse("partners:portfolio"), {"year": "2025"}).content.decode()
    nothing = mo.get(
        reverse("partners:portfolio"), {"year": "2025", "kind": "mdt"}
    ).content.decode()

    assert "You have given 2 hours 30 minutes, in 2 pieces of work." in everything
    assert "To be confirmed" in everything
    assert "Here you gave 1 hour, in 1 piece of work." in one_year
    assert "Study" in one_year
    assert "Panel</a>" not in one_year
    assert "Nothing fits these filters" in nothing


def test_an_empty_portfolio_says_how_to_begin(mo: Client) -> None:
    page = mo.get(reverse("partners:portfolio")).content.decode()

    assert "This is where your work will stand" in page
    assert reverse("partners:add_contribution") in page


def test_add_something_says_what_happens_next(mo: Client, partner: Partner) -> None:
    assert mo.get(reverse("partners:add_contribution")).status_code == 200

    page = mo.post(reverse("partners:add_contribution"), filled(), follow=True)

    row = Contribution.objects.get()
    assert (row.minutes, row.partner, row.recorded_by) == (90, partner, partner.user)
    assert page.redirect_chain == [(reverse("partners:added", args=[row.pk]), 302)]
    assert "Your coordinator confirms it" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Say in a few words what you did"),
        ({"kind": ""}, "Choose the kind of work"),
        ({"hours": "", "minutes": ""}, "Enter how long it took"),
        ({"hours": "two"}, "Hours must be a whole number"),
        ({"hours": "24", "minutes": "1"}, "Enter 24 hours or less"),
        ({"hours": "23", "minutes": "0"}, "more than 24 hours"),
        ({"happened_on_year": "2999"}, "The day must"),
        ({"happened_on_day": "31", "happened_on_month": "2"}, "The day must be a real date"),
    ],
)
def test_add_something_wrong_is_told_and_nothing_typed_is_lost(
    mo: Client, partner: Partner, wrong: dict[str, str], sentence: str
) -> None:
    contribution(partner, minutes=90, happened_on=timezone.localdate() - timedelta(days=3))
    sent = filled(title="A panel on pain") | wrong

    page = mo.post(reverse("partners:add_contribution"), sent).content.decode()

    assert sentence in page
    assert "<title>Error: " in page
    assert "title" in wrong or "A panel on pain" in page
    assert Contribution.objects.count() == 1


def test_one_contribution_shows_facts_words_and_history(mo: Client, partner: Partner) -> None:
    row = confirmed_contribution(
        partner, by=person(Role.COORDINATOR, partner.programme, name="Cora")
    )

    page = mo.get(reverse("partners:contribution", args=[row.pk])).content.decode()

    assert "Monday 2 November 2026" in page
    assert "1 hour 30 minutes" in page
    assert "Cora confirmed this" in page
    assert "Ready to claim" in page
    assert reverse("partners:change_contribution", args=[row.pk]) not in page


def test_the_partner_writes_about_the_work(mo: Client, partner: Partner) -> None:
    row = confirmed_contribution(partner)

    mo.post(reverse("partners:reflect", args=[row.pk]), {"reflection": "I was heard <3"})

    page = mo.get(reverse("partners:contribution", args=[row.pk])).content.decode()
    assert "I was heard &lt;3" in page
    assert mo.get(reverse("partners:reflect", args=[row.pk])).status_code == 200


def test_what_waits_can_be_changed_and_taken_back(mo: Client, partner: Partner) -> None:
    row = contribution(partner)
    change, withdraw = (
        reverse(f"partners:{name}", args=[row.pk]) for name in ("change_contribution", "withdraw")
    )
    assert mo.get(change).status_code == mo.get(withdraw).status_code == 200

    mo.post(change, filled(hours="2", minutes=""))
    row.refresh_from_db()
    assert row.minutes == 120
    assert "why you take it back" in mo.post(withdraw, {"why": ""}).content.decode()
    mo.post(withdraw, {"why": "Twice"})

    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert mo.get(change).status_code == 403
    assert mo.post(withdraw, {"why": "Again"}).status_code == 403
    assert mo.get(reverse("partners:contribution", args=[row.pk])).status_code == 200


def test_work_with_a_page_of_its_own_is_changed_there(mo: Client, partner: Partner) -> None:
    row = contribution(partner, source_path="/diary/1/")

    page = mo.get(reverse("partners:contribution", args=[row.pk])).content.decode()

    assert 'href="/diary/1/"' in page
    assert mo.get(reverse("partners:change_contribution", args=[row.pk])).status_code == 403
    assert mo.get(reverse("partners:withdraw", args=[row.pk])).status_code == 403


ONE_OF_MINE = [
    "contribution",
    "added",
    "change_contribution",
    "withdraw",
    "reflect",
    "share_entry",
    "add_link",
    "add_file",
    "ask_for_thanks",
]


@pytest.mark.parametrize("name", ONE_OF_MINE)
@pytest.mark.parametrize("who", ["colleague", "elsewhere", "partner_and_coordinator"])
def test_somebody_elses_work_is_not_found(
    partner: Partner, programme: Programme, client_for: SignIn, name: str, who: str
) -> None:
    row = contribution(partner, reflection="Mine alone")
    home = ProgrammeFactory() if who == "elsewhere" else programme
    user = signed_up_partner(home).user
    if who == "partner_and_coordinator":
        grant_role(user=user, programme=home, role=Role.COORDINATOR, by=None, now=NOW)

    answer = client_for(user).get(reverse(f"partners:{name}", args=[row.pk]))

    assert answer.status_code == 404
    assert "Mine alone" not in answer.content.decode()


@pytest.mark.parametrize("name", ["profile", "portfolio", "add_contribution", "change_name"])
def test_the_portal_pages_are_for_partners(
    programme: Programme, coordinator: User, client_for: SignIn, name: str
) -> None:
    assert client_for(coordinator).get(reverse(f"partners:{name}")).status_code == 403
    assert Client().get(reverse(f"partners:{name}")).status_code == 302


def test_somebody_elses_expertise_is_not_found(mo: Client, programme: Programme) -> None:
    item = ExpertiseFactory(partner=signed_up_partner(programme), visibility="staff")

    assert mo.get(reverse("partners:change_expertise", args=[item.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "number"), [("portfolio", 10), ("contribution", 6), ("profile", 9)]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_asks_the_same_however_many_rows(
    mo: Client, partner: Partner, name: str, number: int, rows: int
) -> None:
    for i in range(rows):
        row = contribution(partner, happened_on=date(2026, 11, 2 + i))
        ExpertiseFactory(partner=partner)
        for minutes in range(1, rows):
            ledger.amend(contribution=row, by=None, now=timezone.now(), minutes=minutes)
    address = reverse(f"partners:{name}", args=[row.pk] if name == "contribution" else [])
    mo.get(address)

    with CaptureQueriesContext(connection) as asked:
        mo.get(address)

    assert len(asked) == number
