"""XmR charts: points around a mean, limits, and what stands out in shape and words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nhsuk.charts.places import (
    DESK,
    PHONE,
    DrawnPoint,
    DrawnWords,
    Tick,
    corners,
    months_beneath,
    whole_numbers,
    width_of,
)


@dataclass(frozen=True)
class XmrPoint:
    """A period's value; `meaning` is "improvement", "concern", "special" or "" for common cause.

    `label` names the period ("March 2026"), `short` names it beneath the drawing ("Mar 26"), and
    `words` say what is special ("above the upper limit"), `tag` says it in the drawing ("above").
    """

    label: str
    short: str
    value: float
    meaning: str = ""
    words: str = ""
    tag: str = ""


@dataclass(frozen=True)
class DrawnLevel:
    """The mean or a limit: a line, and its words at the right-hand end."""

    kind: str
    y: float
    label: str
    label_y: float


@dataclass(frozen=True)
class XmrDrawing:
    """One size of an XmR chart; a page holds two of them and shows the one that fits."""

    size: str
    width: int
    height: int
    left: float
    right: float
    base: float
    path: str
    points: list[DrawnPoint]
    levels: list[DrawnLevel]
    ticks: list[Tick]
    months: list[DrawnWords]
    told: list[DrawnWords] = field(default_factory=list)


_POINT_SHAPES = {"": "circle", "improvement": "up", "concern": "down", "special": "diamond"}


def xmr(
    points: Sequence[XmrPoint],
    *,
    lowest: float,
    highest: float,
    mean: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    size: str = "phone",
) -> XmrDrawing:
    """The drawing of `points` in the order of time on a scale from `lowest` to `highest`.

    Without a mean there are points and no lines. Limits beyond the scale stand at its end.
    """
    width, height = (PHONE, 250) if size == "phone" else (DESK, 300)
    left, right, top, base = 30.0, width - 78.0, 24.0, height - 34.0
    tall = (base - top) / ((highest - lowest) or 1)

    def down(value: float) -> float:
        return round(base - (min(max(value, lowest), highest) - lowest) * tall, 1)

    step = (right - left - 16) / max(1, len(points) - 1)
    xs = [round(left + 8 + number * step, 1) for number in range(len(points))]
    ys = [down(one.value) for one in points]
    shapes = [_POINT_SHAPES.get(one.meaning, "diamond") for one in points]
    drawn = [
        DrawnPoint(shape, one.meaning or "common", x, y, corners(shape, x, y, 6.5))
        for one, shape, x, y in zip(points, shapes, xs, ys, strict=True)
    ]
    return XmrDrawing(
        size=size,
        width=width,
        height=height,
        left=left,
        right=right,
        base=base,
        path=" ".join(f"{x:g},{y:g}" for x, y in zip(xs, ys, strict=True)),
        points=drawn,
        levels=_levels(mean, lower, upper, down),
        ticks=whole_numbers(lowest, highest, down),
        months=months_beneath(
            [one.short for one in points], xs, base + 22, left, 4 if size == "phone" else 8
        ),
        told=_told(points, xs, ys, left, right),
    )


def _levels(
    mean: float | None,
    lower: float | None,
    upper: float | None,
    down: Callable[[float], float],
) -> list[DrawnLevel]:

    given = [("limit", "Upper", upper), ("mean", "Mean", mean), ("limit", "Lower", lower)]
    found = [(kind, name, value) for kind, name, value in given if value is not None]
    label_ys: list[float] = []
    for _, _, value in found:  # from the top: each a line of text beneath the one before
        wanted = down(value) + 4.5
        label_ys.append(max(wanted, label_ys[-1] + 15) if label_ys else wanted)
    return [
        DrawnLevel(kind, down(value), f"{name} {value:.0f}", label_y)
        for (kind, name, value), label_y in zip(found, label_ys, strict=True)
    ]


def _told(
    points: Sequence[XmrPoint], xs: list[float], ys: list[float], left: float, right: float
) -> list[DrawnWords]:
    """The words of each run of special points, by its last point; none over another."""
    told: list[DrawnWords] = []
    taken: list[tuple[float, float, float]] = []
    for number, one in enumerate(points):
        after = points[number + 1] if number + 1 < len(points) else None
        said = one.tag or one.words
        if not said or (after is not None and after.words == one.words):
            continue
        half = width_of(said, 12.5) / 2
        x = min(max(xs[number], left + half), right + 70 - half)
        above = one.meaning != "concern"
        y = ys[number] - 13 if above else ys[number] + 22
        if any(abs(x - tx) < half + th and abs(y - ty) < 15 for tx, ty, th in taken):
            continue  # the list beneath the drawing says it
        taken.append((x, y, half))
        told.append(DrawnWords(round(x, 1), round(y, 1), said))
    return told


@dataclass(frozen=True)
class Special:
    """A special point, or several together that are special in the same way."""

    label: str
    meaning: str
    words: str


def special(points: Sequence[XmrPoint]) -> list[Special]:
    """What stands out, oldest first: "March 2026 to May 2026", and why."""
    found: list[Special] = []
    for _, group in groupby(points, key=lambda one: (one.words, one.meaning)):
        run = list(group)
        if run[0].words:
            ends = [run[0].label] if len(run) == 1 else [run[0].label, run[-1].label]
            found.append(Special(" to ".join(ends), run[0].meaning, run[0].words))
    return found
