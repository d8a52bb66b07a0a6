"""Reads a CSV file for the commands, and says by row and column what is wrong with it."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

MOST_BYTES = 20 * 1024 * 1024
LARGEST = 10**12
NO_MARK = frozenset({"", ".", "na"})
_NUMBER = re.compile(
    r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})(e[+-]?[0-9]{1,3})?", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class SheetError(Exception):
    """The file cannot be used; `str(error)` is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file, by its number there, and its cells without spaces around them."""

    number: int
    cells: list[str]

    def __getitem__(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file that have anything in them, and whether its numbers may have commas."""

    rows: list[Row]
    decimal_commas: bool

    def number(self, row: Row, column: int, name: str, instead: str) -> int | Fraction:
        """The number in a cell, exactly as it was typed.

        Raises SheetError that names row and column and ends with `instead`, what to do about it.
        """
        text = row[column]
        if len(text) <= 9 and text.isascii() and text.isdigit():  # most marks, by far the quickest
            return int(text)
        plain = text.replace("−", "-")
        if self.decimal_commas:
            plain = plain.replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            said = f"“{_short(text)}” is not a number" if text else "there is no number"
            raise SheetError(f"{place(row, column, name)}: {said}. {instead}")
        value = Fraction(plain)
        if abs(value) > LARGEST:
            raise SheetError(
                f"{place(row, column, name)}: {_short(text)} is too large. "
                "Numbers go up to a million million here."
            )
        return value.numerator if value.denominator == 1 else value

    def is_number(self, text: str) -> bool:
        """Whether a cell holds one."""
        try:
            self.number(Row(0, [text]), 0, "", "")
        except SheetError:
            return False
        return True


def place(row: Row, column: int, name: str = "") -> str:
    """Where a cell is, for people."""
    named = f" ({_short(name)})" if name else ""
    return f"Row {row.number}, column {column + 1}{named}"


def read(path: Path) -> Sheet:
    """The rows of a CSV file: parted by commas, semicolons or tabs; UTF-8 or Windows-1252.

    Raises SheetError for what is no such file.
    """
    text = _text(path)
    mark = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows = []
    try:
        before = 0
        for cells in reader:
            tidied = [cell.replace("\xa0", " ").strip() for cell in cells]
            if len(tidied) > 1 or any(tidied):
                rows.append(Row(before + 1, tidied))
            before = reader.line_num
    except csv.Error as error:
        raise SheetError(
            f"“{path.name}” is damaged near row {reader.line_num}: save it as CSV again."
        ) from error
    if not any(cell for row in rows for cell in row.cells):
        raise SheetError(f"“{path.name}” is empty: there is nothing to work out.")
    return Sheet(rows, decimal_commas=mark != ",")


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise SheetError(f"“{path}” is a folder. Name a CSV file.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise SheetError(f"There is no file “{path}”. Check its name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise SheetError(f"“{path}” cannot be read ({reason}).") from error
    if len(data) > MOST_BYTES:
        raise SheetError(
            f"“{path.name}” is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into parts."
        )
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise SheetError(
        f"“{path.name}” is not a CSV file. Open it in your spreadsheet program and save it as CSV."
    )


def _delimiter(text: str) -> str:
    """The mark that parts most of the first lines into most columns."""
    head = text[:20_000].splitlines()[:40]

    def columns(mark: str) -> int:
        try:
            return sum(max(0, len(cells) - 1) for cells in csv.reader(head, delimiter=mark))
        except csv.Error:
            return 0

    semicolons, tabs, commas = columns(";"), columns("\t"), columns(",")
    # Commas within numbers are found between semicolons and tabs, seldom the other way round.
    if max(semicolons, tabs) >= len(head) > 0:
        return ";" if semicolons >= tabs else "\t"
    return max((commas, ","), (semicolons, ";"), (tabs, "\t"), key=lambda one: one[0])[1]


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def lined_up(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
