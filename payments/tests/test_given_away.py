"""Work whose money a partner gives away: nobody tells them that it comes, finance knows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import person
from partners.models import Partner
from partners.tests.factories import signed_up_partner
from payments.models import Claim
from payments.services import claims, rates, runs
from payments.tests.factories import DAY, NOW, RateFactory, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def donor(programme: Programme, coordinator: User) -> Partner:
    """Gives the money of the first day away; from the next day on takes it."""
    RateFactory(programme=programme)
    partner = signed_up_partner(programme)
    for choice, day in (("donate", DAY), ("take", date(2026, 10, 7))):
        rates.choose(partner=partner, choice=choice, starts_on=day, by=partner.user, now=NOW)
    return partner


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def approved(partner: Partner, by: User) -> Claim:
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    claims.submit(claim=claim, by=partner.user, now=NOW)
    return claims.approve(claim=claim, by=by, now=NOW)


def sent_from_pages(browser: Client) -> str:
    """Claim and send as a partner does; returns what the pages said on the way."""
    check = browser.post("/money/claims/open/", follow=True)
    mark = check.context["stands"].mark
    done = browser.post(check.request["PATH_INFO"], {"shown": mark}, follow=True)
    claim = browser.get(f"/money/claims/{Claim.objects.get().pk}/")
    return " ".join(text(page) for page in (check, done, claim, browser.get("/money/")))


def test_pages_tell_a_donor_of_no_money_to_come(donor: Partner, client_for: SignIn) -> None:
    work(donor)
    browser = client_for(donor.user)
    assert "Give away £75.00 for 1 piece of work" in text(browser.get("/money/"))

    said = sent_from_pages(browser)

    assert "This claim is for £75.00. You give all of it away" in said
    assert "You give all of it away, so no money comes to you." in said
    assert "You give this away, so no money comes to you for it" in said
    for untrue in ("The money comes with", "Comes with the payments", "The rest comes"):
        assert untrue not in said


def test_pages_tell_which_part_comes(donor: Partner, client_for: SignIn) -> None:
    work(donor)
    work(donor, 300, on=date(2026, 10, 7))
    browser = client_for(donor.user)
    money = text(browser.get("/money/"))
    assert "Claim £150.00 and give away £75.00 for 2 pieces of work" in money

    said = sent_from_pages(browser)

    assert "This claim is for £225.00. You give £75.00 of it away" in said
    assert "You give £75.00 of it away. The rest comes with the payments of November" in said
    assert "Comes with the payments of November 2026, once it is approved" in said


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((6,), "You chose to give all of it away, so no money comes to you."),
        ((6, 7), "You chose to give £75.00 of it away. The rest goes to finance"),
        ((7,), "It goes to finance with the next payments."),
    ],
)
def test_mail_of_approval_tells_what_is_given_away(
    donor: Partner, coordinator: User, days: tuple[int, ...], sentence: str
) -> None:
    for day in days:
        work(donor, on=date(2026, 10, day))

    approved(donor, coordinator)

    assert sentence in Message.objects.get(kind="claim_approved").body


def test_report_and_run_tell_finance_what_is_paid_to_nobody(
    donor: Partner, coordinator: User, client_for: SignIn
) -> None:
    work(donor)
    work(donor, 300, on=date(2026, 10, 7))
    approved(donor, coordinator)
    asked = runs.request_report(programme=donor.programme, month=DAY, by=None, now=NOW)

    report = runs.build_report(report=asked, now=NOW)

    told = {name: report.summary[name] for name in ("lines", "fees", "total", "donated")}
    assert told == {"lines": 2, "fees": "225.00", "total": "225.00", "donated": "75.00"}
    assert report.run.total == D("225.00")
    finance = client_for(person(Role.FINANCE, donor.programme))
    page = text(finance.get(f"/admin/payments/paymentrun/{report.run_id}/change/"))
    assert "£75.00: paid to nobody" in page
