"""Reads one row of a file of sheets: a day, who, where, the marks; and what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from nhsuk.forms.free_text import identifies_no_patient
from observations.services.sheet_import_file import Line
from observations.services.sheet_import_headings import LABELS, Columns
from partners.services.register_fields import CellError, tidy
from partners.services.register_headers import words_of

MOST_CONSULTATIONS = 60
LONGEST_COMMENT = 1000
LONGEST_PLACE = 120
LONGEST_NAME = 150
_FIRST_YEAR = 1990
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = {
    name: number
    for number, long in enumerate(_MONTH_NAMES.split(), start=1)
    for name in (long, long[:3], long[:4])
}
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,? +", re.I
)
_CLOCK = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_SPOKEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]+([a-z]{3,9})\.?,?[ \-/]+(\d{4}|\d{2})", re.I)
_HALVES = {
    words: half
    for half, listed in {
        "am": "am|a m|morning|mornings|m",
        "pm": "pm|p m|afternoon|afternoons|aft|noon",
        "evening": "eve|evening|evenings|ev|evg|night",
    }.items()
    for words in listed.split("|")
}
_DECISIONS = {
    "yes": "yes",
    "y": "yes",
    "true": "yes",
    "1": "yes",
    "no": "no",
    "n": "no",
    "none": "no",
    "no decision": "no",
    "false": "no",
    "0": "no",
    "unclear": "unclear",
    "unsure": "unclear",
    "not sure": "unclear",
    "could not tell": "unclear",
    "i could not tell": "unclear",
    "dont know": "unclear",
    "": "yes",
}
_NO_MARK = frozenset({"", "-", "–", "—", ".", "n/a", "na", "nil", "none", "blank", "missing", "x"})
_WHOLE = re.compile(r"(-?[0-9]{1,6})(?:[.,]0*)?")
_NUMBER = re.compile(r"(?:(?:no\.?|number|consultation|c|#) ?)?([0-9]{1,6})(?:[.,]0*)?", re.I)
_TOTALS = re.compile(
    r"^(?:grand |sub ?)?(?:totals?|sum|subtotal|count|average|mean|median|sd|number of|no of|"
    r"min|max|minimum|maximum|percent|percentage)\b"
)
_FORMULA = ("=", "@", "+")


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row: at which column by index, and why."""

    column: int
    reason: str


@dataclass
class PaperSheet:
    """One row that is a sheet: as written, with nobody looked up yet."""

    row: int
    said: dict[str, str]
    day: date = date.min
    half: str = ""
    number: int = 0
    decision: str = "yes"
    marks: list[int | None] = field(default_factory=list)
    minutes: int | None = None
    counts: tuple[int, int, int] | None = None
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class Scale:
    """The marks that an instrument allows."""

    lowest: int
    highest: int


def ignored(line: Line, columns: Columns) -> str:
    """Why a row is no sheet at all: totals, headings again, notes. Empty when it is one."""
    cells = line.cells
    filled = [i for i, cell in enumerate(cells) if cell.strip()]
    first = words_of(cells[filled[0]][:100])
    who = [columns.at[name] for name in ("clinician", "observer")]
    nobody = not any(column in filled for column in who)
    if _TOTALS.match(first) and (nobody or filled[0] != columns.at["day"] or len(filled) < 4):
        return "This is a row of totals, not a sheet."
    if nobody and columns.at["day"] not in filled and columns.at["half"] not in filled:
        return "This row names nobody and no day: it is a note or a sum, not a sheet."
    headings = [words_of(columns.heading(i)) for i in filled]
    if len(filled) > 2 and [words_of(cells[i][:100]) for i in filled] == headings:
        return "These are the headings again."
    if len(filled) == 1 and len(columns.items) > 1:
        return "This is a note or a heading, not a sheet."
    return ""


def read_sheet(line: Line, columns: Columns, scale: Scale, today: date) -> PaperSheet:
    """What a row says, with everything that is wrong with it."""
    sheet = PaperSheet(line.number, {})
    cells = line.cells
    if line.broken:
        sheet.wrong.append(Wrong(0, line.broken))
        return sheet
    if surplus := _surplus(cells, columns.width):
        sheet.wrong.append(surplus)
        return sheet

    def cell(name: str) -> str:
        column = columns.at.get(name, len(cells))
        return cells[column].strip() if column < len(cells) else ""

    def read(name: str, reader: Callable[..., Any], *more: Any) -> Any:
        try:
            return reader(cell(name), *more)
        except CellError as error:
            sheet.wrong.append(Wrong(columns.at.get(name, 0), str(error)))
            return None

    sheet.day = read("day", read_day, today) or date.min
    sheet.half = read("half", _half) or ""
    sheet.number = read("number", _consultation) or 0
    sheet.decision = read("decision", _decision) or "yes"
    sheet.minutes = read("minutes", _minutes)
    for name in ("team", "clinician", "observer"):
        sheet.said[name] = read(name, _name, LABELS[name]) or ""
    sheet.said["kind"] = tidy(cell("kind"))
    sheet.said["place"] = read("place", _words, LABELS["place"], LONGEST_PLACE) or ""
    for name in ("worked", "to_try"):
        sheet.said[name] = read(name, _words, LABELS[name], LONGEST_COMMENT) or ""
    _read_counts(sheet, columns, cell)
    _read_marks(sheet, cells, columns, scale)
    return sheet


def _surplus(cells: list[str], width: int) -> Wrong | None:
    """The first cell beyond the headings: a mark that parts columns stands inside a comment."""
    for column in range(width, len(cells)):
        if cells[column].strip():
            return Wrong(
                column,
                f"This row has {len(cells)} columns and the headings have {width}. A comma or "
                "semicolon inside a comment needs quotation marks around the comment.",
            )
    return None


def _read_marks(sheet: PaperSheet, cells: list[str], columns: Columns, scale: Scale) -> None:
    for number, column in enumerate(columns.items, start=1):
        text = cells[column].strip() if column < len(cells) else ""
        try:
            mark = _mark(text, number, scale.lowest, scale.highest)
            if mark is None and sheet.decision != "no":
                raise CellError(f"Q{number} has no mark.")
        except CellError as error:
            sheet.wrong.append(Wrong(column, str(error)))
        else:
            sheet.marks.append(mark)


def _read_counts(sheet: PaperSheet, columns: Columns, cell: Callable[[str], str]) -> None:
    names = ("asked", "said_yes", "said_no")
    texts = [cell(name) for name in names]
    if not any(texts):
        return
    found = []
    for name, text in zip(names, texts, strict=True):
        whole = _WHOLE.fullmatch(text)
        if whole is None or not 0 <= int(whole[1]) <= 100:
            reason = f"“{LABELS[name]}” is a whole number from 0 to 100, or all three are empty."
            sheet.wrong.append(Wrong(columns.at.get(name, columns.at.get("asked", 0)), reason))
            return
        found.append(int(whole[1]))
    asked, yes, no = found
    if yes + no > asked:
        reason = f"{asked} patients were asked, so {yes} and {no} cannot have agreed and declined."
        sheet.wrong.append(Wrong(columns.at["asked"], reason))
        return
    sheet.counts = (asked, yes, no)


# --- Cells ---------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def read_day(text: str, today: date) -> date:
    """A day as people write it here: the day first, or the year; never the month.

    Raises CellError for what is no day, a day that does not exist, and a day to come.
    """
    plain = _CLOCK.sub("", _WEEKDAY.sub("", " ".join(text.split())))
    if not plain:
        raise CellError("There is no date. Write the day, such as 14/05/2019.")
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = int(found[1]), int(found[2]), _year(found[3])
    elif (found := _SPOKEN.fullmatch(plain)) and found[2].lower() in _MONTHS:
        day, month, year = int(found[1]), _MONTHS[found[2].lower()], _year(found[3])
    else:
        raise CellError(f"“{text[:40]}” is not a date. Write the day, such as 14/05/2019.")
    try:
        read = date(year, month, day)
    except ValueError:
        raise CellError(f"There is no {plain}: write the day, the month and the year.") from None
    if read > today:
        raise CellError(f"{plain} is still to come. Only clinics that were held are brought in.")
    if year < _FIRST_YEAR:
        raise CellError(f"{plain} is long ago. Check the year.")
    return read


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


@lru_cache(maxsize=1024)
def _half(text: str) -> str:
    half = _HALVES.get(words_of(text))
    if half is None:
        said = f"“{text[:40]}” is no half-day." if text else "There is no half-day."
        raise CellError(f"{said} Write AM, PM or evening.")
    return half


def _consultation(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= MOST_CONSULTATIONS:
        said = f"“{text[:40]}” is no number of a consultation." if text else "There is no number."
        raise CellError(f"{said} Write a number between 1 and {MOST_CONSULTATIONS}.")
    return int(found[1])


@lru_cache(maxsize=1024)
def _decision(text: str) -> str:
    decision = _DECISIONS.get(words_of(text) if text else "")
    if decision is None or (text and not words_of(text)):
        raise CellError(f"“{text[:40]}” is no answer. Write yes, no or unclear.")
    return decision


def _minutes(text: str) -> int | None:
    if not text:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= 480:
        raise CellError(f"“{text[:40]}” is no length. Write between 1 and 480 minutes.")
    return int(found[1])


@lru_cache(maxsize=4096)
def _mark(text: str, number: int, lowest: int, highest: int) -> int | None:
    if text.lower() in _NO_MARK:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise CellError(f"Q{number} is “{text[:40]}”: a mark is a whole number.")
    mark = int(found[1])
    if not lowest <= mark <= highest:
        raise CellError(f"Q{number} is {mark}: marks go from {lowest} to {highest}.")
    return mark


@lru_cache(maxsize=16384)
def _name(text: str, label: str) -> str:
    """A name in one line. Raises CellError for none, a formula, and what is no name."""
    name = " ".join(tidy(text).split())
    if not name:
        raise CellError(f"“{label}” is empty. Write who or what it is.")
    if name.startswith(_FORMULA) or not any(letter.isalpha() for letter in name):
        raise CellError(f"“{name[:40]}” is not a name. Write the name itself.")
    if len(name) > LONGEST_NAME:
        raise CellError(f"This has {len(name):,} characters. Write only the name here.")
    _refuse_patients(name)
    return name


def _words(text: str, label: str, longest: int) -> str:
    words = tidy(text) if text else ""
    if len(words) > longest:
        raise CellError(f"“{label}” has {len(words):,} characters. Shorten it to {longest:,}.")
    if words:
        _refuse_patients(words)
    return words


def _refuse_patients(words: str) -> None:
    try:
        identifies_no_patient(words)
    except ValidationError as error:
        raise CellError(str(error.messages[0])) from error
