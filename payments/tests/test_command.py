"""`payment_report`: one line of JSON, two files, or a sentence and nothing changed."""

import csv
import hashlib
import json
from datetime import date
from decimal import Decimal as D
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.tests.factories import ProgrammeFactory
from partners.tests.factories import signed_up_partner
from payments.models import ClaimLine, PaymentRun
from payments.tests.factories import NOW, RateFactory, approved_claim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(NOW):
        yield


def report(out: Path, month: str = "2026-10", **options: str) -> dict[str, object]:
    said = StringIO()
    call_command("payment_report", month=month, out=out, stdout=said, **options)
    (line,) = said.getvalue().splitlines()
    found: dict[str, object] = json.loads(line)
    return found


def test_report_writes_both_files_and_says_what_is_in_them(tmp_path: Path) -> None:
    partner = signed_up_partner(RateFactory().programme)
    approved_claim(partner, 120)
    approved_claim(partner, 241, on=date(2026, 10, 9))
    out = tmp_path / "to" / "finance"

    told = report(out)

    slug = partner.programme.slug
    names = [f"{slug}-2026-10-payments.csv", f"{slug}-2026-10-payments.xlsx"]
    assert sorted(path.name for path in out.iterdir()) == names
    content = (out / names[0]).read_bytes()
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert sum(D(row["Amount"]) for row in rows) == D("225.00")
    assert told == {
        "month": "2026-10",
        "programme": slug,
        "lines": 2,
        "partners": 1,
        "fees": "225.00",
        "expenses": "0.00",
        "total": "225.00",
        "donated": "0.00",
        "sha256": hashlib.sha256(content).hexdigest(),
        "files": names,
    }
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert report(out) == told
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_report_of_an_empty_month_has_zeros(tmp_path: Path) -> None:
    RateFactory()

    told = report(tmp_path)

    assert (told["lines"], told["fees"], told["total"]) == (0, "0.00", "0.00")


@pytest.mark.parametrize(
    ("month", "options", "sentence"),
    [
        ("2026-13", {}, "There is no month 2026-13"),
        ("October", {}, "Write the month as YYYY-MM"),
        ("1999-12", {}, "Choose a month from January 2000 on"),
        ("2026-12", {}, "December 2026 is still to come"),
        ("2026-10", {"programme": "nowhere"}, "no programme with the slug nowhere"),
    ],
)
def test_report_refuses_with_a_sentence_and_changes_nothing(
    tmp_path: Path, month: str, options: dict[str, str], sentence: str
) -> None:
    approved_claim(signed_up_partner(RateFactory().programme))
    out = tmp_path / "out"

    with pytest.raises(CommandError, match=sentence):
        report(out, month, **options)
    assert not out.exists()
    assert not PaymentRun.objects.exists()


def test_report_that_cannot_be_written_gathers_nothing(tmp_path: Path) -> None:
    approved_claim(signed_up_partner(RateFactory().programme))
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError, match="cannot be written"):
        report(tmp_path / "file" / "out")
    assert not ClaimLine.objects.filter(run__isnull=False).exists()
    assert not PaymentRun.objects.exists()


def test_report_asks_which_programme_when_there_are_two(tmp_path: Path) -> None:
    first = ProgrammeFactory()
    ProgrammeFactory()

    with pytest.raises(CommandError, match="several programmes"):
        report(tmp_path)
    assert report(tmp_path, programme=first.slug)["lines"] == 0
