"""A partner's pages: two taps from Money to sent, nothing of anybody else's."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from accounts.models import Programme, User
from partners.models import Partner
from partners.tests.factories import signed_up_partner
from payments.models import Claim
from payments.services import claims, rates, runs
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    approved_claim,
    coordinator_of,
    submitted_claim,
    work,
)

MONEY_QUERIES = 12
CLAIM_QUERIES = 8
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    RateFactory(programme=programme)
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def browser(partner: Partner, client_for: SignIn) -> Client:
    client = client_for(partner.user)
    client.get("/money/")  # the session's first page writes when it was seen
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_money_of_a_new_partner_says_what_will_be_here(browser: Client) -> None:
    page = text(browser.get("/money/"))

    assert "Once your coordinator has confirmed your work" in page
    assert "Nothing is on its way." in page


def test_two_taps_lead_from_money_to_sent(browser: Client, partner: Partner) -> None:
    work(partner, 120)
    work(partner, 300, on=date(2026, 10, 7))
    assert "Claim £225.00 for 2 pieces of work" in text(browser.get("/money/"))

    check = browser.post("/money/claims/open/", follow=True)
    assert "This claim is for £225.00." in text(check)
    assert "2 hours: half a day" in text(check)
    claim = Claim.objects.get()
    done = browser.post(
        check.request["PATH_INFO"], {"shown": check.context["stands"].mark}, follow=True
    )

    claim.refresh_from_db()
    assert claim.status == "submitted"
    assert "Your claim is sent" in text(done)
    assert "The money comes with the payments of November 2026." in text(done)
    money = text(browser.get("/money/"))
    assert "Comes with the payments of November 2026, once it is approved" in money
    assert "Tuesday 6 October 2026" in money


def test_money_explains_what_cannot_be_claimed(browser: Client, partner: Partner) -> None:
    work(partner, on=date(2019, 1, 7), title="Focus group")
    rates.choose(partner=partner, choice="decline", starts_on=DAY, by=partner.user, now=NOW)
    work(partner)

    page = text(browser.get("/money/"))

    assert "No rate is set yet for “Focus group” on Monday 7 January 2019" in page
    assert "You chose not to be paid for 1 piece of work, so it is not in this." in page
    warned = browser.post("/money/claims/open/", follow=True)
    assert "No rate is set for this work yet" in text(warned)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("open", "Comes with the payments of October 2026"),
        ("closed", "With finance, in the payments of October 2026"),
    ],
)
def test_money_says_when_a_line_of_a_run_comes(
    browser: Client, partner: Partner, status: str, said: str
) -> None:
    approved_claim(partner)
    run = runs.gather(programme=partner.programme, month=DAY, by=None, now=NOW)
    if status == "closed":
        runs.close_run(run=run, by=None, now=NOW)

    assert said in text(browser.get("/money/"))


def test_question_leads_back_to_the_claim_and_on(browser: Client, partner: Partner) -> None:
    claim = submitted_claim(partner)
    claims.query(claim=claim, question="Which room?", by=coordinator_of(partner.programme), now=NOW)
    assert "has a question about claim" in text(browser.get("/money/"))

    page = text(browser.get(f"/money/claims/{claim.pk}/"))

    assert "Which room?" in page
    assert "asked a question" in page
    here = f"/money/claims/{claim.pk}/send/"
    browser.post(here, {"shown": browser.get(here).context["stands"].mark})
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_expense_is_asked_for_one_thing_a_page(browser: Client, partner: Partner) -> None:
    began = browser.post("/money/claims/expenses/", follow=True)
    here = began.request["PATH_INFO"]
    assert "What did you pay for?" in text(began)

    day = browser.post(here, {"head": "taxi"}, follow=True)
    assert "Which day was it?" in text(day)
    day_sent = {
        "happened_on_day": "6",
        "happened_on_month": "oct",
        "happened_on_year": "2026",
    }
    amount = browser.post(f"{here}?head=taxi", day_sent, follow=True)
    assert "Taxi, 6 October 2026" in text(amount)
    last = f"{here}?head=taxi&day=2026-10-06"
    wrong = text(browser.post(last, {"amount": "twelve"}))
    assert "Amount must be an amount in pounds" in wrong
    assert "<title>Error: " in wrong
    done = text(browser.post(last, {"amount": "12.40", "description": ""}, follow=True))

    assert "Added: Taxi, £12.40." in done
    assert "Check your claim" in done
    assert Claim.objects.get().total == D("12.40")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (("25", "11", "2026"), "This day is still to come"),
        (("1", "1", "2018"), "This day is before you joined, on 12 March 2018"),
        (("31", "2", "2026"), "The day must be a real date"),
    ],
)
def test_expense_refuses_a_day_that_cannot_be(
    browser: Client, partner: Partner, day: tuple[str, str, str], sentence: str
) -> None:
    Partner.objects.update(joined_on=date(2018, 3, 12))
    claim = claims.open_for_expenses(partner=partner, by=partner.user, now=NOW)
    sent = dict(zip(("happened_on_day", "happened_on_month", "happened_on_year"), day, strict=True))

    page = browser.post(f"/money/claims/{claim.pk}/expense/?head=taxi", sent)

    assert sentence in text(page)


def test_line_comes_off_and_the_claim_is_taken_back(browser: Client, partner: Partner) -> None:
    work(partner, 120)
    work(partner, 120, on=date(2026, 10, 7))
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    page = browser.post(f"/money/lines/{claim.lines.first().pk}/remove/", follow=True)
    assert "is off this claim" in text(page)
    claim.refresh_from_db()
    assert claim.total == D("75.00")
    assert "Take back claim" in text(browser.get(f"/money/claims/{claim.pk}/withdraw/"))
    browser.post(f"/money/claims/{claim.pk}/withdraw/")

    claim.refresh_from_db()
    assert claim.status == "withdrawn"
    assert "You took this claim back" in text(browser.get(f"/money/claims/{claim.pk}/"))


def test_sent_claim_cannot_be_changed_from_its_addresses(browser: Client, partner: Partner) -> None:
    claim = approved_claim(partner)
    line = claim.lines.get()

    late = browser.post(f"/money/claims/{claim.pk}/expense/?head=taxi&day=2026-10-06", follow=True)
    assert f"Nothing can be added to claim {claim.pk} any more." in text(late)
    assert late.redirect_chain == [(f"/money/claims/{claim.pk}/", 302)]
    assert browser.post(f"/money/claims/{claim.pk}/withdraw/").status_code == 403
    assert browser.get(f"/money/claims/{claim.pk}/send/").status_code == 302
    told = browser.post(f"/money/lines/{line.pk}/remove/", follow=True)
    assert "has been sent, so it cannot be changed" in text(told)
    claim.refresh_from_db()
    assert (claim.status, claim.total) == ("approved", D("75.00"))


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/money/claims/{claim}/"),
        ("get", "/money/claims/{claim}/send/"),
        ("post", "/money/claims/{claim}/send/"),
        ("get", "/money/claims/{claim}/sent/"),
        ("get", "/money/claims/{claim}/expense/"),
        ("post", "/money/claims/{claim}/withdraw/"),
        ("post", "/money/lines/{line}/remove/"),
    ],
)
def test_claim_of_somebody_else_is_not_found(
    browser: Client, partner: Partner, method: str, address: str
) -> None:
    other = signed_up_partner(partner.programme)
    work(other)
    claim = claims.open_claim(partner=other, by=other.user, now=NOW)
    line = claim.lines.get()

    response = getattr(browser, method)(address.format(claim=claim.pk, line=line.pk))

    assert response.status_code == 404
    claim.refresh_from_db()
    assert (claim.status, claim.lines.live().count()) == ("draft", 1)


@pytest.mark.parametrize("address", ["/money/", "/money/claims/", "/money/claims/1/"])
def test_pages_of_partners_are_closed_to_others(
    coordinator: User, client_for: SignIn, address: str
) -> None:
    assert client_for(coordinator).get(address).status_code == 403


def test_changes_need_a_post(browser: Client) -> None:
    for address in ("/money/claims/open/", "/money/claims/expenses/", "/money/lines/1/remove/"):
        assert browser.get(address).status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_money_asks_the_database_as_often_whatever_it_shows(
    browser: Client, partner: Partner, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        approved_claim(partner, 60, on=DAY - timedelta(days=index))
    for index in range(number):
        work(partner, 60, on=DAY + timedelta(days=index + 1))

    with django_assert_num_queries(MONEY_QUERIES):
        page = browser.get("/money/")

    assert len(page.context["days"]) == number


@pytest.mark.parametrize("number", [1, 3])
def test_claim_asks_the_database_as_often_whatever_it_shows(
    browser: Client, partner: Partner, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        work(partner, 60, on=DAY - timedelta(days=index))
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    with django_assert_num_queries(CLAIM_QUERIES):
        browser.get(f"/money/claims/{claim.pk}/")


def test_money_is_paged(browser: Client, partner: Partner) -> None:
    for index in range(31):
        work(partner, 60, on=DAY - timedelta(days=index))
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    claims.submit(claim=claim, by=partner.user, now=NOW)

    assert "1 to 30 of 31 payments" in text(browser.get("/money/"))
    assert "31 to 31 of 31 payments" in text(browser.get("/money/?page=2"))
