"""What drawings share: the sizes, where a scale has its numbers, where labels find room.

Units are those of the drawing's own viewBox, made for the width of a phone (360) or of a desk
(720), so that its words are read at about the size they are set in. Text is measured roughly: a
letter is taken to be 0.56 of its size wide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

PHONE = 360
DESK = 720
LETTER = 0.56
SMALL = 13
GAP = 8  # between two labels
SHAPES = {"partner": "circle", "peer": "diamond", "self": "square"}


@dataclass(frozen=True)
class Tick:
    """A place on a scale, and its words."""

    at: float
    label: str


@dataclass(frozen=True)
class DrawnPoint:
    shape: str
    meaning: str
    x: float
    y: float
    points: str


@dataclass(frozen=True)
class DrawnWords:
    x: float
    y: float
    text: str
    anchor: str = "middle"


def whole_numbers(lowest: float, highest: float, at: Callable[[float], float]) -> list[Tick]:
    """At most six numbers along a scale."""
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if (highest - lowest) / step <= 5)
    values = []
    value = lowest
    while value <= highest:
        values.append(value)
        value += step
    return [Tick(at(value), f"{value:g}") for value in values]


def months_beneath(
    names: Sequence[str], xs: list[float], y: float, left: float, most: int
) -> list[DrawnWords]:
    """At most `most` of the names of periods, the last one among them."""
    every = max(1, -(-len(names) // most))
    return [
        DrawnWords(max(x, left + 4), y, name)
        for number, (name, x) in enumerate(zip(names, xs, strict=True))
        if (len(names) - 1 - number) % every == 0
    ]


def width_of(text: str, size: float = SMALL) -> float:
    return len(text) * size * LETTER


def corners(shape: str, x: float, y: float, half: float = 8.0) -> str:
    """The corners of a shape around a place; a circle has none."""
    if shape == "diamond":
        corners = [(x, y - half - 1), (x + half + 1, y), (x, y + half + 1), (x - half - 1, y)]
    elif shape == "square":
        side = half - 1.5
        corners = [
            (x - side, y - side),
            (x + side, y - side),
            (x + side, y + side),
            (x - side, y + side),
        ]
    elif shape == "up":
        corners = [(x, y - half), (x + half, y + half * 0.75), (x - half, y + half * 0.75)]
    elif shape == "down":
        corners = [(x, y + half), (x - half, y - half * 0.75), (x + half, y - half * 0.75)]
    else:
        return ""
    return " ".join(f"{round(cx, 1):g},{round(cy, 1):g}" for cx, cy in corners)


def spread(
    xs: Sequence[float], widths: Sequence[float], lowest: float, highest: float
) -> list[float]:
    """Middles for labels of `widths`, each as near to its x as the others and the edges allow.

    Labels that would meet become one row of them, around the middle of where they wanted to be.
    """
    rows: list[list[int]] = []
    starts: list[float] = []
    for place in sorted(range(len(xs)), key=lambda place: (xs[place], place)):
        rows.append([place])
        starts.append(xs[place] - widths[place] / 2)
        while len(rows) > 1 and starts[-2] + _long(rows[-2], widths) + GAP > starts[-1]:
            last = rows.pop()
            starts.pop()
            rows[-1] += last
            starts[-1] = _start(rows[-1], xs, widths)
    middles = [0.0] * len(xs)
    end = lowest - GAP
    for row, wanted in zip(rows, starts, strict=True):
        start = max(wanted, end + GAP)
        for place in row:
            middles[place] = start + widths[place] / 2
            start += widths[place] + GAP
        end = start - GAP
    limit = highest
    for place in (place for row in reversed(rows) for place in reversed(row)):
        middles[place] = min(middles[place], limit - widths[place] / 2)
        limit = middles[place] - widths[place] / 2 - GAP
    return [round(one, 1) for one in middles]


def _long(row: list[int], widths: Sequence[float]) -> float:
    return sum(widths[place] for place in row) + GAP * (len(row) - 1)


def _start(row: list[int], xs: Sequence[float], widths: Sequence[float]) -> float:
    """Where a row of labels begins, so that they are together as near as they can be."""
    offset, wanted = 0.0, 0.0
    for place in row:
        wanted += xs[place] - widths[place] / 2 - offset
        offset += widths[place] + GAP
    return wanted / len(row)
