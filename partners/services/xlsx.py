"""Reads Excel workbooks by openpyxl, which is loaded when the first one is opened."""

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import load_workbook  # noqa: TID253 (this module is imported when it is needed)
from openpyxl.worksheet._reader import WorkSheetParser  # noqa: TID253 (as above)
from openpyxl.xml.constants import SHEET_MAIN_NS  # noqa: TID253 (as above)

from partners.services.register_fields import tidy
from partners.services.workbook import EMPTY, SAVE_AS, Area, BadFileError, Cell, Row, Sheet, bound

_MOST_SHEETS = 60
# A workbook that unpacks to more than this was made to hurt: a real one shrinks 5 to 40 times.
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 5000
_MOST_RATIO = 150
_RATIO_MATTERS_FROM = 1024 * 1024
_FORMULA_TAG = f"{{{SHEET_MAIN_NS}}}f"


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's own reader of a sheet, keeping a formula and what it last came to."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        formula = element.find(_FORMULA_TAG)
        if formula is not None:
            element.remove(formula)
        cell: dict[str, Any] = super().parse_cell(element)
        cell["formula"] = "" if formula is None else f"={formula.text or ''}"
        return cell


@dataclass
class _WorkbookSheet:
    worksheet: Any
    name: str
    hidden: bool
    merged: list[Area] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        try:
            yield from self._rows()
        except BadFileError:
            raise
        except Exception as error:  # a damaged file may raise anything at all from deep inside
            raise _damaged() from error

    def _rows(self) -> Iterator[Row]:
        book = self.worksheet.parent
        with warnings.catch_warnings(), self.worksheet._get_source() as source:
            warnings.simplefilter("ignore")
            parser = _Parser(
                source,
                self.worksheet._shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for count, (number, cells) in enumerate(_filled_rows(parser), start=1):
                bound(count, max(cells) + 1)
                width = max(cells) + 1
                yield Row(number, [cells.get(i, EMPTY) for i in range(width)])
            areas = parser.merged_cells.mergeCell if parser.merged_cells else []
            self.merged = [Area(*_bounds(area)) for area in areas]


def _bounds(area: Any) -> tuple[int, int, int, int]:
    return area.min_col - 1, area.min_row, area.max_col - 1, area.max_row


def _filled_rows(parser: Any) -> Iterator[tuple[int, dict[int, Cell]]]:
    for number, raw in parser.parse():
        cells = {}
        for part in raw:
            cell = Cell(_text(part["value"]), part["formula"])
            if cell:
                cells[part["column"] - 1] = cell
        if cells:
            yield number, cells


def _text(value: Any) -> str:
    """What a person sees in the cell, near enough to read it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return tidy(str(value))


def workbook_sheets(file: BinaryIO) -> list[Sheet]:
    try:
        _refuse_bombs(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, keep_links=False)
        sheets: list[Sheet] = [
            _WorkbookSheet(ws, ws.title, ws.sheet_state != "visible")
            for ws in book.worksheets[:_MOST_SHEETS]
        ]
    except BadFileError:
        raise
    except Exception as error:  # a damaged file may raise anything at all from deep inside
        raise _damaged() from error
    if not sheets:
        raise BadFileError("This workbook has no sheet with cells. Choose another one.")
    return sheets


def _refuse_bombs(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise BadFileError(
                f"This workbook is locked with a password. {SAVE_AS} without a password."
            )
        unpacked = sum(part.file_size for part in parts)
        bomb = any(
            part.file_size > _RATIO_MATTERS_FROM
            and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
            for part in parts
        )
        if bomb or unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
            raise BadFileError(
                "This workbook unpacks to far more than a register needs. "
                "Copy the cells with your partners into a new workbook and use that."
            )
    file.seek(0)


def _damaged() -> BadFileError:
    return BadFileError(f"This workbook is damaged and cannot be read. {SAVE_AS} again.")
