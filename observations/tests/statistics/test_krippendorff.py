import pytest

from observations.statistics import krippendorff
from observations.statistics.estimate import FEWER_THAN_TWO, ONE_CATEGORY
from observations.tests.statistics.reference import (
    R5,
    R6,
    R7,
    R8,
    R10,
    R11_THREE,
    R12_SIX,
    R13,
)

METRICS = krippendorff.METRICS


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (R5, [0.743421, 0.815388, 0.849107, 0.797403]),
        (R6, [0.691358, 0.806721, 0.810845, 0.808944]),
    ],
)
def test_krippendorffs_examples(rows, expected):
    found = [krippendorff.from_rows(rows, metric).value for metric in METRICS]

    assert found == pytest.approx(expected, abs=1e-6)


def test_nominal_examples_of_two_coders():
    assert krippendorff.from_rows(R7, "nominal").value == pytest.approx(0.095238, abs=1e-6)
    assert krippendorff.from_rows(R8, "nominal").value == pytest.approx(0.691964, abs=1e-6)


def test_constructed_marks():
    found = [krippendorff.from_rows(R13, metric).value for metric in METRICS[:3]]

    assert found == pytest.approx([0.309255, 0.747828, 0.736207], abs=1e-6)


@pytest.mark.parametrize(
    ("rows", "scale", "expected"),
    [
        (R5, range(1, 6), [0.74342, 0.80038, 0.84911, 0.83364]),
        (R10, range(4), [0.48053, 0.63521, 0.77186, 0.72348]),
    ],
)
def test_weights_of_gwet_in_alpha(rows, scale, expected):
    """His ordinal weights are no ordinal metric: 0.834 there, 0.815 by Krippendorff."""
    names = ["identity", "linear", "quadratic", "ordinal"]
    found = [krippendorff.from_rows(rows, f"gwet:{name}", scale).value for name in names]

    assert found == pytest.approx(expected, abs=5.1e-6)


def test_tables_and_many_raters():
    nominal = krippendorff.from_table(R11_THREE, [1, 2, 3], "nominal").value
    interval = krippendorff.from_table(R11_THREE, [1, 2, 3], "interval").value
    fifteen = krippendorff.from_rows(R12_SIX, "nominal").value
    quadratic = krippendorff.from_rows(R12_SIX, "gwet:quadratic", range(5)).value

    assert (nominal, interval) == pytest.approx((0.7972585, 0.8926487), abs=1e-7)
    assert (fifteen, quadratic) == pytest.approx((0.4204384, 0.259511), abs=1e-6)


def test_a_subject_with_one_mark_counts_for_nothing():
    without = [row for row in R5 if sum(mark is not None for mark in row) > 1]

    assert krippendorff.from_rows(without) == krippendorff.from_rows(R5)
    assert krippendorff.from_rows(R5).n == 11


def test_interval_holds_the_value():
    for metric in METRICS:
        found = krippendorff.from_rows(R5, metric)

        assert -1 <= found.low < found.value < found.high <= 1


@pytest.mark.parametrize(
    ("rows", "metric", "reason"),
    [
        ([], "nominal", FEWER_THAN_TWO),
        ([(None, None)], "nominal", FEWER_THAN_TWO),
        ([(1, 2), (None, 3)], "nominal", FEWER_THAN_TWO),
        ([(1, 1), (1, 1), (2, None)], "nominal", ONE_CATEGORY),
        ([(-1, 1), (1, 2)], "ratio", "Marks below 0 have no ratios."),
        (R8, "interval", "These marks are names, so none is further than another."),
    ],
)
def test_what_cannot_be_estimated_says_why(rows, metric, reason):
    found = krippendorff.from_rows(rows, metric)

    assert (found.value, found.reason) == (None, reason)
