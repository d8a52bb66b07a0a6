"""What partners write may tell of their health: finance reads kinds and sums only."""

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from partners.tests.factories import signed_up_partner
from payments.models import Claim
from payments.services import claims, runs
from payments.tests.factories import DAY, NOW, RateFactory, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]
SECRETS = ("my depression", "my hip", "ward for burns")


@pytest.fixture
def claim(programme: Programme, coordinator: User) -> Claim:
    """Work recorded by the partner, work of a meeting, and an expense; asked about, approved."""
    RateFactory(programme=programme)
    partner = signed_up_partner(programme)
    work(partner, title="A talk about my depression", kind="event")
    work(partner, title="Upper limb MDT", kind="mdt", source_path="/meetings/1/")
    made = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    claims.add_expense(
        claim=made,
        head="taxi",
        amount=D("8.00"),
        happened_on=DAY,
        description="Because of my hip",
        by=partner.user,
        now=NOW,
    )
    claims.submit(claim=made, by=partner.user, now=NOW)
    claims.query(claim=made, question="Was it the ward for burns?", by=coordinator, now=NOW)
    return made


def approved(claim: Claim, by: User) -> Claim:
    claims.submit(claim=claim, by=claim.partner.user, now=NOW)
    return claims.approve(claim=claim, by=by, now=NOW)


def test_files_name_work_that_a_partner_recorded_by_its_kind(
    claim: Claim, coordinator: User, tmp_path: Any
) -> None:
    import openpyxl  # noqa: PLC0415, RUF100 - slow to import, and read by few

    approved(claim, coordinator)
    asked = runs.request_report(programme=claim.programme, month=DAY, by=None, now=NOW)

    report = runs.build_report(report=asked, now=NOW)

    table, book = report.files.order_by("name")
    (tmp_path / "lines.xlsx").write_bytes(book.content)
    lines = openpyxl.load_workbook(tmp_path / "lines.xlsx")["Lines"]
    assert {row[4] for row in lines.iter_rows(min_row=2, values_only=True)} == {
        "Event",
        "Upper limb MDT",
        "Taxi",
    }
    assert not [secret for secret in SECRETS if secret in bytes(table.content).decode("utf-8-sig")]


def test_page_of_a_claim_tells_finance_kinds_and_sums(claim: Claim, client_for: SignIn) -> None:
    here = f"/admin/payments/claim/{claim.pk}/change/"

    page = client_for(person(Role.FINANCE, claim.programme)).get(here).content.decode()

    assert not [secret for secret in SECRETS if secret in page]
    for said in ("Event", "Upper limb MDT", "Taxi", "£8.00", "Question asked"):
        assert said in page


def test_page_of_a_claim_tells_coordinators_all(
    claim: Claim, coordinator: User, client_for: SignIn
) -> None:
    page = client_for(coordinator).get(f"/admin/payments/claim/{claim.pk}/change/")

    assert [secret for secret in SECRETS if secret in page.content.decode()] == list(SECRETS)
