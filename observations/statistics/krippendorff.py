"""Krippendorff's alpha, for any number of raters, with gaps."""

from collections.abc import Hashable, Sequence

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
from observations.statistics.weights import (
    NAMES,
    Matrix,
    agreement_weights,
    distances,
    relative_distances,
    values_of,
)

METRICS = ("nominal", "ordinal", "interval", "ratio")
MOST_WORK = 20_000_000  # leaving each subject out once: a fraction of a second


def from_rows(
    rows: Rows, metric: str = "ordinal", categories: Sequence[Hashable] | None = None
) -> Coefficient:
    """Of a row a subject, a column a rater, None where there is no mark.

    Categories nobody used change nothing; give them to have a mark off the scale refused, or
    marks that are words in their order.
    """
    try:
        return of(ratings.from_rows(rows, categories), metric)
    except UnratableError as error:
        return Coefficient.none(str(error))


def from_table(
    table: Sequence[Sequence[float]], categories: Sequence[Hashable], metric: str = "ordinal"
) -> Coefficient:
    """Of counts: a row for each category of one rater, a column for each of the other."""
    return of(ratings.from_table(table, categories), metric)


def of(found: Ratings, metric: str = "ordinal") -> Coefficient:
    """Alpha = 1 - Do / De over the subjects that have two marks or more.

    `metric` is one of METRICS, or a name of Gwet's weights with "gwet:" before it, for which the
    disagreement is 1 - weight. Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability
    (2011). The interval is our choice: a jackknife over subjects (Efron and Tibshirani 1993,
    chapter 11), which gives the same answer each time where a bootstrap would not.
    """
    found = found.paired()
    n = found.n
    if n < 2:
        return Coefficient.none(FEWER_THAN_TWO, n)
    if found.categories_used < 2:
        return Coefficient.none(ONE_CATEGORY, n)
    found = _used_only(found, metric)
    if metric in {"interval", "ratio"}:
        try:
            lowest = min(values_of(found.categories))
        except (TypeError, ValueError):
            return Coefficient.none("These marks are names, so none is further than another.", n)
        if metric == "ratio" and lowest < 0:
            return Coefficient.none("Marks below 0 have no ratios.", n)
    scaled = found.times / (found.marks - 1)
    together = (found.counts * scaled[:, None]).T @ found.counts
    together -= np.diag(scaled @ found.counts)
    value, observed, expected = _alpha(together, found, metric)
    if not np.isfinite(value):
        return Coefficient.none(ONE_CATEGORY, n)
    told = Coefficient(value=value, n=n, observed=1 - observed, expected=1 - expected)
    if len(found.times) * len(found.categories) ** 2 > MOST_WORK:
        return told
    se = _jackknife(together, found, metric, value)
    if se is None:
        return told
    low, high = between(value, student_quantile(n - 1) * se)
    return Coefficient(
        value=value,
        n=n,
        low=low,
        high=high,
        se=se,
        observed=told.observed,
        expected=told.expected,
    )


def _used_only(found: Ratings, metric: str) -> Ratings:
    """Without categories nobody used; Gwet's weights rest on the whole scale and keep them."""
    if metric.startswith("gwet:"):
        return found
    keep = found.counts.sum(axis=0) > 0
    categories = [one for one, kept in zip(found.categories, keep, strict=True) if kept]
    return Ratings(categories, found.codes, found.times, found.counts[:, keep])


def _alpha(together: Matrix, found: Ratings, metric: str) -> tuple[float, float, float]:
    """Alpha, observed and expected disagreement of a square of coincidences."""
    marks = together.sum(axis=1)
    every = float(marks.sum())
    apart = _disagreement(found.categories, metric, marks)
    observed = float((together * apart).sum()) / every
    expected = float(marks @ apart @ marks) / (every * (every - 1))
    return 1 - observed / expected if expected > 0 else float("nan"), observed, expected


def _disagreement(categories: Sequence[Hashable], metric: str, marks: Matrix) -> Matrix:
    """The squared difference of each two categories."""
    if metric == "nominal":
        return 1 - np.eye(len(categories))
    if metric == "ordinal":
        # Marks between two categories, and half of those in each: how far apart midranks are.
        midranks = np.cumsum(marks) - marks / 2
        return np.asarray(np.subtract.outer(midranks, midranks) ** 2)
    if metric == "interval":
        return np.asarray(relative_distances(categories) ** 2)
    if metric == "ratio":
        values = values_of(categories)
        sums = np.add.outer(values, values)
        parts = np.divide(distances(categories), sums, out=np.zeros_like(sums), where=sums > 0)
        return np.asarray(parts**2)
    if metric.removeprefix("gwet:") in NAMES:
        return 1 - agreement_weights(metric.removeprefix("gwet:"), categories)
    raise ValueError(f"There is no metric “{metric}”; there are {', '.join(METRICS)}.")


def _jackknife(together: Matrix, found: Ratings, metric: str, value: float) -> float | None:
    """The standard error from alpha without each subject in turn; None where one has no alpha."""
    total, squares = 0.0, 0.0
    for counts, marks, times in zip(found.counts, found.marks, found.times, strict=True):
        alone = (np.outer(counts, counts) - np.diag(counts)) / (marks - 1)
        without = together - alone
        if (without.sum(axis=1) > 1e-9).sum() < 2:
            return None
        one = _alpha(without, found, metric)[0] - value
        total += float(times) * one
        squares += float(times) * one**2
    n = float(found.times.sum())
    spread = max(0.0, squares - total**2 / n)
    return float(np.sqrt(spread * (n - 1) / n))
