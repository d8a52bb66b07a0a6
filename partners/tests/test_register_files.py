"""Files that were made to hurt: one sentence each, and nothing changes."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import Programme
from partners.models import Partner
from partners.services import workbook
from partners.services.workbook import BadFileError
from partners.tests.workbooks import SAMPLE, Formula, bring_in, xlsx

pytestmark = pytest.mark.django_db


def _with_part(name: str, text: bytes, *, stored: bool = False) -> bytes:
    """The sample with one of its parts replaced."""
    made = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(made, "w", how) as new:
        for part in old.infolist():
            new.writestr(part.filename, text if part.filename == name else old.read(part))
    return made.getvalue()


_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
)
_BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + _SHEET % b"<row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>"
)
_ONE = "xl/worksheets/sheet1.xml"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("r.xlsx", lambda: b"", "is empty"),
    "not a workbook": ("r.xlsx", lambda: b"hello there", "not a workbook"),
    "a picture": ("r.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0", "not a CSV file of text"),
    "password": (
        "r.xlsx",
        lambda: b"\xd0\xcf\x11\xe0" * 99,
        "locked with a password",
    ),
    "cut off": ("r.xlsx", lambda: SAMPLE.read_bytes()[:3000], "damaged"),
    "a zip": ("r.xlsx", lambda: _zip({"a.txt": b"hello"}), "damaged"),
    "a zip bomb": ("r.xlsx", lambda: _with_part(_ONE, b" " * 90_000_000), "unpacks to far more"),
    "many cells": (
        "r.xlsx",
        lambda: _with_part(_ONE, _SHEET % (b"<row>" + b"<c/>" * 2_000_000)),
        "unpacks to far more",
    ),
    "entities": ("r.xlsx", lambda: _with_part(_ONE, _BOMB), "damaged"),
    "broken xml": ("r.xlsx", lambda: _with_part(_ONE, _SHEET % b"<row>"), "damaged"),
    "a far column": (
        "r.xlsx",
        lambda: xlsx(("S", [["Name", "E-mail", *[None] * 300, "far"]])),
        "more than 200 columns",
    ),
    "no headings": ("r.xlsx", lambda: xlsx(("S", [["Ann", 3], ["Bob", 4]])), "No row of headings"),
    "nothing in it": ("r.xlsx", lambda: xlsx(("S", [])), "nothing in this workbook"),
    "only headings": ("r.xlsx", lambda: xlsx(("S", [["Name", "E-mail"]])), "no partners beneath"),
    "too many rows": (
        "r.csv",
        lambda: b"Name,E-mail\n" + b"Ann,\n" * 20_001,
        "more than 20,000 rows",
    ),
    "too large": ("r.csv", lambda: b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    "a wild quote": ("r.csv", lambda: b'Name,E-mail\n"' + b"x" * 200_000, "damaged"),
    "a formula for a name": (
        "r.xlsx",
        lambda: xlsx(
            ("S", [["Name", "E-mail"], ["Ann", "a@example.org"], [Formula("=B1"), "b@example.org"]])
        ),
        "Row 3, column A: a formula (=B1) stands where a name should be",
    ),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_bad_file_gets_one_sentence_and_changes_nothing(programme: Programme, case: str) -> None:
    name, make, sentence = HOSTILE[case]

    with pytest.raises(BadFileError) as refused:
        bring_in(programme, make(), name)

    assert sentence in str(refused.value)
    assert not Partner.objects.exists()


def test_rows_far_down_cost_nothing(programme: Programme) -> None:
    row = b'<row r="%d"><c r="A%d" t="str"><v>%s</v></c><c r="B%d" t="str"><v>%s</v></c></row>'
    rows = b"".join(
        row % (n, n, a, n, b)
        for n, a, b in [(2, b"Name", b"E-mail"), (1_048_576, b"Ann Lee", b"ann@example.org")]
    )

    outcome = bring_in(programme, _with_part(_ONE, _SHEET % (rows + b"</sheetData></worksheet>")))

    assert outcome.created == 1


def test_a_sheet_of_50_mb_is_not_read_into_memory(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "large.xlsx"
    with file.open("wb") as made:
        made.truncate(50 * 1024 * 1024)

    class Unread(io.FileIO):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    with Unread(file) as large, pytest.raises(BadFileError, match="larger than 10 MB"):
        workbook.open_sheets(large, "large.xlsx")  # type: ignore[arg-type]
