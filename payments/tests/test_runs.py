"""Runs: each line in one run, whatever is started how often."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import Programme
from partners.models import Partner
from partners.tests.factories import signed_up_partner
from payments.models import ClaimLine, PaymentRun
from payments.services import runs
from payments.services.runs import RunError
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    approved_claim,
    submitted_claim,
    work,
)
from workflow.transitions import IllegalMoveError

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(db: None) -> Partner:
    return signed_up_partner(RateFactory().programme, name="Maureen Okafor")


@pytest.fixture
def programme(partner: Partner) -> Programme:
    found: Programme = partner.programme
    return found


def gathered(programme: Programme, month: date = OCTOBER) -> PaymentRun:
    return runs.gather(programme=programme, month=month, by=None, now=NOW)


# --- Gathering -----------------------------------------------------------------------------------


def test_gather_takes_approved_lines_up_to_the_end_of_the_month(
    partner: Partner, programme: Programme
) -> None:
    for day in (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1)):
        approved_claim(partner, 120, on=day)
    submitted_claim(partner, 120, on=DAY)
    elsewhere = approved_claim(signed_up_partner(RateFactory().programme))

    run = gathered(programme)

    assert list(run.lines.values_list("happened_on", flat=True)) == [
        date(2026, 9, 30),
        date(2026, 10, 31),
    ]
    assert (run.line_count, run.partner_count) == (2, 1)
    assert (run.fees, run.expenses, run.total) == (D("150.00"), D("0.00"), D("150.00"))
    assert elsewhere.lines.get().run is None


def test_gather_again_changes_nothing(partner: Partner, programme: Programme) -> None:
    approved_claim(partner)
    first = gathered(programme)

    second = gathered(programme)

    assert (second, second.total) == (first, first.total)
    assert second.history.count() == 1


def test_gather_of_an_empty_month_gives_zeros(programme: Programme) -> None:
    run = gathered(programme)

    assert (run.line_count, run.partner_count, run.total) == (0, 0, D("0.00"))


def test_gather_refuses_a_month_to_come(programme: Programme) -> None:
    with pytest.raises(runs.RunError, match="December 2026 is still to come"):
        gathered(programme, date(2026, 12, 1))
    assert not PaymentRun.objects.exists()


def test_closed_run_takes_no_more_lines(partner: Partner, programme: Programme) -> None:
    approved_claim(partner)
    runs.close_run(run=gathered(programme), by=None, now=NOW)
    later = approved_claim(partner, on=date(2026, 10, 7)).lines.get()

    october, november = gathered(programme), gathered(programme, NOVEMBER)

    assert (october.line_count, october.status) == (1, "closed")
    assert list(november.lines.all()) == [later]
    with pytest.raises(IllegalMoveError):
        runs.close_run(run=october, by=None, now=NOW)


def test_run_is_not_closed_while_its_files_hold_less(
    partner: Partner, programme: Programme
) -> None:
    approved_claim(partner)
    report = runs.request_report(programme=programme, month=OCTOBER, by=None, now=NOW)
    with pytest.raises(RunError, match="being written"):
        runs.close_run(run=gathered(programme), by=None, now=NOW)
    runs.build_report(report=report, now=NOW)
    approved_claim(partner, on=date(2026, 10, 7))
    run = gathered(programme)

    with pytest.raises(RunError, match="Lines were added after its files were written"):
        runs.close_run(run=run, by=None, now=NOW)

    again = runs.request_report(programme=programme, month=OCTOBER, by=None, now=NOW)
    runs.build_report(report=again, now=NOW)
    assert runs.close_run(run=run, by=None, now=NOW).status == "closed"


def test_mark_paid_pays_claims_that_are_paid_in_full(
    partner: Partner, programme: Programme
) -> None:
    whole = approved_claim(partner)
    work(partner, on=date(2026, 10, 20))
    parted = approved_claim(partner, on=date(2026, 11, 3))
    run = gathered(programme)
    runs.close_run(run=run, by=None, now=NOW)

    runs.mark_paid(run=run, by=None, now=NOW)

    whole.refresh_from_db()
    parted.refresh_from_db()
    assert (whole.status, parted.status) == ("paid", "approved")
    assert whole.history.last().why == "Paid with the payments of October 2026"


def test_run_must_be_with_finance_before_it_is_paid(programme: Programme) -> None:
    with pytest.raises(IllegalMoveError):
        runs.mark_paid(run=gathered(programme), by=None, now=NOW)


def test_due_offers_last_month_until_it_is_closed(partner: Partner, programme: Programme) -> None:
    approved_claim(partner)
    today = NOW.date()

    assert [row.month for row in runs.due(programmes=[programme.pk], today=today)] == [OCTOBER]
    PaymentRun.unsealed(
        programme=programme, month=OCTOBER, opened_at=NOW, closed_at=NOW, status="closed"
    )
    (due,) = runs.due(programmes=[programme.pk], today=today)
    assert (due.month, due.lines) == (NOVEMBER, 1)
    PaymentRun.unsealed(
        programme=programme, month=NOVEMBER, opened_at=NOW, closed_at=NOW, status="closed"
    )
    assert runs.due(programmes=[programme.pk], today=today) == []
    assert runs.due(programmes=[], today=today) == []


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"month": date(2026, 10, 2)}, "payment_run_month_is_first_day"),
        ({"fees": D("1.00")}, "payment_run_adds_up"),
        ({"month": NOVEMBER}, "payment_run_one_a_month"),
    ],
)
def test_database_refuses_a_run_that_cannot_be(
    programme: Programme, values: dict[str, Any], constraint: str
) -> None:
    gathered(programme, NOVEMBER)
    facts = {"programme": programme, "month": OCTOBER, "opened_at": NOW}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PaymentRun.unsealed(**{**facts, **values})
    assert PaymentRun.unsealed(**facts).pk


def at_once(number: int, work_: Callable[[int], Any]) -> list[Exception]:
    """Run `work_` in `number` threads that start together; returns what was raised."""
    ready, raised = threading.Barrier(number), []

    def run(index: int) -> None:
        try:
            ready.wait(timeout=20)
            work_(index)
        except Exception as error:  # noqa: BLE001 - told to the test
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


@pytest.mark.django_db(transaction=True)
def test_eight_gathering_at_once_take_each_line_once() -> None:
    partner = signed_up_partner(RateFactory().programme)
    programme = partner.programme
    for number in range(12):
        approved_claim(partner, 120, on=DAY + timedelta(days=number))
    months = [OCTOBER, NOVEMBER]

    raised = at_once(8, lambda index: gathered(programme, months[index % 2]))

    assert raised == []
    found = list(PaymentRun.objects.all())
    assert {run.month for run in found} == set(months)
    assert ClaimLine.objects.filter(run__isnull=True).count() == 0
    october, november = (gathered(programme, month) for month in months)
    assert october.line_count + november.line_count == 12
    assert october.total + november.total == D("900.00")
    # Each line moved into a run once, says the audit.
    moved = ClaimLine.pgh_event_model.objects.filter(pgh_label="update", run__isnull=False)
    assert moved.count() == 12
