"""Scores of one encounter, and of several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

Rule = Literal["sum_100", "mean", "top"]
RULES: tuple[str, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class Overall:
    """The score of several encounters: `n` are complete and count, `left_out` are not."""

    value: Fraction | None
    n: int
    left_out: int


def score(rule: str, marks: Sequence[int | None], lowest: int, highest: int) -> Fraction | None:
    """The score of one encounter; None where a mark is missing, for nothing is imputed.

    `sum_100`: the sum rescaled to 0-100 (Observer OPTION, SDM-Q-9). `mean`: the mean mark
    (collaboRATE's mean score). `top`: 1 if every mark is the highest, else 0 (collaboRATE's top
    score). Raises ValueError for another rule, an empty scale, and a mark off the scale.
    """
    if rule not in RULES:
        raise ValueError(f"There is no scoring rule “{rule}”; the rules are {', '.join(RULES)}.")
    if lowest >= highest:
        raise ValueError(f"A scale from {lowest} to {highest} has nothing to choose from.")
    given = [mark for mark in marks if mark is not None]
    for mark in given:
        if not lowest <= mark <= highest:
            raise ValueError(f"The mark {mark} is not on the scale from {lowest} to {highest}.")
    if not given or len(given) < len(marks):
        return None
    if rule == "top":
        return Fraction(all(mark == highest for mark in given))
    if rule == "mean":
        return Fraction(sum(given), len(given))
    return Fraction(100 * (sum(given) - len(given) * lowest), len(given) * (highest - lowest))


def overall(rule: str, scores: Iterable[Fraction | None]) -> Overall:
    """The mean over complete encounters; of top scores the percentage of 1s.

    Source of leaving out incomplete encounters: the scoring guide of collaboRATE.
    """
    everything = list(scores)
    complete = [one for one in everything if one is not None]
    left_out = len(everything) - len(complete)
    if not complete:
        return Overall(None, 0, left_out)
    mean = sum(complete, Fraction(0)) / len(complete)
    return Overall(100 * mean if rule == "top" else mean, len(complete), left_out)
