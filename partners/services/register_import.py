"""Brings a coordinator's register in: read, match with whom we know, try out, confirm.

A partner on the register is changed only where the sheet has a value. A row that is somebody
else's row again is told as a duplicate; what it adds to a list (an MDT, say) is still brought in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from accounts.models import Programme, User
from partners.models import RegisterImport, RememberedColumn
from partners.services.register import folded
from partners.services.register_fields import known_fields
from partners.services.register_headers import LEAVE_OUT, Headings, find_headings, words_of
from partners.services.register_matching import Matching, Outcome
from partners.services.register_rows import read_rows
from partners.services.workbook import (
    Area,
    BadFileError,
    Cell,
    Row,
    Sheet,
    column_letter,
    open_sheets,
)
from workflow.transitions import IllegalMoveError, begin, transition


@dataclass
class Register:
    """A register as read from a file: its headings, and the rows beneath them."""

    filename: str
    sheet: str
    headings: Headings
    rows: list[Row]

    @property
    def unmapped(self) -> list[str]:
        """Headings of columns with something in them that no field was found for."""
        used = {i for row in self.rows for i in row.filled} - set(self.headings.mapping)
        return [header_of(self.headings.headers, i) for i in sorted(used)]


def header_of(headers: list[str], column: int) -> str:
    """What a column is called: its heading, else its letter."""
    header = headers[column] if column < len(headers) else ""
    return header or f"column {column_letter(column)} (no heading)"


def read_register(
    *,
    file: BinaryIO,
    filename: str,
    programme: Programme,
    sheet: str = "",
    said: Mapping[str, str] | None = None,
) -> Register:
    """Find the register in a workbook or CSV file; nothing is kept.

    `sheet` names the sheet (else the one whose headings are known best); `said` maps headings to
    names of fields, or to LEAVE_OUT.

    Raises BadFileError for a file that cannot be used.
    """
    remembered = remembered_columns(programme)
    said = _said(said or {})
    sheets = open_sheets(file, filename)
    candidates = _named(sheets, sheet) if sheet else [one for one in sheets if not one.hidden]
    best: tuple[Sheet, Headings] | None = None
    seen_any = False
    for candidate in candidates:
        rows = _first_rows(candidate)
        seen_any = seen_any or bool(rows)
        headings = find_headings(rows, remembered, said)
        if headings and (best is None or len(headings.mapping) > len(best[1].mapping)):
            best = (candidate, headings)
    if not seen_any:
        raise BadFileError("There is nothing in this workbook. Choose the one with your partners.")
    if best is None:
        raise BadFileError(
            "No row of headings was found in the first 30 rows. Write headings such as Name, "
            "E-mail and Date joined above the columns, then try again."
        )
    chosen, headings = best
    _refuse_unknown_headers(said, headings)
    rows = [row for row in chosen.rows() if row.number > headings.row]
    _fill_down(rows, chosen.merged)
    if not rows:
        raise BadFileError("There are headings here, but no partners beneath them.")
    return Register(filename, chosen.name, headings, rows)


def remembered_columns(programme: Programme) -> dict[str, str]:
    """What each heading meant last time, by `words_of`."""
    return {
        words_of(column.header): column.field
        for column in RememberedColumn.objects.filter(programme=programme)
    }


@transaction.atomic
def remember_columns(*, programme: Programme, columns: Mapping[str, str]) -> None:
    """Keep which field each heading means, for next time."""
    known = {
        words_of(column.header): column
        for column in RememberedColumn.objects.filter(programme=programme)
    }
    for header, name in columns.items():
        key = words_of(header)
        if not key:
            continue
        column = known.get(key) or RememberedColumn(programme=programme, header=header)
        if column.pk is None or column.field != name:
            column.field = name
            column.save()
            known[key] = column


@transaction.atomic
def bring_in(
    *,
    programme: Programme,
    headings: Headings,
    rows: Iterable[Row],
    by: User | None,
    now: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Put the partners of `rows` on the register of `programme`.

    With `dry_run` everything is done and taken back, so that the outcome is exact.

    Raises BadFileError, changing nothing, when no column holds names, a name is a formula, or
    somebody changed the register meanwhile.
    """
    with transaction.atomic():
        # Two registers at once would each make the partner that the other is making.
        Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
        entries, told = read_rows(headings, rows)
        outcome = Matching(programme=programme, headings=headings, by=by, now=now).do(entries, told)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


@transaction.atomic
def import_file(
    *,
    file: BinaryIO,
    filename: str,
    programme: Programme,
    by: User | None,
    now: datetime,
    sheet: str = "",
    said: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> tuple[Register, Outcome]:
    """Read a file and bring it in at once; what was `said` of columns is remembered.

    Raises BadFileError, changing nothing, as `read_register` and `bring_in` do.
    """
    register = read_register(
        file=file, filename=filename, programme=programme, sheet=sheet, said=said
    )
    outcome = bring_in(
        programme=programme,
        headings=register.headings,
        rows=register.rows,
        by=by,
        now=now,
        dry_run=dry_run,
    )
    if not dry_run:
        remember_columns(programme=programme, columns=said or {})
        kept = RegisterImport.objects.create(
            programme=programme,
            filename=filename[-200:],
            sheet=register.sheet[:100],
            header_row=register.headings.row,
            headers=register.headings.headers,
            mapping=_kept_mapping(register.headings.mapping),
            outcome=_kept_outcome(outcome),
            status=RegisterImport.Status.APPLIED,
            uploaded_at=now,
            uploaded_by=by,
        )
        begin(kept, by=by, now=now)
    return register, outcome


# --- In the admin: uploaded, mapped, confirmed ---------------------------------------------------


@transaction.atomic
def start_import(
    *, register: Register, programme: Programme, by: User | None, now: datetime
) -> RegisterImport:
    """Keep a register until its columns are checked; the person's unfinished ones are let go."""
    unfinished = RegisterImport.objects.unfinished().filter(programme=programme, uploaded_by=by)
    for earlier in unfinished:
        drop_import(register_import=earlier, by=by, now=now)
    kept = RegisterImport.objects.create(
        programme=programme,
        filename=register.filename[-200:],
        sheet=register.sheet[:100],
        header_row=register.headings.row,
        headers=register.headings.headers,
        rows=[
            [
                row.number,
                [[cell.text, cell.formula] if cell.formula else cell.text for cell in row.cells],
            ]
            for row in register.rows
        ],
        mapping=_kept_mapping(register.headings.mapping),
        uploaded_at=now,
        uploaded_by=by,
    )
    begin(kept, by=by, now=now)
    return kept


@transaction.atomic
def choose_columns(
    *,
    register_import: RegisterImport,
    mapping: Mapping[int, str],
    by: User | None,
    now: datetime,
) -> Outcome:
    """Say what each column is, remember it, and try the import out.

    Raises BadFileError when no column holds names, or a name is a formula; IllegalMoveError when
    the import has ended.
    """
    register = register_of(register_import)
    headers = register.headings.headers
    chosen = Headings(register.headings.row, headers, dict(mapping))
    outcome = bring_in(
        programme=register_import.programme,
        headings=chosen,
        rows=register.rows,
        by=by,
        now=now,
        dry_run=True,
    )
    remember_columns(
        programme=register_import.programme,
        columns={header: mapping.get(i, LEAVE_OUT) for i, header in enumerate(headers) if header},
    )
    transition(
        register_import,
        RegisterImport.Status.MAPPED,
        by=by,
        now=now,
        mapping=_kept_mapping(mapping),
        outcome={
            **_kept_outcome(outcome),
            "changes": [change.as_json() for change in outcome.changes],
        },
    )
    return outcome


@transaction.atomic
def apply_import(*, register_import: RegisterImport, by: User | None, now: datetime) -> Outcome:
    """Bring in what was tried out; the rows are emptied.

    Raises IllegalMoveError when it has ended, and BadFileError as `bring_in` does.
    """
    locked = (
        RegisterImport.objects.select_for_update(of=("self",))
        .select_related("programme")
        .get(pk=register_import.pk)
    )
    if locked.status != RegisterImport.Status.MAPPED:
        raise IllegalMoveError(locked, RegisterImport.Status.APPLIED)
    register = register_of(locked)
    outcome = bring_in(
        programme=locked.programme,
        headings=register.headings,
        rows=register.rows,
        by=by,
        now=now,
    )
    transition(
        register_import,
        RegisterImport.Status.APPLIED,
        by=by,
        now=now,
        rows=[],
        outcome=_kept_outcome(outcome),
    )
    return outcome


@transaction.atomic
def drop_import(
    *, register_import: RegisterImport, by: User | None, now: datetime, why: str = ""
) -> RegisterImport:
    """Let an import go; its rows are emptied. Raises IllegalMoveError when it has ended."""
    gone = RegisterImport.Status.DROPPED
    transition(register_import, gone, by=by, now=now, why=why, rows=[], outcome={})
    return register_import


def register_of(register_import: RegisterImport) -> Register:
    """The register that an import keeps."""
    rows = [
        Row(number, [Cell(*cell) if isinstance(cell, list) else Cell(cell) for cell in cells])
        for number, cells in register_import.rows
    ]
    mapping = {int(i): name for i, name in register_import.mapping.items()}
    headings = Headings(register_import.header_row, register_import.headers, mapping)
    return Register(register_import.filename, register_import.sheet, headings, rows)


def _kept_mapping(mapping: Mapping[int, str]) -> dict[str, str]:
    return {str(i): name for i, name in mapping.items()}


def _kept_outcome(outcome: Outcome) -> dict[str, Any]:
    return {**outcome.counts(), "told": [line.as_json() for line in outcome.told]}


# --- Finding the register in a file --------------------------------------------------------------


def _said(said: Mapping[str, str]) -> dict[str, str]:
    fields = known_fields()
    for header, name in said.items():
        if name != LEAVE_OUT and name not in fields:
            raise BadFileError(
                f"There is no field called “{name}” for the column “{header}”. "
                f"The fields are: {', '.join(fields)}."
            )
    chosen = [name for name in said.values() if name != LEAVE_OUT]
    for name, times in Counter(chosen).items():
        if times > 1:
            raise BadFileError(f"Two columns are said to be “{name}”. Choose one of them.")
    return {words_of(header): name for header, name in said.items()}


def _refuse_unknown_headers(said: Mapping[str, str], headings: Headings) -> None:
    present = {words_of(header) for header in headings.headers}
    for key in said:
        if key not in present:
            listed = ", ".join(f"“{header}”" for header in headings.headers if header)
            raise BadFileError(f"There is no column “{key}”. The columns are: {listed}.")


def _named(sheets: list[Sheet], name: str) -> list[Sheet]:
    wanted = folded(name)
    found = [sheet for sheet in sheets if sheet.name == name] or [
        sheet for sheet in sheets if folded(sheet.name) == wanted
    ]
    if not found:
        listed = ", ".join(f"“{sheet.name}”" for sheet in sheets)
        raise BadFileError(f"There is no sheet “{name}”. The sheets are: {listed}.", "sheet")
    return found[:1]


def _first_rows(sheet: Sheet) -> list[Row]:
    rows: list[Row] = []
    for row in sheet.rows():
        if row.number > 30 and rows:
            break
        rows.append(row)
    return rows


def _fill_down(rows: list[Row], merged: list[Area]) -> None:
    """Cells merged downwards hold for each of their rows."""
    by_number = {row.number: row for row in rows}
    for area in merged:
        top = by_number.get(area.first_row)
        if top is None or area.first_column != area.last_column:
            continue
        column = area.first_column
        for number in range(area.first_row + 1, min(area.last_row, area.first_row + 1000) + 1):
            row = by_number.get(number)
            if row is not None and not row[column]:
                row.cells += [Cell()] * (column + 1 - len(row.cells))
                row.cells[column] = top[column]
