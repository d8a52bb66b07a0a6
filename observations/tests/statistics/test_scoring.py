from fractions import Fraction

import pytest

from observations.statistics.scoring import overall, score


@pytest.mark.parametrize(
    ("marks", "highest", "expected"),
    [
        ([2, 1, 3, 2, 0], 4, 40),
        ([1, 2, 1, 0, 3], 4, 35),
        ([4] * 5, 4, 100),
        ([0] * 5, 4, 0),
        ([1, 2, 0, 1, 3, 0, 2, 1, 1, 0, 2, 1], 4, Fraction(14 * 100, 48)),
        ([5, 4, 3, 5, 4, 2, 3, 4, 5], 5, Fraction(35 * 20, 9)),
    ],
)
def test_sum_is_rescaled_to_a_hundred(marks, highest, expected):
    assert score("sum_100", marks, 0, highest) == expected


def test_sum_counts_from_the_lowest_mark():
    assert score("sum_100", [1, 1], 1, 5) == 0
    assert score("sum_100", [1, 5], 1, 5) == 50


@pytest.mark.parametrize("rule", ["sum_100", "mean", "top"])
def test_missing_marks_are_never_imputed(rule):
    assert score(rule, [4, None, 4], 0, 4) is None
    assert score(rule, [None], 0, 4) is None
    assert score(rule, [], 0, 4) is None


def test_collaborate_leaves_incomplete_encounters_out():
    encounters = [
        *((9, 9, 9), (9, 9, 8), (9, 9, 9), (7, 8, 9), (9, None, 9), (9, 9, 9), (0, 5, 9)),
    ]

    top = overall("top", [score("top", marks, 0, 9) for marks in encounters])
    mean = overall("mean", [score("mean", marks, 0, 9) for marks in encounters])

    assert (top.value, top.n, top.left_out) == (50, 6, 1)
    assert float(mean.value) == pytest.approx(8.0556, abs=5e-5)
    assert overall("top", [None]).value is None


def test_marks_off_the_scale_are_refused():
    with pytest.raises(ValueError, match="The mark 5 is not on the scale from 0 to 4"):
        score("mean", [1, 5], 0, 4)
    with pytest.raises(ValueError, match="no scoring rule"):
        score("median", [1], 0, 4)
    with pytest.raises(ValueError, match="nothing to choose from"):
        score("mean", [1], 4, 4)
