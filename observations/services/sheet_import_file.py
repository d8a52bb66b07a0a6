"""Reads a file of paper sheets row by row, whatever spreadsheet wrote it: one row at a time."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from observations.services.refusals import SheetError

LOOK_THROUGH_ROWS = 30
MOST_COLUMNS = 200
_MARKS = (",", ";", "\t", "|")
_CHUNK = 1 << 16
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
SAVE_AS = "Save the sheets as CSV (comma or semicolon separated) and bring that file in."


class SheetFileError(SheetError):
    """The file as a whole cannot be used; `str(error)` says what to do."""


@dataclass(frozen=True)
class Line:
    """One row as a spreadsheet counts them, its cells, and why it cannot be read (or nothing)."""

    number: int
    cells: list[str]
    broken: str = ""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`. Raises SheetFileError where there is none, and for a folder."""
    try:
        file = path.open("rb")
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else (error.strerror or "unreadable").lower()
        raise SheetFileError(
            f"“{path.name}” cannot be opened ({reason}). Check its name."
        ) from error
    with file:
        yield file


def text_of(file: BinaryIO) -> io.TextIOWrapper:
    """`file` as text: Unicode with or without its mark, else Windows-1252. Reads it through once.

    Raises SheetFileError for a file that is empty, a workbook, or no text.
    """
    file.seek(0)
    start = file.read(4)
    if not start:
        raise SheetFileError("This file is empty. Choose the one that holds the sheets.")
    if start.startswith(_WORKBOOKS):
        raise SheetFileError(f"This is a workbook. {SAVE_AS}")
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        if _is_text(file, encoding):
            file.seek(0)
            return io.TextIOWrapper(file, encoding=encoding, newline="")
    raise SheetFileError(f"This is not a file of text. {SAVE_AS}")


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            if _NO_TEXT.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def separator_of(text: TextIO) -> str:
    """The mark that parts the first lines into most columns; `text` is wound back."""
    head = [line for _, line in zip(range(LOOK_THROUGH_ROWS), text, strict=False)]
    text.seek(0)

    def columns(mark: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(head, delimiter=mark) if row)
        except csv.Error:
            return 0

    return max(_MARKS, key=columns)


class _Watched:
    """The lines of a text, with the quotation marks of the row being read counted."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.quotes += line.count('"')
        return line


def lines_of(text: TextIO, separator: str) -> Iterator[Line]:
    """The rows that are not blank. A quotation mark left open swallows rows: that is told."""
    watched = _Watched(text)
    reader = csv.reader(watched, delimiter=separator)
    number = 0
    while True:
        number += 1
        watched.quotes = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, [], _OPEN_QUOTE)
            return
        if not any(cell.strip() for cell in cells):
            continue
        swallowed = any("\n" in cell and _holds_rows(cell, separator) for cell in cells)
        odd = watched.quotes % 2 and any("\n" in cell for cell in cells)
        yield Line(number, cells, _OPEN_QUOTE if swallowed or odd else "")


def _holds_rows(cell: str, separator: str) -> bool:
    """Whether a line within `cell` looks like a row of its own."""
    return any(line.count(separator) >= 8 for line in cell.splitlines())


_OPEN_QUOTE = (
    "A quotation mark opens here and is not closed, so this row and those it swallows cannot be "
    "told apart. Close it, or take it out."
)
