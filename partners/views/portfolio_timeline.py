"""The timeline of a portfolio as a drawing: where each bar stands."""

from dataclasses import dataclass
from datetime import date

from nhsuk.components import Column
from nhsuk.templatetags.nhsuk import minutes
from partners.services.portfolio_totals import Totals

WIDTH = 360
LANE = 64
TOP = 20
TALLEST = 32
FOOT = 24
GAP = 4


@dataclass(frozen=True)
class Bar:
    """One period of one kind of work, in the drawing's own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DrawnLane:
    """One kind of work: its words, its bars and the line that they stand on."""

    label: str
    text_y: int
    base_y: int
    bars: list[Bar]


@dataclass(frozen=True)
class Mark:
    """The name of a period beneath the bars."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """A drawing, what it says in a sentence, and the same as a table."""

    height: int
    foot_y: int
    lanes: list[DrawnLane]
    marks: list[Mark]
    by: str
    sentence: str
    columns: list[Column]
    rows: list[list[str]]
    width: int = WIDTH


def drawn(totals: Totals) -> Timeline | None:
    """The drawing of `totals`; None for one period alone, where there is nothing to compare."""
    if len(totals.periods) < 2:
        return None
    step = WIDTH / len(totals.periods)
    tallest = max(max(lane.minutes) for lane in totals.lanes)
    lanes = []
    for number, lane in enumerate(totals.lanes):
        base = number * LANE + TOP + TALLEST + 4
        bars = [
            _bar(column, value, step, tallest, base)
            for column, value in enumerate(lane.minutes)
            if value
        ]
        said = f"{lane.label}: {minutes(lane.total)}"
        lanes.append(DrawnLane(said, number * LANE + 14, base, bars))
    height = len(lanes) * LANE + FOOT
    names = [_name(day, totals.months) for day in totals.periods]
    every = -(-len(names) // 6)  # more names than six would run into each other
    marks = [
        Mark(round(step * (column + 0.5), 1), _short(day, totals.months))
        for column, day in enumerate(totals.periods)
        if (len(names) - 1 - column) % every == 0
    ]
    table = [
        [name, *(minutes(lane.minutes[column]) or "–" for lane in totals.lanes)]
        for column, name in enumerate(names)
    ]
    return Timeline(
        height=height,
        foot_y=height - 8,
        lanes=lanes,
        marks=marks,
        by={1: "month", 3: "quarter", 12: "year"}[totals.months],
        sentence=_sentence(totals, names),
        columns=[Column("When"), *(Column(lane.label, numeric=True) for lane in totals.lanes)],
        rows=table[::-1],
    )


def _bar(column: int, value: int, step: float, tallest: int, base: int) -> Bar:
    # The least of it is still to be seen.
    height = max(2.0, round(TALLEST * value / tallest, 1))
    return Bar(round(step * column + GAP / 2, 1), base - height, round(step - GAP, 1), height)


def _sentence(totals: Totals, names: list[str]) -> str:
    most = totals.lanes[0]
    fullest = max(
        range(len(names)), key=lambda column: sum(lane.minutes[column] for lane in totals.lanes)
    )
    return (
        f"Most of it was {most.label}, {minutes(most.total)}. "
        f"The fullest {({1: 'month', 3: 'quarter', 12: 'year'})[totals.months]} "
        f"was {names[fullest]}."
    )


def _name(day: date, months: int) -> str:
    if months == 12:
        return str(day.year)
    if months == 3:
        end = date(day.year, day.month + 2, 1)
        return f"{day:%B} to {end:%B %Y}"
    return f"{day:%B %Y}"


def _short(day: date, months: int) -> str:
    if months == 12:
        return str(day.year)
    return f"{day:%b %y}"
