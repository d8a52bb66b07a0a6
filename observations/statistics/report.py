"""Everything that can be said of how far some observers agree."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from observations.statistics import gwet, icc, kappa, krippendorff, limits, ratings, raw, weights
from observations.statistics.estimate import Coefficient, Estimate
from observations.statistics.icc import Icc
from observations.statistics.limits import Limits
from observations.statistics.ratings import Rows, UnratableError
from observations.statistics.raw import RawAgreement

KAPPAS = ("unweighted", "linear", "quadratic")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two observers, by their places, with kappa by its weights and the first less the second."""

    first: int
    second: int
    kappas: dict[str, Coefficient]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Report:
    """`n` subjects that anybody marked, `complete` that everybody did; coefficients by weights."""

    n: int
    complete: int
    icc: Icc
    raw: RawAgreement
    alpha: dict[str, Coefficient]
    gwet: dict[str, Coefficient]
    fleiss: dict[str, Coefficient]
    conger: dict[str, Coefficient]
    brennan_prediger: dict[str, Coefficient]
    pairs: list[Pair]


def of(rows: Rows, categories: Sequence[Hashable]) -> Report:
    """Of a row a subject, a column a rater, None for no mark; `categories` is the whole scale."""
    kin = (gwet.of, gwet.fleiss, gwet.conger, gwet.brennan_prediger)
    try:
        rated = ratings.from_rows(rows, categories)
    except UnratableError as error:
        none = Coefficient.none(str(error))
        shares = RawAgreement(Estimate.none(str(error)), Estimate.none(str(error)))
        alpha = dict.fromkeys(krippendorff.METRICS, none)
        by_kin = [dict.fromkeys(weights.NAMES, none) for _ in kin]
    else:
        shares = raw.of(rated)
        alpha = {metric: krippendorff.of(rated, metric) for metric in krippendorff.METRICS}
        by_kin = [{name: one(rated, name) for name in weights.NAMES} for one in kin]
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    return Report(
        sum(any(mark is not None for mark in row) for row in rows),
        sum(all(mark is not None for mark in row) for row in rows),
        icc.from_rows(rows),
        shares,
        alpha,
        *by_kin,
        pairs=[
            _pair(columns, first, second, categories)
            for first, second in combinations(range(len(columns)), 2)
        ],
    )


def _pair(
    columns: list[tuple[Any, ...]], first: int, second: int, categories: Sequence[Hashable]
) -> Pair:
    x, y = columns[first], columns[second]
    try:
        rated = ratings.from_rows(list(zip(x, y, strict=True)), categories)
    except UnratableError as error:
        kappas = dict.fromkeys(KAPPAS, Coefficient.none(str(error)))
    else:
        kappas = {name: kappa.of(rated, name) for name in KAPPAS}
    return Pair(first, second, kappas, limits.from_lists(x, y))
