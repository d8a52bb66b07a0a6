"""Limits of agreement: how far apart two observers are, and which way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from observations.statistics.estimate import (
    NOT_NUMBERS,
    Estimate,
    NotNumbersError,
    Number,
    as_float,
    exact,
    exact_all,
    finite,
    student_quantile,
)

BLAND_ALTMAN = 1.96
NOBODY = "None was rated by both."
ONLY_ONE = "Only one was rated by both, so differences have no spread."
NO_SUCH_SUMS = "No marks have these sums."
ROUNDING = Fraction(1, 10**9)  # sums may come as floats


@dataclass(frozen=True, slots=True)
class Limits:
    """The difference x - y of `n` pairs: its mean with a 95 % interval, its standard deviation,
    and the limits between which 95 % of differences are expected."""

    n: int
    mean: Estimate
    sd: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""


def from_lists(x: Sequence[Number | None], y: Sequence[Number | None]) -> Limits:
    """Of marks in the same order; a subject with a gap (None) on either side is left out."""
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    try:
        marks, unit = exact_all([mark for pair in pairs for mark in pair])
    except NotNumbersError:
        return _none(NOT_NUMBERS, len(pairs))
    apart = [a - b for a, b in zip(marks[::2], marks[1::2], strict=True)]
    return _of(
        len(pairs), Fraction(sum(apart), unit), Fraction(sum(d * d for d in apart), unit * unit)
    )


def from_sums(
    n: int,
    sum_x: Number,
    sum_y: Number,
    sum_xx: Number,
    sum_yy: Number,
    sum_xy: Number,
) -> Limits:
    """Of sums of marks, of their squares, and of their products."""
    try:
        x, y, xx, yy, xy = (exact(one) for one in (sum_x, sum_y, sum_xx, sum_yy, sum_xy))
    except NotNumbersError:
        return _none(NOT_NUMBERS, n)
    return _of(n, Fraction(x - y), Fraction(xx + yy - 2 * xy))


def _none(reason: str, n: int) -> Limits:
    return Limits(n=n, mean=Estimate.none(reason, n), reason=reason)


def _of(n: int, total: Fraction, squares: Fraction) -> Limits:
    """Mean +/- 1.96 standard deviations; the mean's interval by Student's t.

    Source: Bland and Altman 1986.
    """
    if n < 1:
        return _none(NOBODY, max(n, 0))
    mean = as_float(total / n)
    if not math.isfinite(mean):
        return _none(NOT_NUMBERS, n)
    if n < 2:
        return Limits(n=n, mean=Estimate(value=mean, n=n), reason=ONLY_ONE)
    variance = (squares - total * total / n) / (n - 1)
    if variance < -ROUNDING * squares:
        return _none(NO_SUCH_SUMS, n)
    sd = math.sqrt(as_float(max(variance, Fraction(0))))
    se = sd / math.sqrt(n)
    half = student_quantile(n - 1) * se
    return Limits(
        n=n,
        mean=Estimate(
            value=mean, n=n, low=finite(mean - half), high=finite(mean + half), se=finite(se)
        ),
        sd=finite(sd),
        lower=finite(mean - BLAND_ALTMAN * sd),
        upper=finite(mean + BLAND_ALTMAN * sd),
    )
