import pytest

from observations.statistics import kappa, weights
from observations.tests.statistics.reference import R2, R3, R4, R4_DISAGREEMENT, R11_FOUR, R11_THREE
from observations.tests.statistics.reference import R13 as OURS

ONE_TO_SIX = range(1, 7)
NAMES = ["identity", "linear", "quadratic"]


def pair(rows, first, second, scale):
    columns = list(zip(*rows, strict=True))
    return [kappa.from_lists(columns[first], columns[second], scale, name).value for name in NAMES]


@pytest.mark.parametrize(
    ("raters", "expected"),
    [
        ((0, 1), [0.119497, 0.189189, 0.296765]),
        ((0, 2), [-0.165644, -0.051051, 0.069507]),
        ((1, 2), [-0.006289, 0.126214, 0.229798]),
    ],
)
def test_distances_are_those_of_true_values(raters, expected):
    assert pair(R2, *raters, ONE_TO_SIX) == pytest.approx(expected, abs=1e-6)


def test_r_irr_drops_an_unused_mark_and_uses_ranks():
    """The same marks give another answer, so which one is given is no accident."""
    used = [1, 2, 3, 4, 6]
    by_rank = [tuple(used.index(mark) for mark in row[1:]) for row in R2]

    assert pair(by_rank, 0, 1, range(5)) == pytest.approx([-0.006289, 0.145907, 0.252033], abs=1e-6)
    assert pair(R2, 1, 2, used) == pytest.approx([-0.006289, 0.126214, 0.229798], abs=1e-6)


def test_custom_weights_of_r_irr():
    _, second, third = zip(*R2, strict=True)

    found = kappa.from_lists(second, third, [1, 2, 3, 4, 6], weights.from_steps([0, 0, 1, 1, 2]))

    assert found.value == pytest.approx(0.2391304, abs=1e-7)


@pytest.mark.parametrize(
    ("name", "value", "se", "low", "high", "se0", "z"),
    [
        ("identity", 0.4842, 0.1380, 0.2137, 0.7547, 0.1484, 3.2626),
        ("linear", 0.4701, 0.1457, 0.1845, 0.7558, 0.1426, 3.2971),
    ],
)
def test_standard_errors_of_sas(name, value, se, low, high, se0, z):
    found = kappa.from_table(R3, [1, 2, 3], name)

    assert (found.value, found.se, found.low, found.high, found.se0, found.z) == pytest.approx(
        (value, se, low, high, se0, z), abs=6e-5
    )
    assert found.n == 19


def test_weights_of_disagreement():
    plain = kappa.from_table(R4, "abc", "identity")
    weighted = kappa.from_table(R4, "abc", weights.from_disagreement(R4_DISAGREEMENT))

    assert plain.value == pytest.approx(0.491525, abs=1e-6)
    assert weighted.value == pytest.approx(0.347826, abs=1e-6)


def test_contingency_tables_of_gwet():
    three = {name: kappa.from_table(R11_THREE, [1, 2, 3], name) for name in NAMES}
    four = {name: kappa.from_table(R11_FOUR, [1, 2, 3, 4], name) for name in NAMES}

    assert three["identity"].value == pytest.approx(0.7964094, abs=1e-7)
    assert three["identity"].se == pytest.approx(0.0589107, abs=1e-7)
    assert three["quadratic"].value == pytest.approx(0.8921569, abs=1e-7)
    assert three["quadratic"].se == pytest.approx(0.0353515, abs=1e-7)
    assert three["linear"].value == pytest.approx(0.84290, abs=1e-5)
    assert [four[name].value for name in NAMES] == pytest.approx(
        [0.4315, 0.40681, 0.38319], abs=2e-5
    )


def test_constructed_marks():
    assert pair(OURS, 0, 1, range(5)) == pytest.approx([0.433962, 0.625, 0.791667], abs=1e-6)
    assert pair(OURS, 0, 2, range(5)) == pytest.approx([0.258427, 0.521739, 0.738095], abs=1e-6)
    first, _, peer = zip(*OURS, strict=True)
    assert kappa.from_lists(first, peer, range(5)).n == 11


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([], [], kappa.FEWER_THAN_TWO),
        ([None, None], [None, None], kappa.FEWER_THAN_TWO),
        ([1, None, 2], [1, 2, None], kappa.FEWER_THAN_TWO),
        ([3, 3], [3, 3], kappa.ONE_CATEGORY),
        ([1, 7], [1, 2], "The mark 7 is not on the scale from 0 to 4."),
    ],
)
def test_what_cannot_be_estimated_says_why(first, second, reason):
    found = kappa.from_lists(first, second, range(5))

    assert (found.value, found.reason) == (None, reason)


def test_one_observer_without_any_difference_gives_nought():
    assert kappa.from_lists([1, 1, 1, 1], [0, 1, 2, 1], range(5)).value == 0


def test_weights_that_forgive_everything_are_told():
    found = kappa.from_table(R4, "abc", [[1, 1, 1]] * 3)

    assert (found.value, bool(found.reason)) == (None, True)
