"""Sides over time on one scale, and the small line that only says up or down."""

from collections.abc import Sequence
from dataclasses import dataclass

from nhsuk.charts.places import (
    DESK,
    PHONE,
    SHAPES,
    DrawnPoint,
    DrawnWords,
    Tick,
    corners,
    months_beneath,
    spread,
    whole_numbers,
)


@dataclass(frozen=True)
class SparkDrawing:
    """A line of a few values without a scale: whether they go up or down, and where they are."""

    path: str
    last_x: float
    last_y: float
    width: int = 132
    height: int = 36


def spark(values: Sequence[float], *, lowest: float, highest: float) -> SparkDrawing | None:
    """The drawing of `values` in the order of time; None for fewer than two."""
    if len(values) < 2:
        return None
    width, height, edge = 132, 36, 6.0
    step = (width - 2 * edge) / (len(values) - 1)
    tall = (height - 2 * edge) / ((highest - lowest) or 1)
    places = [
        (
            round(edge + number * step, 1),
            round(height - edge - (min(max(value, lowest), highest) - lowest) * tall, 1),
        )
        for number, value in enumerate(values)
    ]
    path = " ".join(f"{x:g},{y:g}" for x, y in places)
    return SparkDrawing(path, *places[-1])


@dataclass(frozen=True)
class TimeLine:
    """What one side said period by period; None where it said nothing."""

    side: str
    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class DrawnTimeLine:
    side: str
    path: str
    points: list[DrawnPoint]
    words: DrawnWords


@dataclass(frozen=True)
class TimeDrawing:
    """Several sides over time on one scale, each named where its line ends."""

    size: str
    width: int
    height: int
    left: float
    right: float
    lines: list[DrawnTimeLine]
    ticks: list[Tick]
    months: list[DrawnWords]


def over_time(
    lines: Sequence[TimeLine],
    periods: Sequence[tuple[str, str]],
    *,
    lowest: float,
    highest: float,
    size: str = "phone",
) -> TimeDrawing:
    """The drawing of `lines` over `periods` (name, short name); lines without a value are left."""
    width, height = (PHONE, 230) if size == "phone" else (DESK, 270)
    left, right, top, base = 30.0, width - 84.0, 16.0, height - 34.0
    tall = (base - top) / ((highest - lowest) or 1)
    step = (right - left - 20) / max(1, len(periods) - 1)

    def down(value: float) -> float:
        return round(base - (min(max(value, lowest), highest) - lowest) * tall, 1)

    drawn: list[tuple[TimeLine, list[tuple[float, float]]]] = []
    for line in lines:
        places = [
            (round(left + 10 + number * step, 1), down(value))
            for number, value in enumerate(line.values)
            if value is not None
        ]
        if places:
            drawn.append((line, places))
    wanted = [places[-1][1] for _, places in drawn]
    label_ys = spread(wanted, [8.0] * len(wanted), top, base)
    xs = [round(left + 10 + number * step, 1) for number in range(len(periods))]
    return TimeDrawing(
        size=size,
        width=width,
        height=height,
        left=left,
        right=right,
        lines=[
            DrawnTimeLine(
                side=line.side,
                path=" ".join(f"{x:g},{y:g}" for x, y in places),
                points=[
                    DrawnPoint(shape, line.side, x, y, corners(shape, x, y, 5.5))
                    for shape in [SHAPES[line.side]]
                    for x, y in places
                ],
                words=DrawnWords(right + 4, label_y + 4.5, line.label, "start"),
            )
            for (line, places), label_y in zip(drawn, label_ys, strict=True)
        ],
        ticks=whole_numbers(lowest, highest, down),
        months=months_beneath(
            [short for _, short in periods], xs, base + 22, left, 4 if size == "phone" else 8
        ),
    )
