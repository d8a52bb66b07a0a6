import pytest

from observations.statistics import gwet, ratings, raw
from observations.statistics.estimate import FEWER_THAN_TWO, ONE_CATEGORY
from observations.tests.statistics.reference import (
    R5,
    R9,
    R10,
    R11_FOUR,
    R11_THREE,
    R12_FOURTEEN,
    R12_SIX,
    R13,
)

# Weights, pa, pe, AC, SE, ends of the interval, Fleiss, Conger, Brennan-Prediger.
FOUR_OBSERVERS = """
identity  0.818182 0.190321 0.775444 0.14295 0.461 1 0.76117 0.76282 0.77273
linear    0.939394 0.570964 0.858739 0.11733 0.600 1 0.81794 0.81378 0.84848
quadratic 0.975379 0.713704 0.914001 0.10396 0.685 1 0.86494 0.85771 0.90152
ordinal   0.968182 0.685156 0.898940 0.10690 0.664 1 0.85021 0.84366 0.88636
"""
FIVE_OBSERVERS = """
identity  0.615556 0.236271 0.496622 0.12197 0.235 0.758 0.45762 0.46927 0.48741
linear    0.860741 0.551298 0.689639 0.08769 0.502 0.878 0.61185 0.62405 0.66578
quadratic 0.946173 0.682560 0.830434 0.05825 0.706 0.955 0.75072 0.76179 0.80622
ordinal   0.924815 0.649745 0.785342 0.06819 0.639 0.932 0.70122 0.71312 0.75941
"""


@pytest.mark.parametrize(
    ("rows", "scale", "line"),
    [
        *((R9, range(1, 6), line) for line in FOUR_OBSERVERS.strip().splitlines()),
        *((R10, range(4), line) for line in FIVE_OBSERVERS.strip().splitlines()),
    ],
)
def test_tables_of_gwet(rows, scale, line):
    name, *numbers = line.split()
    pa, pe, value, se, low, high, fleiss, conger, brennan_prediger = map(float, numbers)

    found = gwet.from_rows(rows, scale, name)

    assert (found.observed, found.expected, found.value) == pytest.approx((pa, pe, value), abs=1e-6)
    assert found.se == pytest.approx(se, abs=5.1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-4)
    rated = ratings.from_rows(rows, scale)
    kin = [of(rated, name).value for of in (gwet.fleiss, gwet.conger, gwet.brennan_prediger)]
    assert kin == pytest.approx([fleiss, conger, brennan_prediger], abs=5.1e-6)


def test_who_gave_the_only_mark_of_a_unit_matters_to_conger_alone():
    both = [ratings.from_rows(rows, range(1, 6)) for rows in (R5, R9)]

    assert gwet.of(both[0]) == gwet.of(both[1])
    assert gwet.fleiss(both[0]) == gwet.fleiss(both[1])
    assert gwet.conger(both[0]) != gwet.conger(both[1])


def test_contingency_table_of_three_categories():
    rated = ratings.from_table(R11_THREE, [1, 2, 3])
    ac1 = gwet.from_table(R11_THREE, [1, 2, 3], "identity")

    assert (ac1.value, ac1.se) == pytest.approx((0.8493305, 0.0432175), abs=1e-7)
    assert gwet.fleiss(rated).value == pytest.approx(0.7962397, abs=1e-7)
    assert gwet.conger(rated).value == pytest.approx(0.7964094, abs=1e-7)
    assert gwet.brennan_prediger(rated).value == pytest.approx(0.835, abs=1e-9)
    assert gwet.from_table(R11_THREE, [1, 2, 3]).value == pytest.approx(0.9402369, abs=1e-7)
    assert gwet.fleiss(rated, "quadratic").value == pytest.approx(0.8921093, abs=1e-7)
    assert gwet.conger(rated, "quadratic").value == pytest.approx(0.8921569, abs=1e-7)
    assert gwet.brennan_prediger(rated, "quadratic").value == pytest.approx(0.9175, abs=1e-9)
    assert gwet.from_table(R11_THREE, [1, 2, 3], "linear").value == pytest.approx(0.90002, abs=1e-5)
    assert gwet.from_table(R11_FOUR, range(4), "identity").value == pytest.approx(0.45616, abs=1e-5)


def test_raw_agreement_of_the_table():
    assert raw.from_table(R11_THREE, [1, 2, 3]).exact.value == pytest.approx(0.89)
    assert raw.from_table(R11_THREE, [1, 2, 3]).within_one.value == 1
    assert gwet.from_table(R11_THREE, [1, 2, 3]).observed == pytest.approx(0.9725)


def test_kappa_of_fleiss_with_fourteen_raters():
    found = gwet.fleiss(ratings.from_rows(R12_FOURTEEN, range(5)))

    assert found.value == pytest.approx(0.209931, abs=1e-6)


def test_six_raters_of_fifteen_patients():
    rated = ratings.from_rows(R12_SIX, range(5))

    plain = [of(rated, "identity").value for of in (gwet.fleiss, gwet.of, gwet.brennan_prediger)]
    weighted = [
        of(rated, "quadratic").value for of in (gwet.fleiss, gwet.of, gwet.brennan_prediger)
    ]

    assert plain == pytest.approx([0.4139265, 0.4448007, 0.4388889], abs=1e-7)
    assert weighted == pytest.approx([0.2511909, 0.4837438, 0.4177778], abs=1e-7)


def test_the_declared_scale_matters():
    names = ["identity", "linear", "quadratic", "ordinal"]

    right = [gwet.from_rows(R13, range(5), name) for name in names]
    wrong = [gwet.from_rows(R13, range(4), name) for name in names]

    assert [one.value for one in right] == pytest.approx(
        [0.390118, 0.727960, 0.903657, 0.857708], abs=1e-6
    )
    assert [one.value for one in wrong] == pytest.approx(
        [0.341909, 0.620757, 0.818453, 0.754452], abs=1e-6
    )
    assert right[2].se == pytest.approx(0.01834, abs=5e-6)


def test_a_subject_with_one_mark_counts_in_the_use_of_categories():
    without = [row for row in R5 if sum(mark is not None for mark in row) > 1]

    assert gwet.from_rows(R5, range(1, 6)).n == 12
    assert gwet.from_rows(without, range(1, 6)).expected != gwet.from_rows(R5, range(1, 6)).expected


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], FEWER_THAN_TWO),
        ([(None, None)], FEWER_THAN_TWO),
        ([(1, 2), (None, 3)], FEWER_THAN_TWO),
        ([(3, 3), (3, 3)], ONE_CATEGORY),
        ([(3, 9), (3, 3)], "The mark 9 is not on the scale from 0 to 4."),
    ],
)
def test_what_cannot_be_estimated_says_why(rows, reason):
    found = gwet.from_rows(rows, range(5))

    assert (found.value, found.reason) == (None, reason)
