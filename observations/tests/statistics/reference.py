"""Published and constructed data whose statistics are known, a row a subject, a column a rater.

R1 Shrout and Fleiss 1979; R2 the anxiety data of the R package irr; R3 an example of SAS; R4 in the
manner of Cohen 1968; R5 and R6 Krippendorff; R7 and R8 his nominal examples; R10 and R11 Gwet; R12
Fleiss 1971; R13, R14 and S5 are constructed. S1 to S4 come with NHSRplotthedots.
"""

from collections.abc import Callable
from typing import Any


def by_rater(*raters: str, mark: Callable[[str], Any] = int) -> list[tuple[Any, ...]]:
    """Rows of subjects from the marks of each rater, a dot or a star for none."""
    columns = [[None if one in ".*" else mark(one) for one in rater.split()] for rater in raters]
    return list(zip(*columns, strict=True))


def by_counts(text: str) -> list[list[int | None]]:
    """Rows of subjects from how many raters chose each category; raters have no names."""
    rows = [[int(one) for one in row.split()] for row in text.split("/")]
    raters = max(sum(row) for row in rows)
    marks = [[k for k, many in enumerate(row) for _ in range(many)] for row in rows]
    return [[*row, *[None] * (raters - len(row))] for row in marks]


R1 = by_rater("9 6 8 7 10 6", "2 1 4 1 5 2", "5 3 6 2 6 4", "8 2 8 6 9 7")
R2 = by_rater(
    "3 3 3 4 5 5 2 3 5 2 2 6 1 5 2 2 1 2 4 3",
    "3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4",
    "2 1 4 4 3 2 1 6 1 1 1 2 3 3 1 1 3 3 2 2",
)
R3 = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
R4 = [[44, 5, 1], [7, 20, 3], [9, 5, 6]]
R4_DISAGREEMENT = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
R5 = by_rater(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# The same as Gwet prints it: the only mark of the last unit is C's, which Conger's kappa notices.
R9 = [*R5[:-1], (None, None, 3, None)]
R6 = by_rater(
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
)
R7 = by_rater("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
R8 = by_rater("a a b b d c c c e d d a", "b a b b b c c c e d d d", mark=str)
R10 = by_rater(
    "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1",
    "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1",
    "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1",
    ". 1 3 . . . . 0 . 1 0 0 2 2 .",
    "2 . . 0 0 0 1 . 2 . . . . 3 1",
)
R11_THREE = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
R11_FOUR = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]
R12_FOURTEEN = by_counts(
    "0 0 0 0 14/0 2 6 4 2/0 0 3 5 6/0 3 9 2 0/2 2 8 1 1/7 7 0 0 0/3 2 6 3 0/2 5 3 2 2/"
    "6 5 2 1 0/0 2 2 3 7"
)
R12_SIX = by_counts(
    "0 0 0 6 0/0 3 0 0 3/0 1 4 0 1/0 0 0 0 6/0 3 0 3 0/2 0 4 0 0/0 0 4 0 2/2 0 3 1 0/"
    "2 0 0 4 0/0 0 0 0 6/1 0 0 5 0/1 1 0 4 0/0 3 3 0 0/1 0 0 5 0/0 2 0 3 1"
)
R13 = by_rater("0 1 1 2 2 3 3 1 0 2 3 1", "0 1 2 2 1 3 3 1 1 2 2 0", "1 2 2 3 2 3 3 2 1 . 3 1")
R14 = by_rater("35 10 60 45 20 70 5 50", "40 15 55 45 30 65 10 40", "50 25 65 60 30 75 20 55")

S1 = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621),
    *(-1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272),
    *(-0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141),
]
S2 = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
S3 = [
    above / below
    for above, below in zip(
        [5, 7, 5, 7, 7, 5, 4, 9, 8, 13, 8, 7, 8, 7, 12, 11, 8],
        [113, 132, 121, 134, 116, 131, 93, 138, 182, 157, 100, 103, 146, 108, 153, 141, 134],
        strict=True,
    )
]
S5 = [
    *(50, 52, 49, 51, 50, 48, 51, 50, 49, 52, 50, 51, 48),
    *(51, 56, 54.0, 50.5, 53, 52, 52, 51.5, 51, 50.8, 50.9, 48, 47.5, 47, 46.9, 46.5, 46, 45.5),
]
