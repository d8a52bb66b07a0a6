"""`manage.py agreement FILE.csv`: how far observers agree, to compare with other software."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from observations.management.sheets import (
    NO_MARK,
    Row,
    Sheet,
    SheetError,
    lined_up,
    place,
    read,
)
from observations.statistics import report
from observations.statistics.estimate import Estimate
from observations.statistics.limits import Limits
from observations.statistics.report import Report

Mark = int | Fraction
MOST_RATERS = 40
WIDEST = 1_000
# Headings of a column that names those who were rated and is no rater.
SUBJECTS = {
    *("subject", "subjects", "consultation", "consultations", "encounter", "encounters", "unit"),
    *("units", "id", "case", "cases", "no", "no.", "nr", "number", "row", "#", "item", "items"),
    *("patient", "target", "name", "participant", "clinic", "session", "video", "recording"),
}
NOT_RATED = "Leave the cell empty, or write a full stop or NA, where there is no mark."


@dataclass
class Grid:
    """Marks by subject and rater, and what was found out about the file on the way."""

    raters: list[str]
    rows: list[list[Mark | None]]
    notes: list[str]


class Command(BaseCommand):
    help = "Work out how far observers agree: a row for each who was rated, a column an observer."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV file; empty, full stop or NA for no mark")
        parser.add_argument("--scale", metavar="0-4", help="the lowest and the highest mark")
        parser.add_argument("--json", action="store_true", help="numbers unrounded")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scale = _scale(options["scale"]) if options["scale"] else None
            grid = _grid(read(Path(options["file"])), scale)
        except SheetError as error:
            raise CommandError(str(error)) from error
        categories = list(scale) if scale else _categories(grid)
        found = report.of(grid.rows, categories)
        if options["json"]:
            told = _as_json(found, grid, categories, declared=scale is not None)
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
        else:
            for line in _as_text(found, grid, categories):
                self.stdout.write(line)


def _scale(text: str) -> range:
    """The whole marks of a scale such as 0-4 or 1-6."""
    match = re.fullmatch(r"\s*(-?\d{1,6})\s*(?:-|–|to|:)\s*(-?\d{1,6})\s*", text)
    if match is None or int(match[1]) >= int(match[2]):
        raise SheetError(f"“{text[:40]}” is not a scale. Write the lowest and highest mark: 0-4.")
    if int(match[2]) - int(match[1]) > WIDEST:
        raise SheetError(f"A scale has at most {WIDEST:,} steps here.")
    return range(int(match[1]), int(match[2]) + 1)


def _categories(grid: Grid) -> list[Mark]:
    """The scale, where none was declared: whole numbers from the lowest to the highest mark."""
    marks = {mark for row in grid.rows for mark in row if mark is not None}
    if not marks:
        return []
    lowest, highest = min(marks), max(marks)
    if all(isinstance(mark, int) for mark in marks) and highest - lowest <= WIDEST:
        grid.notes.append(
            f"No scale was declared: {lowest} to {highest} was taken, the lowest and the highest "
            "mark. Gwet's AC changes with the scale; declare it with --scale."
        )
        return list(range(int(lowest), int(highest) + 1))
    grid.notes.append("No scale was declared: each different mark was taken for a category.")
    return sorted(marks)


# --- What the file says --------------------------------------------------------------------------


def _grid(sheet: Sheet, scale: range | None) -> Grid:
    """Raises SheetError for a mark that is no number or off the scale."""
    rows = sheet.rows
    width = max(_width(row) for row in rows)
    notes: list[str] = []
    named = _names_subjects(sheet, width)
    start = 1 if named else 0
    headed = _has_heading(sheet, start, width)
    if not named and not headed and _is_numbered(sheet, width):
        start = 1
        notes.append(
            f"The first column, 1 to {len(rows)}, was taken for the numbers of those rated. "
            "Give the columns headings if it is an observer."
        )
    if width - start > MOST_RATERS:
        raise SheetError(
            f"There are {width - start} columns of marks; {MOST_RATERS} observers are the most. "
            "Those rated go down the rows, observers across."
        )
    heading = rows[0] if headed else Row(0, [])
    if headed and _width(heading) < width:
        wider = next(row for row in rows if _width(row) == width)
        raise SheetError(f"Row {wider.number} has more columns than the heading.")
    raters = [heading[c] or f"Observer {c - start + 1}" for c in range(start, width)]
    marks = [
        [_mark(sheet, row, c, raters[c - start], scale) for c in range(start, width)]
        for row in (rows[1:] if headed else rows)
    ]
    if not marks:
        raise SheetError("There are no rows below the heading: there is nothing to work out.")
    if len(raters) < 2:
        notes.append("There is one observer, and nobody to agree with.")
    return Grid(raters, marks, notes)


def _width(row: Row) -> int:
    """How many columns the row has, empty ones at its end left out unless they part marks."""
    cells = list(row.cells)
    while cells and not cells[-1]:
        cells.pop()
    return len(cells)


def _is_word(sheet: Sheet, text: str) -> bool:
    return text.lower() not in NO_MARK and not sheet.is_number(text)


def _names_subjects(sheet: Sheet, width: int) -> bool:
    """Whether the first column names those rated: by its heading, or by words in most rows.

    A heading over every column but the first is one that other software leaves out there.
    """
    if width < 2:
        return False
    first, *others = [row[0] for row in sheet.rows]
    if first.lower() in SUBJECTS:
        return True
    if not first and all(_is_word(sheet, sheet.rows[0][c]) for c in range(1, width)):
        return True
    words = sum(_is_word(sheet, text) for text in others)
    return words > len(others) / 2


def _has_heading(sheet: Sheet, start: int, width: int) -> bool:
    """Whether the first row has words where marks are due, or names what is below it."""
    first = sheet.rows[0]
    if any(_is_word(sheet, first[c]) for c in range(start, width)):
        return sum(_is_word(sheet, first[c]) for c in range(start, width)) > (width - start) / 2
    if not start or len(sheet.rows) < 2:
        return False
    return first[0].lower() in SUBJECTS or (not first[0] and bool(sheet.rows[1][0]))


def _is_numbered(sheet: Sheet, width: int) -> bool:
    """Whether a first column of 1, 2, 3 ... cannot well be the marks of an observer.

    Five rows at the least, two columns besides, and marks of neither rise from row to row.
    """
    rows = sheet.rows
    numbers = [str(number) for number in range(1, len(rows) + 1)]
    if len(rows) < 5 or width < 3 or [row[0] for row in rows] != numbers:
        return False
    columns = [[row[c] for row in rows] for c in range(1, width)]
    return all(column != sorted(column) for column in columns)


def _mark(sheet: Sheet, row: Row, column: int, rater: str, scale: range | None) -> Mark | None:
    if row[column].lower() in NO_MARK:
        return None
    mark = sheet.number(row, column, rater, NOT_RATED)
    if scale is not None and mark not in scale:
        raise SheetError(
            f"{place(row, column, rater)}: the mark {row[column]} is not on the scale "
            f"from {scale[0]} to {scale[-1]}."
        )
    return mark


# --- Telling it ----------------------------------------------------------------------------------


def _as_json(
    found: Report, grid: Grid, categories: Sequence[Mark], *, declared: bool
) -> dict[str, Any]:
    def plain(estimates: dict[str, Any]) -> dict[str, Any]:
        return {name: _estimate(one) for name, one in estimates.items()}

    pairs = [
        {
            "raters": [grid.raters[pair.first], grid.raters[pair.second]],
            "kappa": plain(pair.kappas),
            "limits_of_agreement": _limits(pair.limits),
        }
        for pair in found.pairs
    ]
    return {
        "n": found.n,
        "complete": found.complete,
        "raters": grid.raters,
        "scale": {
            "declared": declared,
            "lowest": _number(categories[0]) if categories else None,
            "highest": _number(categories[-1]) if categories else None,
            "categories": len(categories),
        },
        "icc": plain(found.icc.forms),
        "alpha": plain(found.alpha),
        "gwet": plain(found.gwet),
        "fleiss": plain(found.fleiss),
        "conger": plain(found.conger),
        "brennan_prediger": plain(found.brennan_prediger),
        "agreement": plain({"exact": found.raw.exact, "within_one": found.raw.within_one}),
        "pairs": pairs,
        "notes": grid.notes,
    }


def _number(mark: Mark) -> int | float:
    return mark if isinstance(mark, int) else float(mark)


def _estimate(estimate: Estimate) -> dict[str, Any]:
    told = asdict(estimate)
    told["reason"] = told["reason"] or None
    return told


def _limits(limits: Limits) -> dict[str, Any]:
    mean = limits.mean
    return {
        "n": limits.n,
        "mean": mean.value,
        "mean_low": mean.low,
        "mean_high": mean.high,
        "sd": limits.sd,
        "lower": limits.lower,
        "upper": limits.upper,
        "reason": limits.reason or None,
    }


def _as_text(found: Report, grid: Grid, categories: Sequence[Mark]) -> list[str]:
    observers = _many(len(grid.raters), "observer", "observers")
    lines = [f"{_many(found.n, 'was', 'were')} rated by {observers}."]
    lines += [f"Observers: {', '.join(grid.raters)}", f"Rated by everybody: {found.complete}"]
    if categories:
        lines.append(f"Scale: {float(categories[0]):g} to {float(categories[-1]):g}")
    lines += grid.notes
    lines += _section("Intraclass correlation (those rated by everybody)", found.icc.forms)
    lines += _section("Krippendorff's alpha", found.alpha)
    lines += _section("Gwet's AC1 (identity) and AC2", found.gwet)
    lines += _section("Fleiss' kappa", found.fleiss)
    lines += _section("Conger's kappa", found.conger)
    lines += _section("Brennan and Prediger's coefficient", found.brennan_prediger)
    shares = {"the same": found.raw.exact, "at most one apart": found.raw.within_one}
    lines += _section("Raw agreement", shares)
    for pair in found.pairs:
        both = f"{grid.raters[pair.first]} and {grid.raters[pair.second]}"
        lines += _section(f"Cohen's kappa: {both}", pair.kappas)
        lines.append(_difference(grid.raters[pair.first], grid.raters[pair.second], pair.limits))
    return lines


def _many(many: int, one: str, more: str) -> str:
    return f"{many} {one if many == 1 else more}"


def _section(title: str, estimates: dict[str, Any]) -> list[str]:
    reasons = {one.reason for one in estimates.values()}
    if len(reasons) == 1 and (reason := reasons.pop()):
        return ["", title, f"  Not estimable. {reason}"]
    table = [["", "value", "95 % interval", "n"]]
    told = []
    for name, one in estimates.items():
        if one.value is None:
            told.append(f"  {name}: not estimable. {one.reason}")
            continue
        ends = "" if None in (one.low, one.high) else f"{one.low:z.4f} to {one.high:z.4f}"
        table.append([name, f"{one.value:z.4f}", ends, str(one.n)])
    return ["", title, *(f"  {line}" for line in lined_up(table)), *told]


def _difference(first: str, second: str, limits: Limits) -> str:
    if limits.mean.value is None:
        return f"  {first} less {second}: not estimable. {limits.reason}"
    told = f"  {first} less {second}: mean {limits.mean.value:+z.4f}"
    if limits.sd is None or limits.lower is None:
        return f"{told}. {limits.reason}"
    return (
        f"{told} ({limits.mean.low:+z.4f} to {limits.mean.high:+z.4f}), SD {limits.sd:.4f}, "
        f"limits {limits.lower:+z.4f} to {limits.upper:+z.4f}, n {limits.n}"
    )
