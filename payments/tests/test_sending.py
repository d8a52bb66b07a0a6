"""What is sent is what was shown: nothing on a claim changes behind its partner's back."""

import re
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from accounts.models import Programme
from partners.models import Partner
from partners.tests.factories import signed_up_partner
from payments.models import Claim, ClaimLine, Rate
from payments.services import claims, rates
from payments.services.claims import ClaimError
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    coordinator_of,
    submitted_claim,
    work,
)
from workflow.transitions import IllegalMoveError

CHECK_QUERIES = 9
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    RateFactory(programme=programme)
    return signed_up_partner(programme)


@pytest.fixture
def browser(partner: Partner, client_for: SignIn) -> Client:
    client = client_for(partner.user)
    client.get("/money/")  # the session's first page writes when it was seen
    return client


@pytest.fixture
def claim(partner: Partner) -> Claim:
    """A draft of £75.00 for a panel and £150.00 for research."""
    work(partner, 120)
    work(partner, 300, on=DAY.replace(day=7), kind="research", title="Diary study")
    return claims.open_claim(partner=partner, by=partner.user, now=NOW)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def shown_by(response: Any) -> dict[str, str]:
    """The hidden answer of the page's form, as a browser sends it."""
    (mark,) = re.findall(r'name="shown" value="([0-9a-f]+)"', response.content.decode())
    return {"shown": mark}


def kept(claim: Claim) -> list[tuple[D, bool]]:
    """What the database holds of the claim's lines."""
    rows = ClaimLine.objects.filter(claim=claim).order_by("pk")
    return [(row.amount, row.voided_at is None) for row in rows]


def test_check_shows_the_prices_of_now_and_writes_none(
    browser: Client, partner: Partner, claim: Claim
) -> None:
    before = kept(claim)
    rates.choose(
        partner=partner, choice="part", percent=50, starts_on=DAY, by=partner.user, now=NOW
    )

    page = text(browser.get(f"/money/claims/{claim.pk}/send/"))

    assert "This claim is for £112.50." in page
    assert "2 hours: half a day. You chose to take 50%." in page
    claim.refresh_from_db()
    assert (claim.total, kept(claim)) == (D("225.00"), before)


def test_send_refuses_what_was_not_shown_and_the_second_press_sends(
    browser: Client, partner: Partner, claim: Claim
) -> None:
    here = f"/money/claims/{claim.pk}/send/"
    before, first = kept(claim), browser.get(here)
    rates.choose(partner=partner, choice="decline", starts_on=DAY, by=partner.user, now=NOW)
    rates.choose(
        partner=partner,
        choice="take",
        percent=100,
        starts_on=DAY.replace(day=7),
        by=partner.user,
        now=NOW,
    )

    refused = browser.post(here, shown_by(first), follow=True)

    claim.refresh_from_db()
    assert (claim.status, kept(claim)) == ("draft", before)
    assert "Something on this claim has changed, so it was not sent." in text(refused)
    assert "This claim is for £150.00." in text(refused)
    assert "“Expert panel” on Tuesday 6 October 2026" in text(refused)
    browser.post(here, shown_by(refused))
    claim.refresh_from_db()
    assert (claim.status, claim.total) == ("submitted", D("150.00"))
    assert kept(claim) == [(D("75.00"), False), (D("150.00"), True)]


def test_send_again_after_a_question_refuses_what_was_not_shown(
    browser: Client, partner: Partner, claim: Claim
) -> None:
    claims.submit(claim=claim, by=partner.user, now=NOW)
    claims.query(claim=claim, question="Which?", by=coordinator_of(partner.programme), now=NOW)
    here = f"/money/claims/{claim.pk}/send/"
    first = browser.get(here)
    Rate.objects.update(kind="research")  # as if the rate for every kind had never been

    refused = browser.post(here, shown_by(first), follow=True)

    claim.refresh_from_db()
    assert (claim.status, claim.total) == ("queried", D("225.00"))
    assert "no rate is set for it: “Expert panel”" in text(refused)


@pytest.mark.parametrize("sent", [{}, {"shown": ""}, {"shown": "0"}])
def test_send_needs_what_was_shown(browser: Client, claim: Claim, sent: dict[str, str]) -> None:
    browser.post(f"/money/claims/{claim.pk}/send/", sent)

    claim.refresh_from_db()
    assert claim.status == "draft"


@pytest.mark.parametrize("number", [1, 3])
def test_check_asks_the_database_as_often_whatever_it_shows(
    browser: Client, partner: Partner, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        work(partner, 60, on=DAY.replace(day=index + 1))
    made = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    with django_assert_num_queries(CHECK_QUERIES):
        browser.get(f"/money/claims/{made.pk}/send/")


def test_submit_takes_the_prices_of_now(partner: Partner) -> None:
    work(partner)
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    rates.choose(
        partner=partner, choice="part", percent=50, starts_on=DAY, by=partner.user, now=NOW
    )

    claim = claims.submit(claim=claim, by=partner.user, now=NOW)

    assert (claim.status, claim.total, claim.submitted_at) == ("submitted", D("37.50"), NOW)


def test_submit_refuses_an_empty_claim_and_a_sent_one(partner: Partner) -> None:
    empty = claims.open_for_expenses(partner=partner, by=partner.user, now=NOW)
    with pytest.raises(ClaimError, match="nothing on this claim"):
        claims.submit(claim=empty, by=partner.user, now=NOW)
    sent = submitted_claim(partner)

    with pytest.raises(IllegalMoveError):
        claims.submit(claim=sent, by=partner.user, now=NOW)
