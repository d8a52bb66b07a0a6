"""Results as what charts and tables are fed with: marks on lines, points over time, rows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nhsuk.charts import Mark, MarkLine, TimeLine, XmrPoint
from nhsuk.components import Column
from observations.services.results import (
    Beside,
    Cell,
    Figure,
    Measured,
    Observed,
    ProgrammeResults,
    QuarterTable,
    Series,
)

NONE = "–"
SIDES = (("partner", "Partners"), ("peer", "Peers"), ("self", "You"))
# For whoever reads the results of somebody else.
THEIR_SIDES = (("partner", "Partners"), ("peer", "Peers"), ("self", "Own rating"))
CAUSES = {
    "above_limit": "above the upper limit",
    "below_limit": "below the lower limit",
    "trend_up": "rising without a break",
    "trend_down": "falling without a break",
    "two_of_three_high": "close to the upper limit",
    "two_of_three_low": "close to the lower limit",
    "shift_high": "above the mean for long",
    "shift_low": "below the mean for long",
}
# The same in the drawing itself, where there is little room.
TAGS = {
    "above_limit": "above limit",
    "below_limit": "below limit",
    "trend_up": "rising",
    "trend_down": "falling",
    "two_of_three_high": "near limit",
    "two_of_three_low": "near limit",
    "shift_high": "high run",
    "shift_low": "low run",
}
SIDE_WORDS = {"partner": "Partners", "peer": "Peers", "self": "Clinicians themselves"}


@dataclass(frozen=True)
class MarksChart:
    """A chart of marks, what it shows in words, and the same as a table."""

    title: str
    words: str
    lines: list[MarkLine]
    lowest: int
    highest: int
    columns: list[Column]
    rows: list[list[str]]


@dataclass(frozen=True)
class TimeChart:
    """A scale month by month."""

    title: str
    words: str
    lines: list[TimeLine]
    periods: list[tuple[str, str]]
    lowest: int
    highest: int
    columns: list[Column]
    rows: list[list[str]]


@dataclass(frozen=True)
class XmrChart:
    """A scale of a team over time, as one side saw it."""

    title: str
    words: str
    points: list[XmrPoint]
    lowest: int
    highest: int
    lines: object
    reason: str
    columns: list[Column]
    rows: list[list[str]]
    side: str = field(default="")


def figures_of(beside: Beside) -> tuple[Figure | None, Figure | None, Figure | None]:
    """In the order in which sides are shown."""
    return beside.partner, beside.peer, beside.own


def number(value: Decimal) -> str:
    """Without noughts at its end that nobody measured: 2.40 is 2.4."""
    return f"{value.normalize():f}"


def cell(figure: Figure | None) -> str:
    """A mean and how many sheets it is of."""
    return NONE if figure is None else f"{number(figure.mean)} ({figure.n})"


def marks_chart(
    measured: Sequence[Measured],
    title: str,
    sides: Sequence[tuple[str, str]] = SIDES,
    head: str = "Item",
) -> MarksChart | None:
    """The last year of several measures on one scale; None when there is nothing to draw."""
    if not measured:
        return None
    lines = [
        MarkLine(
            one.measure.name,
            [
                Mark(side, label, float(figure.mean), number(figure.mean))
                for (side, label), figure in zip(sides, figures_of(one.year), strict=True)
                if figure is not None
            ],
        )
        for one in measured
    ]
    shown = {mark.side for line in lines for mark in line.marks}
    labels = [(side, label) for side, label in sides if side in shown]
    said = "; ".join(
        f"{line.label}: " + ", ".join(f"{mark.label} {mark.shown}" for mark in line.marks)
        for line in lines
    )
    first = measured[0].measure
    places = [place for place, (side, _) in enumerate(sides) if side in shown]
    return MarksChart(
        title=title,
        words=f"{said}.",
        lines=lines,
        lowest=first.lowest,
        highest=first.highest,
        columns=[Column(head), *(Column(label, numeric=True) for _, label in labels)],
        rows=[
            [one.measure.name, *(cell(figures_of(one.year)[place]) for place in places)]
            for one in measured
        ],
    )


def time_charts(
    scales: Iterable[Measured], sides: Sequence[tuple[str, str]] = SIDES
) -> list[TimeChart]:
    """Each scale over time; without those that have one month alone."""
    return [_time_chart(one, sides) for one in scales if len(one.months) > 1]


def _time_chart(measured: Measured, sides: Sequence[tuple[str, str]]) -> TimeChart:
    given = {one.month: figures_of(one.figures) for one in measured.months}
    months = months_between(min(given), max(given))
    lines = []
    for place, (side, label) in enumerate(sides):
        values = [_mean(given[month][place]) if month in given else None for month in months]
        if any(value is not None for value in values):
            lines.append(TimeLine(side, label, values))
    shown = [place for place, (side, _) in enumerate(sides) if side in {one.side for one in lines}]
    return TimeChart(
        title=f"{measured.measure.name} by month",
        words=". ".join(_told(line, months) for line in lines) + ".",
        lines=lines,
        periods=[(f"{month:%B %Y}", f"{month:%b %y}") for month in months],
        lowest=measured.measure.lowest,
        highest=measured.measure.highest,
        columns=[Column("Month"), *(Column(sides[place][1], numeric=True) for place in shown)],
        rows=[
            [f"{one.month:%B %Y}", *(cell(figures_of(one.figures)[place]) for place in shown)]
            for one in reversed(measured.months)
        ],
    )


def _mean(figure: Figure | None) -> float | None:
    return None if figure is None else float(figure.mean)


def _told(line: TimeLine, months: Sequence[date]) -> str:
    there = [
        (month, value)
        for month, value in zip(months, line.values, strict=True)
        if value is not None
    ]
    (first, begin), (last, end) = there[0], there[-1]
    if first == last:
        return f"{line.label}: {begin:g} in {first:%B %Y}"
    return f"{line.label}: from {begin:g} in {first:%B %Y} to {end:g} in {last:%B %Y}"


def months_between(first: date, last: date) -> list[date]:
    """Every month from `first` to `last`, both first days."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1, 1)
        for step in range(count)
    ]


def xmr_chart(series: Series) -> XmrChart:
    """A team's series; lines only where there are enough points for them."""
    chart = series.chart
    points = [
        XmrPoint(
            label=one.label,
            short=f"{one.last_month:%b %y}",
            value=point.value,
            meaning=point.meaning if chart.dependable else "",
            words=CAUSES.get(point.cause, "") if chart.dependable else "",
            tag=TAGS.get(point.cause, "") if chart.dependable else "",
        )
        for one, point in zip(series.points, chart.points, strict=True)
    ]
    who = SIDE_WORDS[series.side]
    lowest, highest = _range(series)
    words = f"{series.measure.name}, rated by {who.lower()}: {len(points)} points"
    if chart.dependable and chart.mean is not None:
        words += f" around a mean of {chart.mean:.0f}"
    return XmrChart(
        title=f"{series.measure.name}: {who.lower()}",
        words=f"{words}.",
        points=points,
        lowest=lowest,
        highest=highest,
        lines=chart if chart.dependable else None,
        reason=chart.reason,
        columns=[
            Column("When"),
            Column("Mean", numeric=True),
            Column("Sheets", numeric=True),
            Column("What stands out"),
        ],
        rows=[
            [one.label, number(one.figure.mean), str(one.figure.n), point.words or NONE]
            for one, point in zip(reversed(series.points), reversed(points), strict=True)
        ],
        side=series.side,
    )


def _range(series: Series) -> tuple[int, int]:
    """A part of the scale that shows points and limits, in whole steps of a tenth of it."""
    chart, measure = series.chart, series.measure
    shown = [point.value for point in chart.points]
    if chart.dependable:
        shown += [one for one in (chart.lower, chart.upper) if one is not None]
    step = max(1, (measure.highest - measure.lowest) // 10)
    lowest = max(measure.lowest, math.floor(min(shown) / step - 0.5) * step)
    highest = min(measure.highest, math.ceil(max(shown) / step + 0.5) * step)
    return lowest, highest


def programme_months(results: ProgrammeResults) -> list[list[str]]:
    """How many sheets month by month, the latest first."""
    return [_counted(one) for one in reversed(results.months)]


def programme_teams(results: ProgrammeResults) -> list[list[str]]:
    """How many sheets by team."""
    return [_counted(one) for one in results.teams]


def _counted(one: Observed) -> list[str]:
    return [one.name, *(str(n or NONE) for n in (one.partner, one.peer, one.own, one.no_decision))]


@dataclass(frozen=True)
class ShownTable:
    """Teams by quarters, each cell with its sides in words."""

    name: str
    columns: list[Column]
    rows: list[list[str]]


TOO_FEW = "Too few to show"


def quarter_table(table: QuarterTable) -> ShownTable:
    """Means of partners and peers; what may not be shown says so."""
    return ShownTable(
        name=table.measure.name,
        columns=[Column("Team"), *(Column(one) for one in table.quarters), Column("All quarters")],
        rows=[
            [row.name, *(_said_cell(one) for one in row.cells), _said_cell(row.total)]
            for row in (*table.rows, table.total)
        ],
    )


def _said_cell(one: Cell) -> str:
    """Partners, then peers."""
    figures = (one.figures.partner, one.figures.peer)
    if not any(figures):
        return TOO_FEW
    return " / ".join(number(figure.mean) if figure else NONE for figure in figures)
