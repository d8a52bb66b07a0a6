"""Coordinators' and finance's pages: who opens which, one press to approve, files for their own."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Partner
from partners.tests.factories import signed_up_partner
from payments.models import Claim, PaymentReport, PaymentRun, Rate
from payments.services import claims, rates, runs
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    approved_claim,
    coordinator_of,
    submitted_claim,
)

LIST_QUERIES = 5
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme, coordinator: User) -> Partner:
    RateFactory(programme=programme)
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def browser(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


@pytest.fixture
def finance(programme: Programme, client_for: SignIn) -> Client:
    return client_for(person(Role.FINANCE, programme))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def report_of(programme: Programme) -> PaymentReport:
    asked = runs.request_report(programme=programme, month=DAY, by=None, now=NOW)
    return runs.build_report(report=asked, now=NOW)


def test_claims_are_found_by_their_partners_names(browser: Client, partner: Partner) -> None:
    claim = submitted_claim(partner)
    partner.known_as = "Mo"
    partner.save()

    def found(asked: str) -> bool:
        answer = browser.get("/admin/payments/claim/", {"q": asked})
        return f"Claim {claim.pk}" in text(answer)

    asked = ("okafor", "OKÁFOR maureen", "mo", "£75.00", partner.email, "okafor pugh")
    assert [found(words) for words in asked] == [True, True, True, False, False, False]


def test_list_of_claims_says_pounds_and_the_coordinators_words(
    browser: Client, partner: Partner, coordinator: User
) -> None:
    claims.query(claim=submitted_claim(partner), question="Which ward?", by=coordinator, now=NOW)

    page = text(browser.get("/admin/payments/claim/"))

    assert "£75.00" in page
    assert page.count("Question asked") == 2  # in the list and in the filter
    assert "A question for you" not in page


def test_claims_that_wait_are_listed_and_approved_by_one_press(
    browser: Client, partner: Partner
) -> None:
    claim = submitted_claim(partner)
    assert f"Claim {claim.pk}" in text(
        browser.get("/admin/payments/claim/?status__exact=submitted")
    )

    page = text(browser.get(f"/admin/payments/claim/{claim.pk}/change/"))
    assert "Approve £75.00" in page
    assert "2 hours: half a day" in page
    done = browser.post(f"/admin/payments/claim/{claim.pk}/approve/", follow=True)

    claim.refresh_from_db()
    assert claim.status == "approved"
    assert "of Maureen Okafor is approved: £75.00" in text(done)
    again = browser.post(f"/admin/payments/claim/{claim.pk}/approve/", follow=True)
    assert "cannot become “approved”" in text(again)


def test_question_is_asked_on_a_page_of_its_own(browser: Client, partner: Partner) -> None:
    claim = submitted_claim(partner)
    here = f"/admin/payments/claim/{claim.pk}/ask/"

    assert "Write your question" in text(browser.post(here, {"question": " "}))
    done = browser.post(here, {"question": "Which room?"}, follow=True)

    claim.refresh_from_db()
    assert (claim.status, claim.query) == ("queried", "Which room?")
    assert "Your question went to Maureen Okafor" in text(done)


def test_own_claim_is_another_coordinators(
    programme: Programme, coordinator: User, browser: Client
) -> None:
    RateFactory(programme=programme)
    own = signed_up_partner(programme)
    Partner.objects.filter(pk=own.pk).update(user=None)
    own.refresh_from_db()
    claim = submitted_claim(own)
    Partner.objects.filter(pk=own.pk).update(user=coordinator)

    page = text(browser.get(f"/admin/payments/claim/{claim.pk}/change/"))

    assert "This is your own claim" in page
    assert "Approve £" not in page
    assert browser.post(f"/admin/payments/claim/{claim.pk}/approve/").status_code == 403


def test_drafts_are_the_partners_own(browser: Client, partner: Partner) -> None:
    claim = submitted_claim(partner)
    Claim.objects.filter(pk=claim.pk)  # a draft is not listed, whatever its address
    with_partner = signed_up_partner(partner.programme)
    draft = Claim.unsealed(programme=partner.programme, partner=with_partner, opened_at=NOW)

    assert browser.get(f"/admin/payments/claim/{draft.pk}/change/").status_code == 404


def test_month_becomes_a_report_with_files_and_is_closed_and_paid(
    finance: Client, partner: Partner
) -> None:
    claim = approved_claim(partner)
    listed = text(finance.get("/admin/payments/paymentrun/"))
    assert "1 approved line can go with the payments of October 2026" in listed

    asked = finance.post(
        "/admin/payments/paymentrun/report/",
        {"programme": partner.programme_id, "month": "2026-10"},
        follow=True,
    )
    report = PaymentReport.objects.get()
    assert "Waiting for its turn" in text(asked)
    assert 'hx-trigger="every 1s"' in text(asked)
    runs.build_report(report=report, now=NOW)
    progress = text(finance.get(f"/admin/payments/paymentreport/{report.pk}/progress/"))
    assert "Ready: 1 line, £75.00." in progress
    assert "hx-get" not in progress
    page = text(finance.get(f"/admin/payments/paymentrun/{PaymentRun.objects.get().pk}/change/"))
    assert "£75.00" in page
    run = PaymentRun.objects.get()
    finance.post(f"/admin/payments/paymentrun/{run.pk}/close/")
    finance.post(f"/admin/payments/paymentrun/{run.pk}/paid/")

    run.refresh_from_db()
    claim.refresh_from_db()
    assert (run.status, claim.status) == ("paid", "paid")


def test_progress_tells_of_a_worker_that_died(finance: Client, programme: Programme) -> None:
    report = runs.request_report(programme=programme, month=DAY, by=None, now=NOW)
    here = f"/admin/payments/paymentreport/{report.pk}/progress/"
    facts = {"status": "working", "done": 2000, "total": 5000}
    PaymentReport.objects.update(**facts, seen_at=NOW + timedelta(days=2))
    assert "Writing: 2000 of 5000 lines" in text(finance.get(here))

    PaymentReport.objects.update(**facts, seen_at=NOW)

    assert "taken up again by itself within a minute" in text(finance.get(here))


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-12", "December 2026 is still to come."),
        ("2026-00", "Choose a month from the list."),
        ("x", "Choose a month from the list."),
        ("", "Choose a month from the list."),
        ("0000-01", "Choose a month from January 2000 on."),
        ("1999-12", "Choose a month from January 2000 on."),
    ],
)
def test_report_of_an_impossible_month_is_refused_with_a_sentence(
    finance: Client, programme: Programme, month: str, sentence: str
) -> None:
    refused = finance.post(
        "/admin/payments/paymentrun/report/",
        {"programme": programme.pk, "month": month},
        follow=True,
    )

    assert sentence in text(refused)
    assert not PaymentReport.objects.exists()


def test_file_is_handed_out_as_an_attachment(finance: Client, partner: Partner) -> None:
    approved_claim(partner)
    file = report_of(partner.programme).files.get(media_type__startswith="text/csv")

    response = finance.get(f"/admin/payments/paymentreport/files/{file.pk}/")

    assert response.content == bytes(file.content)
    assert response["Content-Disposition"] == (
        'attachment; filename="north-hospital-2026-10-payments.csv"'
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.COORDINATOR])
def test_rows_of_another_programme_are_not_found(
    partner: Partner, client_for: SignIn, role: str
) -> None:
    claim = submitted_claim(partner)
    report = report_of(partner.programme)
    elsewhere = client_for(person(role, ProgrammeFactory()))

    for address in (
        f"claim/{claim.pk}/change/",
        f"paymentrun/{report.run_id}/change/",
        f"paymentreport/{report.pk}/change/",
        f"paymentreport/{report.pk}/progress/",
        f"paymentreport/files/{report.files.first().pk}/",
    ):
        assert elsewhere.get(f"/admin/payments/{address}").status_code == 404, address
    for address in (f"paymentrun/{report.run_id}/close/", f"paymentrun/{report.run_id}/paid/"):
        assert elsewhere.post(f"/admin/payments/{address}").status_code == 404, address
    asked = {"programme": partner.programme_id, "month": "2026-10"}
    assert elsewhere.post("/admin/payments/paymentrun/report/", asked).status_code == 404


@pytest.mark.parametrize("address", ["approve", "ask"])
def test_finance_sees_claims_and_decides_none(
    finance: Client, partner: Partner, address: str
) -> None:
    claim = submitted_claim(partner)

    page = finance.get(f"/admin/payments/claim/{claim.pk}/change/")

    assert "Approve £" not in text(page)
    assert finance.post(f"/admin/payments/claim/{claim.pk}/{address}/").status_code == 403
    assert finance.get("/admin/partners/partner/").status_code in {403, 404}
    assert finance.get("/admin/payments/rate/add/").status_code == 403


@pytest.mark.parametrize("role", [Role.PARTNER, Role.CLINICIAN, Role.STAFF])
def test_admin_of_payments_is_closed_to_others(
    programme: Programme, client_for: SignIn, role: str
) -> None:
    somebody = client_for(person(role, programme))

    for address in ("claim/", "paymentrun/", "paymentreport/", "rate/"):
        response = somebody.get(f"/admin/payments/{address}")
        assert response.status_code in {302, 403}, address
        if response.status_code == 302:
            assert "/admin/login" in response["Location"] or "/account/" in response["Location"]


def test_worklist_counts_what_waits(
    coordinator: User, partner: Partner, client_for: SignIn
) -> None:
    approved_claim(partner)
    submitted_claim(partner, 60, on=DAY + timedelta(days=1))

    items = admin.site.worklist(coordinator)
    ours = [(item.count, item.title) for item in items if "/payments/" in item.url]

    assert ours == [
        (1, "claim to approve"),
        (1, "approved line: October’s report can be made"),
    ]
    assert coordinator_of(partner.programme) == coordinator


def test_rate_on_a_claim_can_only_be_ended(
    browser: Client, partner: Partner, programme: Programme
) -> None:
    rate = Rate.objects.get()
    submitted_claim(partner)

    browser.post(
        f"/admin/payments/rate/{rate.pk}/change/",
        {"amount": "1.00", "ends_on": "2026-12-31"},
    )

    rate.refresh_from_db()
    assert (rate.amount, str(rate.ends_on)) == (D("150.00"), "2026-12-31")


def test_rate_does_not_end_before_work_that_is_claimed_at_it(
    browser: Client, partner: Partner, programme: Programme
) -> None:
    rate = Rate.objects.get()
    submitted_claim(partner)

    refused = browser.post(
        f"/admin/payments/rate/{rate.pk}/change/", {"ends_on": "2026-10-05"}, follow=True
    )

    rate.refresh_from_db()
    assert rate.ends_on is None
    assert "Work of 6 October 2026 is claimed at this rate." in text(refused)


def test_rate_that_is_claimed_after_the_form_was_read_is_not_rewritten(partner: Partner) -> None:
    rate = Rate.objects.get()
    submitted_claim(partner)
    rate.amount = D("1.00")

    with pytest.raises(rates.RateError, match="Work has been claimed at this rate"):
        rates.keep_rate(rate=rate, by=None, now=NOW)

    assert Rate.objects.get().amount == D("150.00")


def test_rate_that_overlaps_is_refused_with_a_sentence(
    browser: Client, partner: Partner, programme: Programme
) -> None:
    facts = {
        "programme": programme.pk,
        "kind": "",
        "basis": "day",
        "amount": "160.00",
        "half_amount": "80.00",
        "half_day_minutes": "240",
        "starts_on": "2026-12-01",
    }

    refused = browser.post("/admin/payments/rate/add/", facts)
    Rate.objects.update(ends_on="2026-11-30")
    browser.post("/admin/payments/rate/add/", facts)

    assert "There is already a rate for this kind of work" in text(refused)
    assert Rate.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_claims_asks_the_database_as_often_whatever_it_shows(
    browser: Client, partner: Partner, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        submitted_claim(signed_up_partner(partner.programme), on=DAY + timedelta(days=index))
    browser.get("/admin/payments/claim/")

    with django_assert_num_queries(LIST_QUERIES):
        browser.get("/admin/payments/claim/")
