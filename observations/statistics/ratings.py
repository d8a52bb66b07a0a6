"""Who gave which mark to whom, folded: subjects that were marked alike are counted together."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from observations.statistics.estimate import NOT_NUMBERS, TOO_LARGE, NotNumbersError, exact
from observations.statistics.weights import Matrix

MOST_CATEGORIES = 1_000
MOST_CELLS = 10_000_000  # 80 MB a matrix
LARGEST = 10**100  # its square is still a float
Rows = Sequence[Sequence[Any]]


class UnratableError(Exception):
    """These marks cannot be counted; `str(error)` is the reason, for people."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """One row for each way in which a subject was marked: `times` says how many subjects.

    `codes` are places of categories by rater, -1 where a rater gave no mark; `counts` how many
    raters chose each category. Subjects that nobody marked are left out.
    """

    categories: list[Hashable]
    codes: "np.ndarray[Any, np.dtype[np.int64]]"
    times: "np.ndarray[Any, np.dtype[np.float64]]"
    counts: Matrix

    @property
    def marks(self) -> Matrix:
        """How many marks each row has."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def n(self) -> int:
        """Subjects that somebody marked."""
        return round(float(self.times.sum()))

    @property
    def n_paired(self) -> int:
        """Subjects that two raters or more marked."""
        return round(float(self.times[self.marks >= 2].sum()))

    @property
    def categories_used(self) -> int:
        return int((self.counts.sum(axis=0) > 0).sum())

    def paired(self) -> "Ratings":
        """Without the subjects that one rater alone marked."""
        keep = self.marks >= 2
        return Ratings(self.categories, self.codes[keep], self.times[keep], self.counts[keep])


def from_rows(rows: Rows, categories: Sequence[Hashable] | None = None) -> Ratings:
    """Of a row a subject, a column a rater, None where there is no mark.

    Without categories those that were used, in order. Raises UnratableError for a mark that is
    none of the categories, ValueError for rows of different lengths.
    """
    folded: Counter[tuple[Any, ...]] = Counter()
    for row, many in _alike(rows).items():
        folded[tuple(_as_typed(mark) for mark in row)] += many
    widths = {len(row) for row in folded}
    if len(widths) > 1:
        raise ValueError("Every subject needs a place for each rater; use None for no mark.")
    folded = Counter({row: many for row, many in folded.items() if any(m is not None for m in row)})
    if categories is None:
        categories = _in_order({mark for row in folded for mark in row if mark is not None})
    categories = [_as_typed(one) for one in categories]
    places = _places(categories)
    codes = np.full((len(folded), widths.pop() if widths else 0), -1, dtype=np.int64)
    for number, row in enumerate(folded):
        for rater, mark in enumerate(row):
            if mark is None:
                continue
            if mark not in places:
                raise UnratableError(
                    f"The mark {_told(mark)} is not on the scale {_scale(categories)}."
                )
            codes[number, rater] = places[mark]
    times = np.array(list(folded.values()), dtype=float)
    return _counted(list(categories), codes, times)


def from_table(table: Sequence[Sequence[float]], categories: Sequence[Hashable]) -> Ratings:
    """Of counts of pairs of marks: a row for each category of one rater, a column of the other.

    Raises ValueError for a table that is no square of the categories, or has a count below 0.
    """
    cells = np.asarray(table, dtype=float)
    size = len(_places(categories))
    if cells.shape != (size, size):
        raise ValueError(f"A table for {size} categories is a square of {size} by {size}.")
    if not (np.isfinite(cells).all() and (cells >= 0).all()):
        raise ValueError("Every count of a table is 0 or more.")
    rows, columns = np.nonzero(cells)
    return _counted(list(categories), np.column_stack([rows, columns]), cells[rows, columns])


def _alike(rows: Rows) -> Counter[tuple[Any, ...]]:
    try:
        return Counter(map(tuple, rows))
    except TypeError as error:  # a signalling NaN cannot even be looked up
        raise UnratableError(NOT_NUMBERS) from error


def _counted(categories: list[Hashable], codes: Any, times: Any) -> Ratings:
    size = len(categories)
    if size > MOST_CATEGORIES or len(codes) * size > MOST_CELLS:
        raise UnratableError(f"There are too many different marks ({size:,}) to compare each.")
    counts = np.zeros((len(codes), size))
    for rater in range(codes.shape[1]):
        given = codes[:, rater] >= 0
        np.add.at(counts, (np.nonzero(given)[0], codes[given, rater]), 1)
    return Ratings(categories, codes, times, counts)


def _places(categories: Sequence[Hashable]) -> dict[Hashable, int]:
    places = {category: place for place, category in enumerate(categories)}
    if len(places) < len(categories):
        raise ValueError("A category is named twice.")
    return places


def _in_order(marks: set[Any]) -> list[Any]:
    try:
        return sorted(marks)
    except TypeError:
        return sorted(marks, key=str)


def _as_typed(mark: Any) -> Any:
    """A tenth is a tenth, as a float and as a Decimal."""
    if not isinstance(mark, float | Decimal):
        return mark
    try:
        number = exact(mark)
    except NotNumbersError as error:
        raise UnratableError(str(error)) from error
    if not -LARGEST <= number <= LARGEST:
        raise UnratableError(TOO_LARGE)
    return number


def _scale(categories: Sequence[Hashable]) -> str:
    if len(categories) > 2:
        return f"from {_told(categories[0])} to {_told(categories[-1])}"
    return " or ".join(_told(one) for one in categories)


def _told(mark: Hashable) -> str:
    return f"{float(mark):g}" if isinstance(mark, Fraction) else str(mark)
