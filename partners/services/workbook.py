"""Reads a coordinator's workbook or CSV file into rows of text, however odd or hostile it is."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from partners.services.register_fields import tidy

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_OLE = b"\xd0\xcf\x11\xe0"
_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
SAVE_AS = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)"


class BadFileError(Exception):
    """The file cannot be used; `str(error)` says what to do, `field` what it is about."""

    def __init__(self, sentence: str, field: str = "file") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and the formula that gave it, if one did."""

    text: str = ""
    formula: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.formula)


EMPTY = Cell()


@dataclass
class Row:
    """One row of a sheet: its number there, and its cells from column A on."""

    number: int
    cells: list[Cell]

    def __getitem__(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else EMPTY

    @property
    def filled(self) -> list[int]:
        return [i for i, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True)
class Area:
    """Cells that are merged into one: columns by index (0 is A), rows by number."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


class Sheet(Protocol):
    """A named sheet that gives its rows, empty ones left out.

    `merged` is known once every row has been read.
    """

    name: str
    hidden: bool
    merged: list[Area]

    def rows(self) -> Iterator[Row]: ...


def column_letter(column: int) -> str:
    """The letter of the column at index `column` (0 is A)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def open_sheets(file: BinaryIO, filename: str) -> list[Sheet]:
    """The sheets of the workbook or CSV file `file` (open for reading in binary).

    Raises BadFileError for what is too large, locked, damaged, empty, or no such file at all.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise BadFileError("This file is empty. Choose the workbook that holds your partners.")
    if size > MOST_BYTES:
        raise BadFileError(
            f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. "
            "Save only the sheet with your partners, without pictures, as a new workbook."
        )
    start = file.read(4)
    file.seek(0)
    if start == _OLE:
        raise BadFileError(
            "This workbook is locked with a password, or is of the old .xls kind. "
            f"{SAVE_AS} without a password."
        )
    if start.startswith(b"PK"):
        from partners.services.xlsx import workbook_sheets  # noqa: PLC0415  (slow to import)

        return workbook_sheets(file)
    if not filename.lower().endswith(_TEXT_ENDINGS):
        raise BadFileError(f"This is not a workbook. {SAVE_AS}, or as CSV.")
    return [_TextSheet(_decoded(file.read()))]


# --- CSV -----------------------------------------------------------------------------------------


@dataclass
class _TextSheet:
    text: str
    name: str = "CSV"
    hidden: bool = False
    merged: list[Area] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        reader = csv.reader(io.StringIO(self.text), delimiter=self._delimiter())
        count = 0
        try:
            for number, parts in enumerate(reader, start=1):
                cells = [Cell(tidy(part)) for part in parts]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    count += 1
                    bound(count, len(cells))
                    yield Row(number, cells)
        except csv.Error as error:
            raise BadFileError(f"This CSV file is damaged. {SAVE_AS} instead.") from error

    def _delimiter(self) -> str:
        """The mark that parts most of the first lines into most columns."""
        head = "\n".join(self.text.splitlines()[:40])

        def columns(mark: str) -> int:
            try:
                widths = [len(row) for row in csv.reader(io.StringIO(head), delimiter=mark)]
            except csv.Error:
                return 0
            return sum(width - 1 for width in widths if width > 1)

        return max((",", ";", "\t", "|"), key=columns)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1f]", text) is None:
            return text
    raise BadFileError(f"This is not a CSV file of text. {SAVE_AS} instead.")


def bound(rows: int, columns: int) -> None:
    """Raises BadFileError for more rows or columns than a register has."""
    if rows > MOST_ROWS:
        raise BadFileError(
            f"This sheet has more than {MOST_ROWS:,} rows. Bring it in as several smaller files."
        )
    if columns > MOST_COLUMNS:
        raise BadFileError(
            f"This sheet has more than {MOST_COLUMNS} columns. "
            "Copy only the columns about your partners into a new workbook."
        )
