"""`manage.py spc FILE.csv`: XmR charts of series, to compare with other software."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from observations.management.sheets import Row, Sheet, SheetError, lined_up, read
from observations.statistics import spc

COLUMNS = ("series", "period", "value")
LEAVE_OUT = "Every row needs a number; leave out a period without one."


class Command(BaseCommand):
    help = "Work out XmR charts: lines, and the special cause of each point, by series."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV file with the columns series, period and value")
        parser.add_argument(
            "--rules", choices=spc.RULES, default="mdc", help="whose rules; mdc by default"
        )
        parser.add_argument(
            "--improvement", choices=["up", "down"], default="up", help="what is better"
        )
        parser.add_argument("--baseline", type=int, help="fix the lines on so many first points")
        parser.add_argument(
            "--screen",
            action=BooleanOptionalAction,
            help="leave out outlying moving ranges (by default with nhsr)",
        )
        parser.add_argument("--json", action="store_true", help="one object a row, unrounded")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["baseline"] is not None and options["baseline"] < 2:
            raise CommandError("--baseline needs 2 or more: lines rest on two points at the least.")
        try:
            rows = _rows(read(Path(options["file"])))
        except SheetError as error:
            raise CommandError(str(error)) from error
        by_series: dict[str, list[int | Fraction]] = {}
        for series, _, value in rows:
            by_series.setdefault(series, []).append(value)
        charts = {
            series: spc.chart(
                values,
                options["rules"],
                options["improvement"],
                baseline=options["baseline"],
                screen=options["screen"],
            )
            for series, values in by_series.items()
        }
        if options["json"]:
            self._as_json(rows, charts)
        else:
            self._as_tables(rows, charts)

    def _as_json(
        self, rows: list[tuple[str, str, int | Fraction]], charts: dict[str, spc.Chart]
    ) -> None:
        points = {series: iter(chart.points) for series, chart in charts.items()}
        told = []
        for series, period, _ in rows:
            chart, point = charts[series], next(points[series])
            told.append(
                {
                    "series": series,
                    "period": period,
                    "value": point.value,
                    "mean": chart.mean,
                    "lower": chart.lower,
                    "upper": chart.upper,
                    "cause": point.cause,
                }
            )
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
        for series, chart in charts.items():
            if chart.reason:
                self.stderr.write(f"{series or 'The series'}: {chart.reason}")

    def _as_tables(
        self, rows: list[tuple[str, str, int | Fraction]], charts: dict[str, spc.Chart]
    ) -> None:
        for number, (series, chart) in enumerate(charts.items()):
            if number:
                self.stdout.write("")
            many = len(chart.points)
            self.stdout.write(f"{series or 'Series'}, {many} point{'s' if many != 1 else ''}")
            if chart.mean is not None:
                lines = (chart.mean, chart.lower, chart.upper, chart.inner_lower, chart.inner_upper)
                mean, lower, upper, *inner = (f"{line:.6g}" for line in lines)
                self.stdout.write(f"Mean {mean}, limits {lower} to {upper}")
                self.stdout.write(f"Two thirds of the way to them: {' and '.join(inner)}")
            if chart.reason:
                self.stdout.write(chart.reason)
            table = [["Period", "Value", "Cause"]]
            periods = [period for one, period, _ in rows if one == series]
            for period, point in zip(periods, chart.points, strict=True):
                cause = point.cause.replace("_", " ")
                meaning = f" ({point.meaning})" if point.meaning else ""
                table.append([period, f"{point.value:.6g}", cause + meaning])
            for line in lined_up([row[:2] for row in table]):
                self.stdout.write(f"{line}  {table.pop(0)[2]}")


def _rows(sheet: Sheet) -> list[tuple[str, str, int | Fraction]]:
    """Series, period and value of each row, in the order of the file."""
    first, *others = sheet.rows
    names = [cell.lower() for cell in first.cells]
    if set(COLUMNS[1:]) <= set(names):
        places = {name: names.index(name) for name in COLUMNS if name in names}
        body = others
    else:
        if len(first.cells) < len(COLUMNS):
            raise SheetError(
                f"Row {first.number} has fewer than three columns: "
                f"the columns are {', '.join(COLUMNS[:2])} and {COLUMNS[2]}."
            )
        places = {name: number for number, name in enumerate(COLUMNS)}
        # A first row without a number is a heading, unless it begins as the next one does.
        data = sheet.is_number(first[2]) or any(row[0] == first[0] for row in others[:1])
        body = sheet.rows if data else others
    if not body:
        raise SheetError("There are no rows below the heading: there is nothing to work out.")
    return [_row(sheet, row, places) for row in body]


def _row(sheet: Sheet, row: Row, places: dict[str, int]) -> tuple[str, str, int | Fraction]:
    beyond = [cell for cell in row.cells[max(places.values()) + 1 :] if cell]
    if beyond and not sheet.decimal_commas and len(places) == len(row.cells) - 1:
        raise SheetError(
            f"Row {row.number} has more columns than the heading. "
            "Write decimals with a point, or part columns by semicolons."
        )
    series = row[places["series"]] if "series" in places else ""
    value = sheet.number(row, places["value"], "value", LEAVE_OUT)
    return series, row[places["period"]], value
