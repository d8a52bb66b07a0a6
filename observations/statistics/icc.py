"""The six intraclass correlations of a full grid: every subject marked by every rater.

Sources: Shrout and Fleiss 1979 for the forms and their intervals, McGraw and Wong 1996 for the
names ICC(A,1) and ICC(C,1). Sums are exact, so that no difference is none at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
from scipy.special import fdtri

from observations.statistics.estimate import (
    LEVEL,
    NOT_NUMBERS,
    TOO_LARGE,
    Estimate,
    NotNumbersError,
    Number,
    as_float,
    exact,
    exact_all,
    finite,
)

FEWER_THAN_TWO_SUBJECTS = "Fewer than two were rated by every observer."
FEWER_THAN_TWO_RATERS = "There are fewer than two observers."
ALL_ALIKE = "All who were rated have the same mean, so there is nothing to tell apart."
NO_SUCH_SUMS = "No marks have these sums."
ROUNDING = Fraction(1, 10**9)  # sums may come as floats


@dataclass(frozen=True, slots=True)
class Anova:
    """Mean squares of `n` subjects by `k` raters: between and within subjects, between raters,
    and what is left over."""

    n: int
    k: int
    subjects: Fraction
    within: Fraction
    raters: Fraction
    residual: Fraction


@dataclass(frozen=True, slots=True)
class Icc:
    """ICC(1,1), ICC(2,1) or (A,1), ICC(3,1) or (C,1), and the same of the mean of k raters."""

    one: Estimate
    agreement: Estimate
    consistency: Estimate
    one_mean: Estimate
    agreement_mean: Estimate
    consistency_mean: Estimate
    anova: Anova | None = None

    @property
    def forms(self) -> dict[str, Estimate]:
        """By the names of Shrout and Fleiss, k for the number of raters whose mean is taken."""
        names = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
        return {
            name: getattr(self, field.name)
            for name, field in zip(names, fields(self), strict=False)
        }


def from_rows(rows: Sequence[Sequence[Number | None]]) -> Icc:
    """Of a row a subject, a column a rater. Subjects with a gap (None) are left out."""
    complete = [[mark for mark in row if mark is not None] for row in rows]
    complete = [
        row for row, all_of_it in zip(complete, rows, strict=True) if len(row) == len(all_of_it)
    ]
    n, k = len(complete), len(rows[0]) if rows else 0
    if any(len(row) != k for row in complete):
        raise ValueError("Every subject needs a place for each rater; use None for no mark.")
    if (reason := _too_few(n, k)) is not None:
        return _none(reason, n)
    try:
        marks, _ = exact_all([mark for row in complete for mark in row])
    except NotNumbersError:
        return _none(NOT_NUMBERS, n)
    # In what unit the marks are counted does not matter: every form is a ratio.
    subjects = [sum(marks[i * k : (i + 1) * k]) for i in range(n)]
    raters = [sum(marks[j::k]) for j in range(k)]
    squares = sum(mark * mark for mark in marks)
    return _of(n, k, subjects_squared=sum(s * s for s in subjects), raters=raters, squares=squares)


def from_sums(
    n: int,
    sum_x: Number,
    sum_y: Number,
    sum_xx: Number,
    sum_yy: Number,
    sum_xy: Number,
) -> Icc:
    """Of two raters, x and y: sums of marks, of their squares, and of their products."""
    if (reason := _too_few(n, 2)) is not None:
        return _none(reason, n)
    try:
        x, y, xx, yy, xy = (exact(one) for one in (sum_x, sum_y, sum_xx, sum_yy, sum_xy))
    except NotNumbersError:
        return _none(NOT_NUMBERS, n)
    return _of(n, 2, subjects_squared=xx + yy + 2 * xy, raters=[x, y], squares=xx + yy)


def _too_few(n: int, k: int) -> str | None:
    if k < 2:
        return FEWER_THAN_TWO_RATERS
    return FEWER_THAN_TWO_SUBJECTS if n < 2 else None


def _none(reason: str, n: int, anova: Anova | None = None) -> Icc:
    none = Estimate.none(reason, n)
    return Icc(none, none, none, none, none, none, anova)


def _of(
    n: int,
    k: int,
    *,
    subjects_squared: int | Fraction,
    raters: Sequence[int | Fraction],
    squares: int | Fraction,
) -> Icc:
    correction = Fraction(sum(raters)) ** 2 / (n * k)
    between_subjects = Fraction(subjects_squared) / k - correction
    between_raters = Fraction(sum(rater * rater for rater in raters)) / n - correction
    total = Fraction(squares) - correction
    within = total - between_subjects
    residual = within - between_raters
    if min(between_subjects, within, residual) < -ROUNDING * abs(total):
        return _none(NO_SUCH_SUMS, n)
    between_subjects, within, residual = (
        max(part, Fraction(0)) for part in (between_subjects, within, residual)
    )
    anova = Anova(
        n=n,
        k=k,
        subjects=between_subjects / (n - 1),
        within=within / (n * (k - 1)),
        raters=between_raters / (k - 1),
        residual=residual / ((n - 1) * (k - 1)),
    )
    if not anova.subjects:
        return _none(ALL_ALIKE, n, anova)
    return _six(anova)


def _six(anova: Anova) -> Icc:
    n, k = anova.n, anova.k
    # In units of the mean square between subjects, which leaves ratios as they are.
    within, raters, residual = (
        part / anova.subjects for part in (anova.within, anova.raters, anova.residual)
    )
    if as_float(max(within, raters, residual)) > 1e100:
        return _none(TOO_LARGE, n, anova)
    one = (1 - within) / (1 + (k - 1) * within)
    agreement = (1 - residual) / (1 + (k - 1) * residual + k * (raters - residual) / n)
    consistency = (1 - residual) / (1 + (k - 1) * residual)
    below = 1 + (raters - residual) / n
    one_ends = _f_ends(float(within), k, n - 1, n * (k - 1))
    consistency_ends = _f_ends(float(residual), k, n - 1, (n - 1) * (k - 1))
    agreement_ends = _agreement_ends(float(agreement), float(raters), float(residual), n, k)
    mean_ends = [_spearman_brown(end, k) for end in agreement_ends]
    return Icc(
        one=_estimate(one, one_ends[:2], n),
        agreement=_estimate(agreement, agreement_ends, n),
        consistency=_estimate(consistency, consistency_ends[:2], n),
        one_mean=_estimate(1 - within, one_ends[2:], n),
        agreement_mean=(
            _estimate((1 - residual) / below, mean_ends, n)
            if below > 0
            else Estimate.none("Observers differ more within than between those rated.", n)
        ),
        consistency_mean=_estimate(1 - residual, consistency_ends[2:], n),
        anova=anova,
    )


def _estimate(value: Fraction, ends: Sequence[float | None], n: int) -> Estimate:
    return Estimate(value=float(value), n=n, low=ends[0], high=ends[1])


def _f_ends(error: float, k: int, subjects: int, others: int) -> list[float | None]:
    """The interval of one rater and of the mean of k, where subjects are tested against `error`.

    Shrout and Fleiss 1979, by the exact F distribution of the ratio 1 / `error`.
    """
    # Ends of the reciprocal of the ratio: an error of nothing makes them 0, not the ratio infinite.
    high = error / float(fdtri(others, subjects, LEVEL))
    low = error * float(fdtri(subjects, others, LEVEL))
    ends = [(1 - end) / (1 + (k - 1) * end) for end in (low, high)]
    return [finite(end) for end in (*ends, 1 - low, 1 - high)]


def _agreement_ends(
    value: float, raters: float, residual: float, n: int, k: int
) -> list[float | None]:
    """The interval of ICC(2,1) (Shrout and Fleiss 1979, McGraw and Wong 1996)."""
    if residual == 0 and raters == 0:
        return [1.0, 1.0]
    degrees = satterthwaite(value, raters, residual, n=n, k=k)
    if degrees is None:
        return [None, None]
    rest = k * raters + (k * n - k - n) * residual
    with np.errstate(all="ignore"):
        upper = float(fdtri(n - 1, degrees, LEVEL))
        lower = float(fdtri(degrees, n - 1, LEVEL))
    if not (np.isfinite(upper) and np.isfinite(lower)):
        return [None, None]
    low = n * (1 - upper * residual) / (upper * rest + n)
    high = n * (lower - residual) / (rest + n * lower)
    return [finite(low), finite(high)]


def _spearman_brown(end: float | None, k: int) -> float | None:
    """What the mean of k raters makes of one; None where there is no such bound."""
    if end is None or 1 + (k - 1) * end <= 0:
        return None
    return k * end / (1 + (k - 1) * end)


def satterthwaite(value: float, raters: float, residual: float, *, n: int, k: int) -> float | None:
    """The degrees of freedom of what ICC(2,1) = `value` is tested against; None without any.

    `raters` and `residual` are mean squares, in any one unit. Source: Shrout and Fleiss 1979.
    """
    # Both parts of the fraction are multiplied by the residual squared, which may be nothing.
    first = k * value * raters
    second = (n * (1 + (k - 1) * value) - k * value) * residual
    below = (n - 1) * first**2 + second**2
    if below <= 0 or first + second == 0:
        return None
    return (k - 1) * (n - 1) * (first + second) ** 2 / below
