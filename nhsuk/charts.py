"""Where everything in a drawing stands: marks on lines, XmR charts, sparklines.

Units are those of the drawing's own viewBox, made for the width of a phone (360) or of a desk
(720), so that its words are read at about the size they are set in. Shapes and words tell what
colour tells too. Text is measured roughly: a letter is taken to be 0.56 of its size wide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PHONE = 360
DESK = 720
_LETTER = 0.56
_SMALL = 13
_EDGE = 14  # room for half a mark at either end of a line
_ROW = 84
_ROOM = 18  # marks nearer than this would cover each other
_GAP = 8  # between two labels
SHAPES = {"partner": "circle", "peer": "diamond", "self": "square"}


@dataclass(frozen=True)
class Mark:
    """What one side says of an item: side "partner", "peer" or "self", and its words."""

    side: str
    label: str
    value: float
    shown: str = ""


@dataclass(frozen=True)
class MarkLine:
    """An item, and the marks that stand on its line."""

    label: str
    marks: Sequence[Mark] = ()
    note: str = ""


@dataclass(frozen=True)
class DrawnMark:
    """A mark as a shape, its words beneath, and a thin line from one to the other."""

    shape: str
    side: str
    x: float
    y: float
    points: str
    text: str
    text_x: float
    text_y: float


@dataclass(frozen=True)
class DrawnLine:
    label: str
    label_y: float
    y: float
    note: str
    note_y: float
    marks: list[DrawnMark]


@dataclass(frozen=True)
class Tick:
    """A place on a scale, and its words."""

    at: float
    label: str


@dataclass(frozen=True)
class MarksDrawing:
    """Items one beneath the other, each a line from the lowest mark to the highest."""

    height: float
    left: float
    right: float
    lines: list[DrawnLine]
    ticks: list[Tick]
    foot_y: float
    width: int = PHONE


def marks(lines: Sequence[MarkLine], lowest: float, highest: float) -> MarksDrawing:
    """The drawing of `lines`, on a scale from `lowest` to `highest`."""
    left, right = float(_EDGE), float(PHONE - _EDGE)
    span = (right - left) / ((highest - lowest) or 1)

    def at(value: float) -> float:
        return round(left + (min(max(value, lowest), highest) - lowest) * span, 1)

    drawn = []
    for number, line in enumerate(lines):
        top = number * _ROW
        y = top + 44.0
        drawn.append(
            DrawnLine(
                label=line.label,
                label_y=top + 17.0,
                y=y,
                note=line.note,
                note_y=top + 72.0,
                marks=_on_line(line.marks, [at(one.value) for one in line.marks], y, top + 74.0),
            )
        )
    height = len(drawn) * _ROW + 24.0
    return MarksDrawing(
        height=height,
        left=left,
        right=right,
        lines=drawn,
        ticks=_whole_numbers(lowest, highest, at),
        foot_y=height - 6,
    )


def _whole_numbers(lowest: float, highest: float, at: Callable[[float], float]) -> list[Tick]:
    """At most six numbers along a scale."""
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if (highest - lowest) / step <= 5)
    values = []
    value = lowest
    while value <= highest:
        values.append(value)
        value += step
    return [Tick(at(value), f"{value:g}") for value in values]


def _on_line(given: Sequence[Mark], xs: list[float], y: float, text_y: float) -> list[DrawnMark]:
    near = any(abs(a - b) < _ROOM for i, a in enumerate(xs) for b in xs[i + 1 :])
    lift = [0.0] * len(xs)
    if near:  # above and below the line, in the order that they were given
        lift = [(place - (len(xs) - 1) / 2) * 13 for place in range(len(xs))]
    texts = [f"{one.label} {one.shown or f'{one.value:g}'}" for one in given]
    places = spread(xs, [_width(text) for text in texts], 0, PHONE)
    return [
        DrawnMark(
            shape=SHAPES[one.side],
            side=one.side,
            x=x,
            y=round(y + up, 1),
            points=_corners(SHAPES[one.side], x, y + up),
            text=text,
            text_x=place,
            text_y=text_y,
        )
        for one, x, up, text, place in zip(given, xs, lift, texts, places, strict=True)
    ]


def _width(text: str, size: float = _SMALL) -> float:
    return len(text) * size * _LETTER


def _corners(shape: str, x: float, y: float, half: float = 8.0) -> str:
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
    """Middles for labels of `widths`, each as near to its x as the others and the edges allow."""
    order = sorted(range(len(xs)), key=lambda place: (xs[place], place))
    middles = [0.0] * len(xs)
    end = lowest - _GAP
    for place in order:
        half = widths[place] / 2
        middles[place] = max(xs[place], end + _GAP + half)
        end = middles[place] + half
    start = highest + _GAP
    for place in reversed(order):
        half = widths[place] / 2
        middles[place] = min(middles[place], start - _GAP - half)
        start = middles[place] - half
    return [round(one, 1) for one in middles]


@dataclass(frozen=True)
class XmrPoint:
    """A period's value; `meaning` is "improvement", "concern", "special" or "" for common cause.

    `label` names the period ("March 2026"), `short` names it beneath the drawing ("Mar 26"), and
    `words` say what is special ("above the upper limit").
    """

    label: str
    short: str
    value: float
    meaning: str = ""
    words: str = ""


@dataclass(frozen=True)
class DrawnPoint:
    shape: str
    meaning: str
    x: float
    y: float
    points: str


@dataclass(frozen=True)
class DrawnLevel:
    """The mean or a limit: a line, and its words at the right-hand end."""

    kind: str
    y: float
    label: str
    label_y: float


@dataclass(frozen=True)
class DrawnWords:
    x: float
    y: float
    text: str
    anchor: str = "middle"


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
        DrawnPoint(shape, one.meaning or "common", x, y, _corners(shape, x, y, 6.5))
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
        ticks=_whole_numbers(lowest, highest, down),
        months=_months(points, xs, base + 22, left, 4 if size == "phone" else 8),
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


def _months(
    points: Sequence[XmrPoint], xs: list[float], y: float, left: float, most: int
) -> list[DrawnWords]:
    every = max(1, -(-len(points) // most))
    return [
        DrawnWords(max(x, left + 4), y, one.short)
        for number, (one, x) in enumerate(zip(points, xs, strict=True))
        if (len(points) - 1 - number) % every == 0
    ]


def _told(
    points: Sequence[XmrPoint], xs: list[float], ys: list[float], left: float, right: float
) -> list[DrawnWords]:
    """The words of each run of special points, by its last point; none over another."""
    told: list[DrawnWords] = []
    taken: list[tuple[float, float, float]] = []
    for number, one in enumerate(points):
        after = points[number + 1] if number + 1 < len(points) else None
        if not one.words or (after is not None and after.words == one.words):
            continue
        half = _width(one.words, 12.5) / 2
        x = min(max(xs[number], left + half), right + 70 - half)
        above = one.meaning != "concern"
        y = ys[number] - 13 if above else ys[number] + 22
        if any(abs(x - tx) < half + th and abs(y - ty) < 15 for tx, ty, th in taken):
            continue  # the list beneath the drawing says it
        taken.append((x, y, half))
        told.append(DrawnWords(round(x, 1), round(y, 1), one.words))
    return told


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
