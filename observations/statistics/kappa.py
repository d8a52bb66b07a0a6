"""Cohen's kappa of two observers, plain and weighted."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from observations.statistics import ratings
from observations.statistics.estimate import (
    FEWER_THAN_TWO,
    ONE_CATEGORY,
    Coefficient,
    between,
    normal_quantile,
)
from observations.statistics.ratings import Ratings, UnratableError
from observations.statistics.weights import Weights, agreement_weights


def from_lists(
    first: Sequence[Any],
    second: Sequence[Any],
    categories: Sequence[Hashable],
    weights: Weights = "quadratic",
) -> Coefficient:
    """Of the marks of two observers in the same order, None where one gave none.

    `categories` is the declared scale, in order, whether or not each was used. Raises ValueError
    for lists of different lengths.
    """
    try:
        found = ratings.from_rows(list(zip(first, second, strict=True)), categories)
    except UnratableError as error:
        return Coefficient.none(str(error))
    return of(found, weights)


def from_table(
    table: Sequence[Sequence[float]],
    categories: Sequence[Hashable],
    weights: Weights = "quadratic",
) -> Coefficient:
    """Of counts: a row for each category of the first observer, a column for each of the second."""
    return of(ratings.from_table(table, categories), weights)


def of(found: Ratings, weights: Weights = "quadratic") -> Coefficient:
    """Kappa = (po - pe) / (1 - pe) of the subjects whom both observers marked.

    Source: Cohen 1960 and 1968; the large-sample standard error, and that under chance alone
    (`se0`), Fleiss, Cohen and Everitt 1969. The interval is the normal one, cut at -1 and 1.
    """
    found = found.paired()
    n = found.n
    if n < 2:
        return Coefficient.none(FEWER_THAN_TWO, n)
    if found.categories_used < 2:
        return Coefficient.none(ONE_CATEGORY, n)
    total = float(found.times.sum())
    size = len(found.categories)
    shares = np.zeros((size, size))
    shares[found.codes[:, 0], found.codes[:, 1]] = found.times / total
    weight = agreement_weights(weights, found.categories)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = np.outer(rows, columns)
    observed = float((weight * shares).sum())
    expected = float((weight * by_chance).sum())
    left = 1 - expected
    if left < 1e-12:
        return Coefficient.none("These weights count every difference as agreement.", n)
    value = (observed - expected) / left
    mean_weights = np.add.outer(weight @ columns, rows @ weight)
    # Each variance is taken about its mean, which the published differences of squares lose.
    centre = value - expected * (1 - value)
    spread = float((shares * (weight - mean_weights * (1 - value) - centre) ** 2).sum())
    spread0 = float((by_chance * (weight - mean_weights + expected) ** 2).sum())
    se = float(np.sqrt(spread / total)) / left
    se0 = float(np.sqrt(spread0 / total)) / left
    low, high = between(value, normal_quantile() * se)
    return Coefficient(
        value=value,
        n=n,
        low=low,
        high=high,
        se=se,
        se0=se0,
        z=value / se0 if se0 > 1e-12 else None,
        observed=observed,
        expected=expected,
    )
