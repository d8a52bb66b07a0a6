import pytest

from observations.statistics import icc
from observations.tests.statistics.reference import R1, R2, R13, R14

SIX = ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]


def values(found):
    return [estimate.value for estimate in found.forms.values()]


def test_shrout_and_fleiss():
    found = icc.from_rows(R1)

    assert list(found.forms) == SIX
    assert values(found) == pytest.approx(
        [0.165742, 0.289764, 0.714841, 0.442797, 0.620051, 0.909316], abs=1e-6
    )
    ends = [(one.low, one.high) for one in found.forms.values()]
    published = [
        *((-0.1329, 0.7226), (0.0188, 0.7611), (0.3425, 0.9459)),
        *((-0.8844, 0.9124), (0.0711, 0.9272), (0.6757, 0.9859)),
    ]
    for ours, theirs in zip(ends, published, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)


def test_shrout_and_fleiss_mean_squares():
    anova = icc.from_rows(R1).anova

    squares = [anova.subjects, anova.within, anova.raters, anova.residual]
    assert [float(one) for one in squares] == pytest.approx(
        [11.241667, 6.263889, 32.486111, 1.019444], abs=1e-6
    )
    assert float(anova.subjects / anova.within) == pytest.approx(1.794678, abs=1e-6)
    assert float(anova.subjects / anova.residual) == pytest.approx(11.027248, abs=1e-6)


def test_satterthwaite_degrees_of_freedom():
    anova = icc.from_rows(R1).anova

    ratio = [float(part / anova.subjects) for part in (anova.raters, anova.residual)]
    value = icc.from_rows(R1).agreement.value

    assert icc.satterthwaite(value, *ratio, n=6, k=4) == pytest.approx(4.7851, abs=1e-4)


def test_anxiety_data_of_r_irr():
    found = icc.from_rows(R2)

    assert values(found) == pytest.approx(
        [0.175022, 0.197998, 0.216049, 0.388926, 0.425499, 0.452586], abs=1e-6
    )
    assert (found.agreement.low, found.agreement.high) == pytest.approx((-0.04, 0.49), abs=5e-3)


def test_constructed_marks_use_complete_rows():
    found = icc.from_rows(R13)

    assert found.one.n == 11
    assert values(found) == pytest.approx(
        [0.7477, 0.7554, 0.8323, 0.8989, 0.9026, 0.9371], abs=5e-5
    )
    assert (found.agreement.low, found.agreement.high) == pytest.approx((0.4038, 0.9234), abs=1e-4)
    anova = found.anova
    assert float(anova.subjects / anova.within) == pytest.approx(9.8889, abs=5e-5)
    assert float(anova.subjects / anova.residual) == pytest.approx(15.8929, abs=5e-5)


def test_constructed_totals_with_a_lenient_peer():
    found = icc.from_rows(R14)

    assert values(found) == pytest.approx(
        [0.8937, 0.8962, 0.9650, 0.9618, 0.9628, 0.9881], abs=5e-5
    )
    assert (found.agreement.low, found.agreement.high) == pytest.approx((0.4413, 0.9799), abs=1e-4)
    anova = found.anova
    assert float(anova.subjects / anova.within) == pytest.approx(26.2097, abs=5e-5)
    assert float(anova.subjects / anova.residual) == pytest.approx(83.7184, abs=5e-5)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], icc.FEWER_THAN_TWO_RATERS),
        ([(1,), (2,)], icc.FEWER_THAN_TWO_RATERS),
        ([(1, 2)], icc.FEWER_THAN_TWO_SUBJECTS),
        ([(1, None), (None, 2), (3, 3)], icc.FEWER_THAN_TWO_SUBJECTS),
        ([(3, 3), (3, 3), (3, 3)], icc.ALL_ALIKE),
        ([(1, 3), (3, 1), (2, 2)], icc.ALL_ALIKE),
        ([(0.1, 0.2), (0.2, 0.1)], icc.ALL_ALIKE),
        ([(float("nan"), 1), (2, 3)], icc.NOT_NUMBERS),
    ],
)
def test_what_cannot_be_estimated_says_why(rows, reason):
    for estimate in icc.from_rows(rows).forms.values():
        assert (estimate.value, estimate.reason) == (None, reason)


def test_perfect_agreement_is_one_with_an_interval_of_one():
    for estimate in icc.from_rows([(1, 1), (2, 2), (4, 4)]).forms.values():
        assert (estimate.value, estimate.low, estimate.high) == (1, 1, 1)


def test_sums_that_no_marks_have_are_told():
    assert icc.from_sums(3, 6, 6, 1, 1, 1).one.reason == icc.NO_SUCH_SUMS
