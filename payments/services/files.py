"""The files of a payment run: the same lines give the same bytes.

What finance needs and no more: no e-mail address, nothing of health or access, no bank details.
Nothing that the partner wrote: of an expense, and of work that they recorded, its kind only.
"""

import csv
import functools
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from partners.services.formulas import neutral
from payments import rules
from payments.models import ClaimLine, Expense, PaymentRun, Rate

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_ONCE = 2000

# Heading, and the width of the workbook's column.
COLUMNS = (
    ("Reference", 26),
    ("Partner", 26),
    ("Partner number", 10),
    ("Day", 12),
    ("What", 40),
    ("Kind", 10),
    ("Minutes", 9),
    ("Basis", 14),
    ("Rate", 10),
    ("Rate number", 10),
    ("Percent taken", 10),
    ("Amount", 11),
    ("Donated", 9),
    ("Approved by", 24),
    ("Approved at", 26),
    ("Claim number", 10),
)
_DAY, _RATE, _AMOUNT = 3, 8, 11

_FIELDS = (
    "pk",
    "partner__name",
    "partner_id",
    "happened_on",
    "description",
    "contribution__kind",
    "contribution__source_path",
    "expense__head",
    "minutes",
    "rate__basis",
    "rate__amount",
    "rate_id",
    "percent",
    "amount",
    "donated",
    "claim__approved_by__name",
    "claim__approved_at",
    "claim_id",
)
_HEADS = dict(Expense.Head.choices)
_BASES = dict(Rate.Basis.choices)
# Day 0 of a workbook's calendar.
_WORKBOOK_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Summary:
    """Control totals of a report; amounts are texts with two places, as in the file.

    Fees, expenses and the total count every line; `donated` is what of them is paid to nobody.
    """

    lines: int
    partners: int
    fees: str
    expenses: str
    total: str
    donated: str
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class _Totals:
    lines: int = 0
    partners: int = 0
    fees: Decimal = Decimal("0.00")
    expenses: Decimal = Decimal("0.00")
    donated: Decimal = Decimal("0.00")
    last_partner: int | None = None

    def add(self, partner_id: int, amount: Decimal, is_expense: bool, is_donated: bool) -> None:
        self.lines += 1
        if partner_id != self.last_partner:  # lines come partner by partner
            self.partners += 1
            self.last_partner = partner_id
        if is_expense:
            self.expenses += amount
        else:
            self.fees += amount
        if is_donated:
            self.donated += amount


def file_names(run: PaymentRun) -> tuple[str, str]:
    """The names of the run's CSV and XLSX."""
    stem = f"{run.programme.slug}-{run.month:%Y-%m}-payments"
    return f"{stem}.csv", f"{stem}.xlsx"


def write_files(
    *, run: PaymentRun, folder: Path, progress: Callable[[int], None] = lambda done: None
) -> Summary:
    """Write the run's CSV and XLSX into `folder`; returns the control totals of what was written.

    Memory stays the same however many lines there are. `progress` is told the lines done.
    """
    import xlsxwriter  # noqa: PLC0415, RUF100 - slow to import, and needed once a month

    csv_path, xlsx_path = (folder / name for name in file_names(run))
    totals = _Totals()
    book = xlsxwriter.Workbook(
        str(xlsx_path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(folder),
        },
    )
    # A fixed date: the same lines give the same bytes.
    book.set_properties(
        {
            "title": f"Payments of {run.month:%B %Y}",
            "created": datetime(run.month.year, run.month.month, 1),  # noqa: DTZ001
        }
    )
    sheet = _Sheet(book)
    # With a byte order mark and CRLF, so that a double click in Excel reads names right.
    with csv_path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([heading for heading, _ in COLUMNS])
        for cells, partner_id, amount, is_expense, is_donated in _rows(run):
            out.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
            sheet.write(cells)
            totals.add(partner_id, amount, is_expense, is_donated)
            if totals.lines % ROWS_AT_ONCE == 0:
                progress(totals.lines)
    with csv_path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    summary = Summary(
        lines=totals.lines,
        partners=totals.partners,
        fees=str(totals.fees),
        expenses=str(totals.expenses),
        total=str(totals.fees + totals.expenses),
        donated=str(totals.donated),
        sha256=digest,
    )
    _write_summary(book, run, summary, totals)
    book.close()
    progress(totals.lines)
    return summary


def _rows(run: PaymentRun) -> Iterator[tuple[list[Any], int, Decimal, bool, bool]]:
    lines = (
        ClaimLine.objects.filter(run=run)
        .order_by("partner__sort_key", "partner_id", "happened_on", "pk")
        .values_list(*_FIELDS)
        .iterator(chunk_size=ROWS_AT_ONCE)  # a cursor on the server
    )
    # What finance and we call a line for ever: DEMO-2026-10-000123.
    reference = f"{run.programme.slug.upper()}-{run.month:%Y-%m}-"
    when = functools.lru_cache(maxsize=64)(_local_time)  # lines of a claim stand together
    for (
        pk, name, partner_id, day, title, kind, source, head, minutes, basis, rate, rate_id,
        percent, amount, donated, approver, approved_at, claim_id,
    ) in lines:  # fmt: skip
        cells = [
            f"{reference}{pk:06d}",
            name,
            partner_id,
            day,
            _HEADS[head] if head else rules.what_finance_reads(kind, title, source),
            "expense" if head else "fee",
            minutes,
            _BASES[basis] if basis else None,
            rate,
            rate_id,
            None if head else percent,
            amount,
            "yes" if donated else "no",
            approver,
            when(approved_at),
            claim_id,
        ]
        yield cells, partner_id, amount, bool(head), donated


def _local_time(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


class _Sheet:
    """The workbook's sheet of lines.

    Rows go to the sheet as text, the same as its own `write` makes of them cell by cell: that
    took four fifths of the time of a large report.
    """

    def __init__(self, book: Any) -> None:
        self.sheet = book.add_worksheet("Lines")
        bold = book.add_format({"bold": True})
        formats = {
            _DAY: book.add_format({"num_format": "dd/mm/yyyy"}),
            _RATE: book.add_format({"num_format": "0.00"}),
            _AMOUNT: book.add_format({"num_format": "0.00"}),
        }
        self.sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(COLUMNS):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(0, column, heading, bold)
        self.sheet._write_single_row(1)  # the headings, which wait for the next row
        self.letters = [chr(ord("A") + column) for column in range(len(COLUMNS))]
        self.styles = [
            f' s="{formats[column]._get_xf_index()}"' if column in formats else ""
            for column in range(len(COLUMNS))
        ]
        self.text = functools.lru_cache(maxsize=1024)(self._text)  # most repeat
        self.row = 0

    def write(self, cells: list[Any]) -> None:
        self.row += 1
        number = self.row + 1
        parts = [f'<row r="{number}">']
        for letter, style, cell in zip(self.letters, self.styles, cells, strict=True):
            if isinstance(cell, str):
                parts.append(f'<c r="{letter}{number}"{self.text(cell)}')
            elif isinstance(cell, date):
                days = (cell - _WORKBOOK_EPOCH).days
                parts.append(f'<c r="{letter}{number}"{style}><v>{days}</v></c>')
            elif cell is not None:
                parts.append(f'<c r="{letter}{number}"{style}><v>{cell}</v></c>')
        parts.append("</row>")
        self.sheet.fh.write("".join(parts))
        self.sheet._check_dimensions(self.row, len(COLUMNS) - 1)

    def _text(self, text: str) -> str:
        escaped = self.sheet._escape_data(self.sheet._escape_control_characters(text))
        space = ' xml:space="preserve"' if text.strip() != text else ""
        return f' t="inlineStr"><is><t{space}>{escaped}</t></is></c>'


def _write_summary(book: Any, run: PaymentRun, summary: Summary, totals: _Totals) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    money = book.add_format({"num_format": "0.00"})
    facts: list[tuple[str, Any]] = [
        ("Programme", run.programme.name),
        ("Month", f"{run.month:%Y-%m}"),
        ("Payment run", run.pk),
        ("Lines", summary.lines),
        ("Partners", summary.partners),
        ("Fees", totals.fees),
        ("Expenses", totals.expenses),
        ("Total", totals.fees + totals.expenses),
        ("Of this donated: paid to nobody", totals.donated),
        ("SHA-256 of the CSV file", summary.sha256),
    ]
    for row, (label, value) in enumerate(facts):
        sheet.write_string(row, 0, label)
        if isinstance(value, str):
            sheet.write_string(row, 1, value)
        else:
            sheet.write_number(row, 1, value, money if isinstance(value, Decimal) else None)
