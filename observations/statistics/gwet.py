"""Gwet's AC1 and AC2 and their kin, for any number of raters, with gaps.

Source of all formulas: K. L. Gwet, Handbook of Inter-Rater Reliability, 4th edition, chapters 2
to 6. They share the (weighted) share of pairs that agree and differ in what is expected by chance.
"""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from observations.statistics import ratings
from observations.statistics.estimate import (
    FEWER_THAN_TWO,
    ONE_CATEGORY,
    Coefficient,
    between,
    student_quantile,
)
from observations.statistics.ratings import Ratings, Rows, UnratableError
from observations.statistics.raw import agreed
from observations.statistics.weights import Matrix, Weights, agreement_weights

# What is expected by chance, and how much each row of the ratings has to do with it.
Chance = Callable[[Ratings, Matrix], tuple[float, Matrix | None]]


def from_rows(
    rows: Rows, categories: Sequence[Hashable], weights: Weights = "quadratic"
) -> Coefficient:
    """AC2 (AC1 with identity weights) of a row a subject, a column a rater, None for no mark.

    `categories` is the declared scale, in order, whether or not each was used: with another scale
    the same marks give another coefficient.
    """
    try:
        return of(ratings.from_rows(rows, categories), weights)
    except UnratableError as error:
        return Coefficient.none(str(error))


def from_table(
    table: Sequence[Sequence[float]],
    categories: Sequence[Hashable],
    weights: Weights = "quadratic",
) -> Coefficient:
    """AC2 (AC1 with identity weights) of two raters' counts of pairs of marks.

    The value is that of the rows; the variance is the one Gwet gives for two raters and a table,
    divided by n where that for rows is divided by n - 1.
    """
    return of(ratings.from_table(table, categories), weights, divisor=0)


def of(found: Ratings, weights: Weights = "quadratic", *, divisor: int = 1) -> Coefficient:
    """AC: chance is the sum of weights over q (q - 1), times the sum of p (1 - p)."""
    return _coefficient(found, weights, _chance_of_gwet, divisor)


def fleiss(found: Ratings, weights: Weights = "identity") -> Coefficient:
    """Fleiss' kappa (Scott's pi for two): chance by the mean use of each category."""
    return _coefficient(found, weights, _chance_of_fleiss)


def conger(found: Ratings, weights: Weights = "identity") -> Coefficient:
    """Conger's kappa (Cohen's for two): chance by each rater's own use. Without an interval."""
    return _coefficient(found, weights, _chance_of_conger)


def brennan_prediger(found: Ratings, weights: Weights = "identity") -> Coefficient:
    """Brennan and Prediger's: chance by the number of categories alone."""
    return _coefficient(found, weights, _chance_of_brennan_prediger)


def _coefficient(found: Ratings, weights: Weights, chance: Chance, divisor: int = 1) -> Coefficient:
    n, n_paired = found.n, found.n_paired
    if n_paired < 2:
        return Coefficient.none(FEWER_THAN_TWO, n)
    if found.categories_used < 2:
        return Coefficient.none(ONE_CATEGORY, n)
    weight = agreement_weights(weights, found.categories)
    paired = found.marks >= 2
    every = float(found.times.sum())
    of_pairs = float(found.times[paired].sum())
    agreements = agreed(found, weight)
    observed = float((found.times * agreements)[paired].sum()) / of_pairs
    expected, influence = chance(found, weight)
    left = 1 - expected
    if left < 1e-12:
        return Coefficient.none("These weights count every difference as agreement.", n)
    value = (observed - expected) / left
    told = Coefficient(value=value, n=n, observed=observed, expected=expected)
    if influence is None:
        return told
    # The linearised share of each subject in the coefficient; its variance is that of their mean.
    share = np.where(paired, (agreements - expected) / left, 0.0) * every / of_pairs
    share = share - 2 * (1 - value) * (influence - expected) / left
    variance = float((found.times * (share - value) ** 2).sum()) / every / (every - divisor)
    se = float(np.sqrt(variance))
    low, high = between(value, student_quantile(every - 1) * se)
    return Coefficient(
        value=value, n=n, low=low, high=high, se=se, observed=observed, expected=expected
    )


def _use(found: Ratings) -> tuple[Matrix, Matrix]:
    """Of each row the share of its marks in each category, and the mean of these shares."""
    shares = found.counts / found.marks[:, None]
    return shares, (found.times @ shares) / found.times.sum()


def _chance_of_gwet(found: Ratings, weight: Matrix) -> tuple[float, Matrix]:
    shares, use = _use(found)
    size = len(found.categories)
    scale = float(weight.sum()) / (size * (size - 1))
    return scale * float((use * (1 - use)).sum()), scale * (shares @ (1 - use))


def _chance_of_fleiss(found: Ratings, weight: Matrix) -> tuple[float, Matrix]:
    shares, use = _use(found)
    return float(use @ weight @ use), shares @ ((weight @ use + use @ weight) / 2)


def _chance_of_brennan_prediger(found: Ratings, weight: Matrix) -> tuple[float, Matrix]:
    expected = float(weight.mean())
    return expected, np.full(len(found.times), expected)


def _chance_of_conger(found: Ratings, weight: Matrix) -> tuple[float, Matrix | None]:
    """Mean use, less the weighted covariance of the raters' use over their number."""
    uses = []
    for rater in range(found.codes.shape[1]):
        given = found.codes[:, rater] >= 0
        many = np.bincount(
            found.codes[given, rater], found.times[given], minlength=len(found.categories)
        )
        if many.sum() > 0:
            uses.append(many / many.sum())
    by_rater = np.array(uses)
    mean = by_rater.mean(axis=0)
    if len(uses) < 2:
        return float(mean @ weight @ mean), None
    covariance = (by_rater - mean).T @ (by_rater - mean) / (len(uses) - 1)
    return float((weight * (np.outer(mean, mean) - covariance / len(uses))).sum()), None
