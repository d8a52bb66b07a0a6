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
    kin = {
        "gwet": gwet.of,
        "fleiss": gwet.fleiss,
        "conger": gwet.conger,
        "brennan_prediger": gwet.brennan_prediger,
    }
    try:
        rated = ratings.from_rows(rows, categories)
    except UnratableError as error:
        none = Coefficient.none(str(error))
        shares = RawAgreement(Estimate.none(str(error)), Estimate.none(str(error)))
        alpha = dict.fromkeys(krippendorff.METRICS, none)
        by_kin = {one: dict.fromkeys(weights.NAMES, none) for one in kin}
    else:
        shares = raw.of(rated)
        alpha = {metric: krippendorff.of(rated, metric) for metric in krippendorff.METRICS}
        by_kin = {
            one: {name: told(rated, name) for name in weights.NAMES} for one, told in kin.items()
        }
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    return Report(
        n=sum(any(mark is not None for mark in row) for row in rows),
        complete=sum(all(mark is not None for mark in row) for row in rows),
        icc=icc.from_rows(rows),
        raw=shares,
        alpha=alpha,
        gwet=by_kin["gwet"],
        fleiss=by_kin["fleiss"],
        conger=by_kin["conger"],
        brennan_prediger=by_kin["brennan_prediger"],
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
