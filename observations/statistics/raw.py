"""Raw agreement: how often observers said the same, and how often nearly the same."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from observations.statistics import ratings
from observations.statistics.estimate import FEWER_THAN_TWO, Estimate
from observations.statistics.ratings import Ratings, UnratableError
from observations.statistics.weights import Matrix, agreement_weights, within


@dataclass(frozen=True, slots=True)
class RawAgreement:
    """Shares from 0 to 1 of the pairs of marks: the same, and at most one point apart."""

    exact: Estimate
    within_one: Estimate


def from_rows(rows: Sequence[Sequence[Any]]) -> RawAgreement:
    """Of a row a subject, a column a rater, None where there is no mark."""
    try:
        return of(ratings.from_rows(rows))
    except UnratableError as error:
        return RawAgreement(Estimate.none(str(error)), Estimate.none(str(error)))


def from_table(table: Sequence[Sequence[float]], categories: Sequence[Hashable]) -> RawAgreement:
    """Of counts: a row for each category of one rater, a column for each of the other."""
    return of(ratings.from_table(table, categories))


def of(found: Ratings) -> RawAgreement:
    """Of each subject the share of its pairs of marks that agree; then the mean of subjects."""
    exact = _share(found, agreement_weights("identity", found.categories))
    try:
        near = _share(found, within(1, found.categories))
    except (TypeError, ValueError):
        near = Estimate.none("These marks are names, so none is one point from another.", exact.n)
    return RawAgreement(exact, near)


def agreed(found: Ratings, weight: Matrix) -> Matrix:
    """Of each row the (weighted) share of its pairs of marks that agree; 0 without a pair."""
    marks = found.marks
    pairs = marks * (marks - 1)
    together = (found.counts * (found.counts @ weight - 1)).sum(axis=1)
    return np.asarray(np.divide(together, pairs, out=np.zeros_like(pairs), where=pairs > 0))


def _share(found: Ratings, weight: Matrix) -> Estimate:
    found = found.paired()
    if not len(found.times):
        return Estimate.none("None was rated by two observers.")
    if found.n < 1:
        return Estimate.none(FEWER_THAN_TWO)
    share = float((found.times * agreed(found, weight)).sum() / found.times.sum())
    return Estimate(value=min(1.0, share), n=found.n)
