"""Marks of different shape on one line for each item."""

from collections.abc import Sequence
from dataclasses import dataclass

from nhsuk.charts.places import PHONE, SHAPES, Tick, corners, spread, whole_numbers, width_of

_EDGE = 14  # room for half a mark at either end of a line
_ROW = 92
_ROOM = 18  # marks nearer than this would cover each other


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
        y = top + 46.0
        drawn.append(
            DrawnLine(
                label=line.label,
                label_y=top + 17.0,
                y=y,
                note=line.note,
                note_y=top + 80.0,
                marks=_on_line(line.marks, [at(one.value) for one in line.marks], y, top + 80.0),
            )
        )
    height = len(drawn) * _ROW + 24.0
    return MarksDrawing(
        height=height,
        left=left,
        right=right,
        lines=drawn,
        ticks=whole_numbers(lowest, highest, at),
        foot_y=height - 6,
    )


def _on_line(given: Sequence[Mark], xs: list[float], y: float, text_y: float) -> list[DrawnMark]:
    near = any(abs(a - b) < _ROOM for i, a in enumerate(xs) for b in xs[i + 1 :])
    lift = [0.0] * len(xs)
    if near:  # above and below the line, in the order that they were given
        lift = [(place - (len(xs) - 1) / 2) * 14 for place in range(len(xs))]
    texts = [f"{one.label} {one.shown or f'{one.value:g}'}" for one in given]
    places = spread(xs, [width_of(text) for text in texts], 0, PHONE)
    return [
        DrawnMark(
            shape=SHAPES[one.side],
            side=one.side,
            x=x,
            y=round(y + up, 1),
            points=corners(SHAPES[one.side], x, y + up),
            text=text,
            text_x=place,
            text_y=text_y,
        )
        for one, x, up, text, place in zip(given, xs, lift, texts, places, strict=True)
    ]
