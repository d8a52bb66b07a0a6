"""How much of an agreement it is when two observers choose these two categories: 1 is all of it.

The categories are the declared scale, used or not: the weights and all that rests on them change
with it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Weights = str | Sequence[Sequence[float]]
NAMES = ("identity", "linear", "quadratic", "ordinal")


def agreement_weights(weights: Weights, categories: Sequence[Any]) -> Matrix:
    """A square of weights, 1 on the diagonal, for the categories in their order.

    Distances of `linear` and `quadratic` are those of the true values, never of ranks; `ordinal`
    counts ranks: 1 - M / M max with M = d (d + 1) / 2 (Gwet, Handbook of Inter-Rater Reliability,
    4th ed., chapter 3). Or give the square itself. Raises ValueError for another name or size.
    """
    size = len(categories)
    if not isinstance(weights, str):
        square = np.asarray(weights, dtype=float)
        if square.shape != (size, size):
            raise ValueError(f"Weights for {size} categories are a square of {size} by {size}.")
        return square
    if weights in {"identity", "unweighted"} or size < 2:
        return np.eye(size)
    if weights == "ordinal":
        ranks = np.arange(size)
        steps = np.abs(np.subtract.outer(ranks, ranks)) + 1
        apart = (steps * (steps - 1) / 2).astype(float)
    elif weights in {"linear", "quadratic"}:
        apart = relative_distances(categories) ** (2 if weights == "quadratic" else 1)
    else:
        raise ValueError(f"There are no weights “{weights}”; there are {', '.join(NAMES)}.")
    return np.asarray(1 - apart / (apart.max() or 1))


def within(points: float, categories: Sequence[Any]) -> Matrix:
    """1 where two marks are at most `points` apart, else 0."""
    return (distances(categories) <= points + 1e-9).astype(float)


def from_steps(disagreement: Sequence[float]) -> list[list[float]]:
    """Weights out of how bad it is to be 0, 1, 2 ... categories apart, as R's irr takes them."""
    places = range(len(disagreement))
    return from_disagreement([[disagreement[abs(i - j)] for j in places] for i in places])


def from_disagreement(disagreement: Sequence[Sequence[float]]) -> list[list[float]]:
    """Weights out of a square that says how bad each disagreement is (Cohen 1968)."""
    square = np.asarray(disagreement, dtype=float)
    worst = square.max() or 1.0
    return [[float(cell) for cell in row] for row in 1 - square / worst]


def distances(categories: Sequence[Any]) -> Matrix:
    """How far apart the true values are."""
    values = values_of(categories)
    return np.asarray(np.abs(np.subtract.outer(values, values)))


def relative_distances(categories: Sequence[Any]) -> Matrix:
    """How far apart the true values are, the furthest being 1."""
    apart = distances(categories)
    return np.asarray(apart / (apart.max() or 1))


def values_of(categories: Sequence[Any]) -> Matrix:
    """The categories as numbers; raises TypeError or ValueError where they are names."""
    return np.array([float(one) for one in categories])
