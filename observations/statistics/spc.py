"""XmR charts as the NHS's Making Data Count draws them, in both published sets of rules.

`mdc` is the tool of NHS England since November 2023; `nhsr` is the R package NHSRplotthedots. They
differ in two of three near a limit, in the screening of moving ranges, and in which cause is told
where a point has several. All comparisons are exact: a point on the mean is on the mean.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from observations.statistics.estimate import (
    NOT_NUMBERS,
    NotNumbersError,
    Number,
    as_float,
    exact,
)

RULES = ("mdc", "nhsr")
COMMON = "common"
# In the order in which they are told where a point has several.
CAUSES = (
    *("above_limit", "below_limit", "trend_up", "trend_down"),
    *("two_of_three_high", "two_of_three_low", "shift_high", "shift_low"),
)
HIGH = frozenset({"above_limit", "trend_up", "two_of_three_high", "shift_high"})
RUN = 7  # points of a shift, and of a trend
SHOWN_FROM = 13  # points
LIMIT = Fraction(266, 100)  # times the mean moving range
INNER = LIMIT * 2 / 3
OUTLYING = Fraction(3267, 1000)  # times the mean moving range
TOO_FEW = "Limits need two points or more."
SHORT = f"Limits are shown from {SHOWN_FROM} points on; with fewer they are not dependable."


@dataclass(frozen=True, slots=True)
class Point:
    """A value with every cause that it shows, and the one that is told of it.

    `meaning` is "improvement", "concern", "special" where neither is said to be better, or "".
    """

    value: float
    cause: str = COMMON
    causes: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Points with the lines that were drawn for them; without lines `reason` says why.

    `dependable` is False below 13 points: lines are there, and a page shows none of them.
    `assurance` is "pass", "fail" or "hit_and_miss" where there is a target.
    """

    points: tuple[Point, ...]
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    inner_lower: float | None = None
    inner_upper: float | None = None
    dependable: bool = False
    reason: str = ""
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class _Lines:
    mean: Fraction
    lower: Fraction
    upper: Fraction
    inner_lower: Fraction
    inner_upper: Fraction


def chart(
    values: Sequence[Number],
    rules: str = "mdc",
    improvement: str | None = "up",
    baseline: int | None = None,
    screen: bool | None = None,
    target: Number | None = None,
) -> Chart:
    """The chart of `values` in the order of time.

    `improvement` is "up", "down" or None where neither is better. `baseline` fixes the lines on so
    many first points. `screen` leaves out outlying moving ranges once (by default with `nhsr`, not
    with `mdc`). Raises ValueError for other rules or another direction.
    """
    if rules not in RULES or improvement not in {"up", "down", None}:
        raise ValueError(f"The rules are {' or '.join(RULES)}, improvement is up or down.")
    try:
        typed = [Fraction(exact(value)) for value in values]
        wanted = None if target is None else exact(target)
    except NotNumbersError:
        return Chart((), reason=NOT_NUMBERS)
    plain = tuple(Point(as_float(value)) for value in typed)
    based_on = typed if baseline is None else typed[: max(0, baseline)]
    if len(based_on) < 2:
        return Chart(plain, reason=TOO_FEW)
    lines = _lines(based_on, screen=rules == "nhsr" if screen is None else screen)
    if not all(math.isfinite(as_float(end)) for end in (lines.lower, lines.upper)):
        return Chart(plain, reason=NOT_NUMBERS)
    found = _causes(typed, lines, beyond_counts=rules == "mdc")
    tell = _improvement_first if rules == "mdc" else _in_order
    points = tuple(
        Point(as_float(value), *_told(causes, improvement, tell))
        for value, causes in zip(typed, found, strict=True)
    )
    dependable = len(based_on) >= SHOWN_FROM
    return Chart(
        points,
        mean=as_float(lines.mean),
        lower=as_float(lines.lower),
        upper=as_float(lines.upper),
        inner_lower=as_float(lines.inner_lower),
        inner_upper=as_float(lines.inner_upper),
        dependable=dependable,
        reason="" if dependable else SHORT,
        assurance=assurance(lines.lower, lines.upper, wanted, improvement),
    )


def assurance(
    lower: Number, upper: Number, target: Number | None, improvement: str | None
) -> str | None:
    """Whether a target is always met ("pass"), never ("fail"), or now and then, if all stays so.

    None without a target, or where neither direction is better.
    """
    if target is None or improvement not in {"up", "down"}:
        return None
    if exact(target) > exact(upper):
        return "fail" if improvement == "up" else "pass"
    if exact(target) < exact(lower):
        return "pass" if improvement == "up" else "fail"
    return "hit_and_miss"


def _lines(values: Sequence[Fraction], *, screen: bool) -> _Lines:
    """Mean +/- 2.66 mean moving ranges; inner lines two thirds of the way.

    Screening drops ranges of 3.267 times their mean or more, once.
    """
    mean = sum(values, Fraction(0)) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean_range = sum(ranges, Fraction(0)) / len(ranges)
    if screen and mean_range:
        kept = [one for one in ranges if one < OUTLYING * mean_range]
        mean_range = sum(kept, Fraction(0)) / len(kept)
    return _Lines(
        mean=mean,
        lower=mean - LIMIT * mean_range,
        upper=mean + LIMIT * mean_range,
        inner_lower=mean - INNER * mean_range,
        inner_upper=mean + INNER * mean_range,
    )


def _causes(values: Sequence[Fraction], lines: _Lines, *, beyond_counts: bool) -> list[set[str]]:
    """Every special cause of each point."""
    found: list[set[str]] = [set() for _ in values]
    sides = [_sign(value - lines.mean) for value in values]
    steps = [_sign(b - a) for a, b in pairwise(values)]
    outside = [(value > lines.upper) - (value < lines.lower) for value in values]
    near = [(value > lines.inner_upper) - (value < lines.inner_lower) for value in values]
    if not beyond_counts:
        near = [0 if beyond else one for one, beyond in zip(near, outside, strict=True)]
    for place, beyond in enumerate(outside):
        if beyond:
            found[place].add("above_limit" if beyond > 0 else "below_limit")
    for first, last, side in _runs(sides):
        if last - first >= RUN:
            for place in range(first, last):
                found[place].add("shift_high" if side > 0 else "shift_low")
    for first, last, way in _runs(steps):
        if last - first >= RUN - 1:  # so many steps between 7 points
            for place in range(first, last + 1):
                found[place].add("trend_up" if way > 0 else "trend_down")
    for place in range(len(values) - 2):
        three = range(place, place + 3)
        side = sides[place]
        if not side or any(sides[one] != side for one in three):
            continue
        close = [one for one in three if near[one]]
        if len(close) >= 2:
            for one in close:
                found[one].add("two_of_three_high" if side > 0 else "two_of_three_low")
    return found


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _runs(signs: Sequence[int]) -> list[tuple[int, int, int]]:
    """Unbroken runs of 1s or of -1s: first place, place after the last, sign."""
    runs = []
    first = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[first]:
            if signs[first]:
                runs.append((first, place, signs[first]))
            first = place
    return runs


def _told(
    causes: set[str],
    improvement: str | None,
    tell: Callable[[list[str], str | None], str],
) -> tuple[str, tuple[str, ...], str]:
    """The cause that is told, every cause in order, and what the told one means."""
    ordered = [cause for cause in CAUSES if cause in causes]
    if not ordered:
        return COMMON, (), ""
    cause = tell(ordered, improvement)
    if improvement is None:
        return cause, tuple(ordered), "special"
    better = _is_better(cause, improvement)
    return cause, tuple(ordered), "improvement" if better else "concern"


def _is_better(cause: str, improvement: str) -> bool:
    return (cause in HIGH) == (improvement == "up")


def _in_order(ordered: list[str], improvement: str | None) -> str:
    """The first of outside, trend, two of three, shift."""
    return ordered[0]


def _improvement_first(ordered: list[str], improvement: str | None) -> str:
    """The first that is improvement, if one is; so the tool of NHS England tells them."""
    better = [one for one in ordered if improvement and _is_better(one, improvement)]
    return (better or ordered)[0]
