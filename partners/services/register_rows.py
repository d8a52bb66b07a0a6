"""Reads the rows of a register by their headings: what each says of whom, and what is wrong."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from partners.services.register import folded
from partners.services.register_fields import (
    CellError,
    known_fields,
    read_name,
    says_nothing,
)
from partners.services.register_headers import Headings, words_of
from partners.services.workbook import BadFileError, Cell, Row, column_letter

_TOTALS = re.compile(
    r"^(grand |sub ?)?(total|totals|sum|subtotal|count|average|mean|number of|no of)\b"
)
_TOTAL_FORMULA = re.compile(
    r"^=\s*(_xlfn\.)?(sum|count|counta|countif|countifs|subtotal|average|aggregate|rows)\(", re.I
)
_SHEET_ERROR = re.compile(r"^#(REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)$", re.I)
# What stands alone in a row and is no person: a heading among the rows, or a note beneath them.
_NOTE_WORDS = frozenset(
    [
        "partners",
        "members",
        "volunteers",
        "key",
        "note",
        "notes",
        "nb",
        "updated",
        "former",
        "past",
        "current",
        "previous",
        "active",
        "inactive",
        "waiting",
        "list",
        "left",
        "retired",
        "please",
        "page",
    ]
)
_NUMBER = re.compile(r"[\d.,]{1,6}")
_IDENTIFYING = ("email", "phone", "joined_on")


@dataclass(frozen=True)
class Told:
    """Something to tell about a row: where, why, and whether it is refused, ignored or noted."""

    row: int
    column: str
    reason: str
    what: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "reason": self.reason, "what": self.what}


@dataclass
class Entry:
    """One row that is about a person: what its columns say, and what is wrong with them.

    `columns` says where each field stands; `added` gathers what a second row of somebody added.
    """

    number: int
    values: dict[str, Any]
    columns: dict[str, int]
    wrong: list[Told] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def read_rows(headings: Headings, rows: Iterable[Row]) -> tuple[list[Entry], list[Told]]:
    """The rows about people, and what is told of the others.

    Raises BadFileError when no column holds names, and when a name is a formula.
    """
    columns = {name: i for i, name in headings.mapping.items()}
    if not columns.keys() & {"name", "first_name", "last_name"}:
        raise BadFileError("No column holds the partners’ names. Say which one does.")
    entries, told = [], []
    for row in rows:
        reason = _no_person(row, headings, columns)
        if reason:
            letter = column_letter(row.filled[0])
            told.append(Told(row.number, letter, reason, "ignored"))
        elif row.filled:
            entries.append(_entry(row, columns))
    return entries, told


def _no_person(row: Row, headings: Headings, columns: dict[str, int]) -> str:
    """Why a row is not about a person; empty when it is."""
    filled = row.filled
    if not filled:
        return ""
    first = row[filled[0]]
    said = words_of(first.text)
    reaches = any(
        row[columns[name]] and not _NUMBER.fullmatch(row[columns[name]].text)
        for name in _IDENTIFYING
        if name in columns
    )
    sums = [i for i in filled if _TOTAL_FORMULA.match(row[i].formula or row[i].text)]
    if (_TOTALS.match(said) and (sums or not reaches)) or len(sums) * 2 >= len(filled):
        return "This is a row of totals, not a partner."
    texts = [words_of(row[i].text) for i in filled]
    heads = [words_of(headings.headers[i]) if i < len(headings.headers) else "" for i in filled]
    if len(filled) > 1 and texts == heads:
        return "These are the headings again."
    if len(filled) == 1 and not first.formula and _is_note(first.text, said):
        return "This is a note or a heading, not a partner."
    if all(says_nothing(row[i].text) and not row[i].formula for i in filled):
        return "Nothing is filled in here."
    return ""


def _is_note(text: str, said: str) -> bool:
    words = said.split()
    return (
        len(words) > 6
        or any(c.isdigit() for c in text)
        or text.endswith((":", "."))
        or text.startswith(("*", "(", "-", "–"))
        or bool(set(words) & _NOTE_WORDS)
    )


def _entry(row: Row, columns: dict[str, int]) -> Entry:
    entry = Entry(row.number, {}, dict(columns))
    fields = known_fields()
    for name, column in columns.items():
        cell = row[column]
        if name in {"name", "first_name", "last_name"}:
            _refuse_formula(row.number, column, cell)
        if says_nothing(cell.text) and not cell.formula:
            continue
        try:
            _refuse_unreadable(cell)
            value = fields[name].read(cell.text)
        except CellError as error:
            entry.wrong.append(Told(row.number, column_letter(column), str(error), "refused"))
            continue
        if value not in (None, "", []):
            entry.values[name] = value
    _join_names(entry)
    return entry


def _refuse_formula(number: int, column: int, cell: Cell) -> None:
    formula = cell.formula or (cell.text if cell.text.startswith("=") else "")
    if formula:
        raise BadFileError(
            f"Row {number}, column {column_letter(column)}: a formula ({formula[:40]}) stands "
            "where a name should be. Type the name itself there, save the file and bring it in "
            "again; nothing was changed."
        )


def _refuse_unreadable(cell: Cell) -> None:
    if _SHEET_ERROR.match(cell.text):
        raise CellError(f"The cell shows the error {cell.text}. Correct it, or empty the cell.")
    if cell.formula and not cell.text:
        raise CellError(
            f"The cell holds a formula ({cell.formula[:40]}) and no result. "
            "Type in what it should say."
        )


def _join_names(entry: Entry) -> None:
    """One name of however many columns hold it; a row without any is refused."""
    first = entry.values.pop("first_name", "")
    last = entry.values.pop("last_name", "")
    name = entry.values.get("name", "")
    if name and last and not first and folded(last) not in folded(name):
        name = f"{name} {last}"
    elif not name:
        name = f"{first} {last}".strip()
    # A name in one column was read before; parts of one are calmed down together.
    entry.values["name"] = name
    where = next(c for n, c in entry.columns.items() if n in {"name", "first_name", "last_name"})
    entry.columns.setdefault("name", where)
    if any(told.column == column_letter(where) for told in entry.wrong):
        return
    try:
        if not name:
            raise CellError("There is no name in this row. Write one, or empty the whole row.")
        entry.values["name"] = read_name(name)
    except CellError as error:
        entry.wrong.append(Told(entry.number, column_letter(where), str(error), "refused"))
