import math

import pytest

from observations.statistics import limits
from observations.tests.statistics.reference import R14


def test_lenient_peer_of_constructed_totals():
    peer = [row[2] for row in R14]
    partners = [(row[0] + row[1]) / 2 for row in R14]

    found = limits.from_lists(peer, partners)

    assert (found.n, found.mean.value) == (8, 10.3125)
    assert found.sd == pytest.approx(3.3905, abs=5e-5)
    assert found.lower == pytest.approx(10.3125 - 1.96 * found.sd)
    assert found.upper == pytest.approx(10.3125 + 1.96 * found.sd)
    # Student's t of 7 degrees of freedom at 97.5 %, from a printed table
    assert found.mean.high - 10.3125 == pytest.approx(2.365 * found.sd / math.sqrt(8), rel=1e-3)


@pytest.mark.parametrize(
    ("x", "y", "mean", "reason"),
    [
        ([], [], None, limits.NOBODY),
        ([1, None], [None, 2], None, limits.NOBODY),
        ([3, None], [1, 4], 2, limits.ONLY_ONE),
        ([math.inf], [1], None, limits.NOT_NUMBERS),
    ],
)
def test_what_cannot_be_estimated_says_why(x, y, mean, reason):
    found = limits.from_lists(x, y)

    assert (found.mean.value, found.sd, found.reason) == (mean, None, reason)


def test_constant_difference_has_no_spread():
    found = limits.from_lists([0.3, 0.4, 0.5], [0.1, 0.2, 0.3])

    assert (found.mean.value, found.sd, found.lower, found.upper) == (0.2, 0, 0.2, 0.2)


def test_sums_that_no_marks_have_are_told():
    assert limits.from_sums(2, 5, 1, 1, 1, 0).reason == limits.NO_SUCH_SUMS
