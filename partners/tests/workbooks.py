"""Workbooks made for a test, and bringing them in."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import xlsxwriter  # noqa: TID253 (tests make workbooks)

from accounts.models import Programme
from partners.services import register_import
from partners.tests.factories import NOW

SAMPLE = Path(__file__).parent / "data" / "partner-register.xlsx"
HEAD = ["Name", "E-mail", "Phone", "Date joined", "Lived experience"]
Rows = list[list[Any]]


def xlsx(*sheets: tuple[str, Rows], hidden: str = "") -> bytes:
    """A workbook of these sheets; a cell that is a date is written as one."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, Formula):
                        sheet.write_formula(r, c, value.text, None, value.value)
                    elif value is not None:
                        sheet.write(r, c, value)
            if name == hidden:
                sheet.hide()
    return made.getvalue()


class Formula:
    def __init__(self, text: str, value: str = "") -> None:
        self.text, self.value = text, value


def bring_in(
    programme: Programme, data: bytes, name: str = "register.xlsx", **options: Any
) -> register_import.Outcome:
    return register_import.import_file(
        file=io.BytesIO(data), filename=name, programme=programme, by=None, now=NOW, **options
    )[1]


def told(outcome: register_import.Outcome) -> list[str]:
    return [str(line) for line in outcome.told]
