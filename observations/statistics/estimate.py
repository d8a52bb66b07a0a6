"""What a statistic gives back: a value with its interval, or the reason why there is none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from scipy.special import ndtri, stdtrit

Number = int | float | Decimal | Fraction

LEVEL = 0.975  # each end of a 95 % interval
FEWER_THAN_TWO = "Fewer than two were rated by two observers."
ONE_CATEGORY = "Every mark is the same, so agreement by chance cannot be told from agreement."
NOT_NUMBERS = "Some of these marks are not numbers."
TOO_LARGE = "These numbers are too large to work with."


class NotNumbersError(ValueError):
    """A mark is no finite number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A statistic of `n` rated subjects with its standard error and its 95 % interval.

    Without a `value` there is a `reason`, a sentence for people.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    se: float | None = None
    reason: str = ""

    @classmethod
    def none(cls, reason: str, n: int = 0) -> Self:
        return cls(value=None, n=n, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(Estimate):
    """An agreement beyond chance: with the share agreed, and the share expected by chance.

    `se0` is the standard error if there were only chance, `z` the value in units of it.
    """

    observed: float | None = None
    expected: float | None = None
    se0: float | None = None
    z: float | None = None


def exact(number: Number) -> int | Fraction:
    """The number as it was typed: 0.1 is a tenth. Raises NotNumbersError for NaN and infinity."""
    if isinstance(number, int):
        return int(number)
    if isinstance(number, Fraction):
        return number
    if isinstance(number, Decimal):
        if number.is_finite():
            return Fraction(number)
    elif math.isfinite(number):
        return Fraction(float.__repr__(float(number)))
    raise NotNumbersError(NOT_NUMBERS)


def exact_all(numbers: Sequence[Number]) -> tuple[list[int], int]:
    """Whole numbers, and what to divide them by: sums of them are exact and quick."""
    typed = [exact(number) for number in numbers]
    unit = math.lcm(*{number.denominator for number in typed})
    if unit == 1:
        return [number.numerator for number in typed], 1
    return [number.numerator * (unit // number.denominator) for number in typed], unit


def as_float(number: int | float | Fraction) -> float:
    """The nearest float; infinite beyond the largest."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def normal_quantile(share: float = LEVEL) -> float:
    return float(ndtri(share))


def student_quantile(degrees: float, share: float = LEVEL) -> float:
    return float(stdtrit(degrees, share))


def between(
    value: float, half: float, lowest: float = -1.0, highest: float = 1.0
) -> tuple[float, float]:
    """The ends of an interval, none beyond what the statistic itself can reach."""
    return max(lowest, value - half), min(highest, value + half)
