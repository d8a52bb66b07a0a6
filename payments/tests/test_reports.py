"""Reports: files that add up to the run, whatever happens to who writes them."""

import csv
import io
import os
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Programme
from partners.models import Partner
from partners.services.formulas import neutral
from partners.tests.factories import signed_up_partner
from payments.models import Claim, PaymentReport, PaymentRun
from payments.services import claims, rates, runs
from payments.services.files import COLUMNS
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    approved_claim,
    coordinator_of,
    submitted_claim,
    work,
)
from workflow.transitions import IllegalMoveError, transition

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(db: None) -> Partner:
    return signed_up_partner(RateFactory().programme, name="Maureen Okafor")


@pytest.fixture
def programme(partner: Partner) -> Programme:
    found: Programme = partner.programme
    return found


def built(programme: Programme, month: date = OCTOBER) -> PaymentReport:
    report = runs.request_report(programme=programme, month=month, by=None, now=NOW)
    return runs.build_report(report=report, now=NOW)


def contents(report: PaymentReport) -> dict[str, bytes]:
    return {Path(file.name).suffix: bytes(file.content) for file in report.files.all()}


def opened(content: bytes) -> Any:
    """The workbook as a reader sees it."""
    import openpyxl  # noqa: PLC0415, RUF100 - slow to import, and read by few

    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_report_adds_up_to_an_independent_sum(partner: Partner, programme: Programme) -> None:
    other = signed_up_partner(programme, name="Ines Carvalho")
    rates.choose(partner=other, choice="part", percent=50, starts_on=DAY, by=other.user, now=NOW)
    log = [
        (partner, 120, date(2026, 10, 6)),
        (partner, 121, date(2026, 10, 6)),
        (partner, 240, date(2026, 10, 8)),
        (other, 90, date(2026, 10, 6)),
        (other, 300, date(2026, 10, 9)),
    ]
    for who, minutes, day in log:
        work(who, minutes, on=day)
    for who, taxi in ((partner, D("12.40")), (other, D("3.20"))):
        claim = claims.open_claim(partner=who, by=who.user, now=NOW)
        claims.add_expense(
            claim=claim, head="taxi", amount=taxi, happened_on=DAY, by=who.user, now=NOW
        )
        claims.submit(claim=claim, by=who.user, now=NOW)
        claims.approve(claim=claim, by=coordinator_of(programme), now=NOW)

    report = built(programme)

    # By hand: Maureen 241 minutes are a day, 240 half a day; Ines takes half of each.
    fees = D("150.00") + D("75.00") + D("37.50") + D("75.00")
    expenses = D("12.40") + D("3.20")
    files = contents(report)
    rows = rows_of(files[".csv"])
    assert sum(D(row["Amount"]) for row in rows) == fees + expenses
    assert sum(D(row["Amount"]) for row in rows if row["Kind"] == "expense") == expenses
    assert report.summary == {
        "lines": 7,
        "partners": 2,
        "fees": str(fees),
        "expenses": str(expenses),
        "total": str(fees + expenses),
        "donated": "0.00",
        "sha256": report.files.get(media_type__startswith="text/csv").sha256,
    }
    assert (report.status, report.done, report.total) == ("ready", 7, 7)
    assert (report.run.total, report.run.line_count) == (fees + expenses, 7)
    book = opened(files[".xlsx"])
    told = dict(book["Summary"].iter_rows(values_only=True))
    assert told["Total"] == float(fees + expenses)
    assert told["SHA-256 of the CSV file"] == report.summary["sha256"]
    lines = list(book["Lines"].iter_rows(min_row=2, values_only=True))
    assert sum(D(str(line[11])) for line in lines) == fees + expenses
    assert len(lines) == 7


def test_report_line_says_what_finance_needs_and_no_more(
    partner: Partner, programme: Programme
) -> None:
    Programme.objects.filter(pk=programme.pk).update(slug="demo")
    programme.refresh_from_db()
    Partner.objects.update(access_needs="Hearing loop", phone="07700 900101")
    claim = submitted_claim(partner)
    claims.query(claim=claim, question="?", by=coordinator_of(programme), now=NOW)
    expense = claims.add_expense(
        claim=claim,
        head="taxi",
        amount=D("8.00"),
        happened_on=DAY,
        description="Because of my hip",
        by=partner.user,
        now=NOW,
    )
    claims.submit(claim=claim, by=partner.user, now=NOW)
    claims.approve(claim=claim, by=coordinator_of(programme), now=NOW)

    content = contents(built(programme))[".csv"]

    assert content.startswith(b"\xef\xbb\xbfReference,")
    fee, taxi = rows_of(content)
    line = claim.lines.get(contribution__isnull=False)
    assert list(fee) == [heading for heading, _ in COLUMNS]
    assert fee == {
        "Reference": f"DEMO-2026-10-{line.pk:06d}",
        "Partner": "Maureen Okafor",
        "Partner number": str(partner.pk),
        "Day": "2026-10-06",
        "What": "Panel",
        "Kind": "fee",
        "Minutes": "120",
        "Basis": "By the day",
        "Rate": "150.00",
        "Rate number": str(line.rate_id),
        "Percent taken": "100",
        "Amount": "75.00",
        "Donated": "no",
        "Approved by": coordinator_of(programme).name,
        "Approved at": "2026-11-22T09:00:00+00:00",
        "Claim number": str(claim.pk),
    }
    assert (taxi["What"], taxi["Kind"], taxi["Rate"]) == ("Taxi", "expense", "")
    assert expense.description == "Because of my hip"
    for secret in ("hip", "Hearing", "07700", partner.email):
        assert secret.encode() not in content


def test_report_of_an_empty_month_has_headings_only(programme: Programme) -> None:
    report = built(programme)

    files = contents(report)
    assert files[".csv"].count(b"\r\n") == 1
    book = opened(files[".xlsx"])
    assert book["Lines"].max_row == 1
    assert report.summary["total"] == "0.00"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " ="])
def test_neutral_makes_text_of_formulas(start: str) -> None:
    assert neutral(f"{start}1+1") == f"'{start}1+1"
    assert neutral("Mary =1") == "Mary =1"
    assert neutral("") == ""


def test_report_opens_with_no_live_formula(partner: Partner, programme: Programme) -> None:
    name = '=HYPERLINK("http://example.org","Click")'
    Partner.objects.filter(pk=partner.pk).update(name=name)
    work(partner, title="@SUM(A1:A9)", source_path="/meetings/1/")
    approved_claim(partner, 30)

    files = contents(built(programme))

    rows = rows_of(files[".csv"])
    assert {row["Partner"] for row in rows} == {f"'{name}"}
    assert "'@SUM(A1:A9)" in {row["What"] for row in rows}
    cells = [cell for sheet in opened(files[".xlsx"]) for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert name in {cell.value for cell in cells}


@pytest.mark.parametrize("name", ["  two spaces ", "A & <b> \"q\" 'r'", "tab\tin", "_x0041_ Ę 李"])
def test_workbook_holds_a_name_as_it_is(partner: Partner, programme: Programme, name: str) -> None:
    Partner.objects.filter(pk=partner.pk).update(name=name)
    approved_claim(partner)

    lines = opened(contents(built(programme))[".xlsx"])["Lines"]

    # What the reader itself does not take back, the format's own escape, stands as written.
    assert lines["B2"].value.replace("_x005F", "") == name
    assert (lines["D2"].value.date(), lines["L2"].value) == (DAY, 75)


def test_report_twice_has_the_same_bytes(partner: Partner, programme: Programme) -> None:
    approved_claim(partner, 100, 50, 30)

    first, second = built(programme), built(programme)

    assert first != second
    assert contents(first) == contents(second)


def test_request_report_again_finds_the_one_under_way(programme: Programme) -> None:
    asked = runs.request_report(programme=programme, month=OCTOBER, by=None, now=NOW)

    assert runs.request_report(programme=programme, month=OCTOBER, by=None, now=NOW) == asked
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        PaymentReport.objects.create(programme=programme, month=OCTOBER, asked_at=NOW)


def test_report_that_is_being_written_is_left_alone(programme: Programme) -> None:
    asked = runs.request_report(programme=programme, month=OCTOBER, by=None, now=NOW)
    PaymentReport.objects.update(status="working", seen_at=NOW)

    runs.build_report(report=asked, now=NOW + timedelta(seconds=59))
    assert not asked.files.exists()
    runs.build_report(report=asked, now=NOW + timedelta(seconds=61))
    assert asked.files.count() == 2
    assert asked.history.get(why="Taken up again")


@pytest.mark.error_logs("a disk that fails is a fault worth a log of level ERROR")
def test_report_that_fails_says_so_and_can_be_made_again(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(runs, "write_files", full)
        failed = built(programme)

    assert failed.status == "failed"
    assert failed.error.startswith("The files could not be written.")
    again = built(programme)
    assert (again.status, again == failed) == ("ready", False)
    with pytest.raises(IllegalMoveError):
        transition(failed, PaymentReport.Status.WAITING, by=None, now=NOW)


DIES_HALFWAY = """
import time, django
django.setup()
from django.utils import timezone
from payments.models import PaymentReport
from payments.services import files, runs
files.ROWS_AT_ONCE = 2
write = runs.write_files
def slowly(*, run, folder, progress):
    def tell(done):
        progress(done)
        print(done, flush=True)
        time.sleep(60)
    return write(run=run, folder=folder, progress=tell)
runs.write_files = slowly
report = PaymentReport.objects.get()
runs.build_report(report=report, now=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_report_of_a_killed_worker_is_taken_up_with_the_same_bytes() -> None:
    partner = signed_up_partner(RateFactory().programme)
    approved_claim(partner, 100, 50, 30, 20)
    asked = runs.request_report(programme=partner.programme, month=OCTOBER, by=None, now=NOW)
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    worker = subprocess.Popen(
        [sys.executable, "-c", DIES_HALFWAY],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "DATABASE_URL": database._replace(path=f"/{name}").geturl(),
            "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.test",
        },
    )
    assert worker.stdout is not None
    with worker.stdout as told:
        assert told.readline() == "2\n"
        asked.refresh_from_db()
        assert (asked.status, asked.done, asked.total) == ("working", 2, 4)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    resumed = runs.build_report(report=asked, now=asked.seen_at + timedelta(seconds=61))

    assert (resumed.status, resumed.done) == ("ready", 4)
    assert contents(resumed) == contents(built(partner.programme))
    assert resumed.run.line_count == 4


# --- From the day to the file --------------------------------------------------------------------

PIECES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 300), st.integers(0, 1)), min_size=1, max_size=5
)


def paid_for(pieces: list[tuple[int, int, int]]) -> tuple[PaymentRun, PaymentReport]:
    """Enter `pieces` (day, minutes, which of two claims), approve, gather, report."""
    partner = signed_up_partner(RateFactory().programme)
    for number in (0, 1):
        mine = [(day, minutes) for day, minutes, claim in pieces if claim == number]
        for day, minutes in mine:
            work(partner, minutes, on=DAY + timedelta(days=day))
        if mine:
            claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
            claims.submit(claim=claim, by=partner.user, now=NOW)
            claims.approve(claim=claim, by=coordinator_of(partner.programme), now=NOW)
            assert claim.total == sum(line.amount for line in claim.lines.all())
    report = built(partner.programme)
    return report.run, report


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=PIECES)
def test_days_add_up_to_the_file_in_whatever_order(
    db: None, pieces: list[tuple[int, int, int]]
) -> None:
    minutes: defaultdict[int, int] = defaultdict(int)
    for day, number, _ in pieces:
        minutes[day] += number
    owed = sum(75 if number <= 240 else 150 for number in minutes.values())

    for order in (pieces, pieces[::-1]):
        run, report = paid_for(order)
        rows = rows_of(contents(report)[".csv"])
        by_day: defaultdict[str, D] = defaultdict(D)
        for row in rows:
            by_day[row["Day"]] += D(row["Amount"])
            assert D(row["Amount"]) >= 0
        assert run.total == sum(by_day.values()) == D(report.summary["total"]) == owed
        assert {by_day[str(DAY + timedelta(days=day))] for day in minutes} <= {D(75), D(150)}
        assert Claim.objects.filter(programme=run.programme).count() <= 2
