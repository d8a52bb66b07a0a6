"""What holds for every set of marks, tried on hundreds of them."""

import json
import math
from dataclasses import asdict
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from observations.statistics import (
    gwet,
    icc,
    kappa,
    krippendorff,
    limits,
    ratings,
    raw,
    spc,
    weights,
)
from observations.statistics.estimate import Coefficient, Estimate

SCALE = range(5)
MARK = st.integers(0, 4)
ANY_NUMBER = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.fractions(max_denominator=1000),
    st.decimals(allow_nan=True, allow_infinity=True, places=3),
)


SOME_RATERS = st.integers(2, 4)


def grids(mark=MARK, raters=SOME_RATERS, most=8):
    """Rows of subjects by raters."""
    return raters.flatmap(
        lambda k: st.lists(st.lists(mark, min_size=k, max_size=k), min_size=2, max_size=most)
    )


PAIRS = grids(raters=st.just(2), most=12)
GAPPY = grids(mark=st.none() | MARK)


def everything(rows, scale=SCALE):
    """Every estimate of these rows that does not depend on which rater is which."""
    found = [*icc.from_rows(rows).forms.values()]
    found += [krippendorff.from_rows(rows, metric, scale) for metric in krippendorff.METRICS]
    rated = ratings.from_rows(rows, scale)
    for name in weights.NAMES:
        for of in (gwet.of, gwet.fleiss, gwet.conger, gwet.brennan_prediger):
            found.append(of(rated, name))
        found.append(krippendorff.from_rows(rows, f"gwet:{name}", scale))
    return [*found, raw.of(rated).exact, raw.of(rated).within_one]


def numbers(estimate: Estimate) -> list[float]:
    return [one for one in asdict(estimate).values() if isinstance(one, float)]


def same(one: Estimate, other: Estimate) -> None:
    assert one.reason == other.reason
    ours, theirs = asdict(one), asdict(other)
    for name in ("value", "low", "high"):
        assert ours[name] == pytest.approx(theirs[name], abs=1e-9), name


@given(GAPPY, st.randoms(use_true_random=False))
def test_the_order_of_subjects_and_of_raters_changes_nothing(rows, random):
    subjects = random.sample(rows, len(rows))
    order = random.sample(range(len(rows[0])), len(rows[0]))
    shuffled = [[row[rater] for rater in order] for row in subjects]

    for one, other in zip(everything(rows), everything(shuffled), strict=True):
        same(one, other)


@given(PAIRS, st.sampled_from(weights.NAMES))
def test_kappa_and_limits_when_observers_change_places(rows, name):
    first, second = zip(*rows, strict=True)

    same(kappa.from_lists(first, second, SCALE, name), kappa.from_lists(second, first, SCALE, name))
    one, other = limits.from_lists(first, second), limits.from_lists(second, first)
    assert (one.mean.value, one.sd, one.lower) == pytest.approx(
        (-other.mean.value, other.sd, -other.upper)
    )


@given(st.lists(MARK, min_size=2, max_size=10), st.integers(2, 4))
def test_perfect_agreement_is_one(marks, raters):
    assume(len(set(marks)) > 1)
    rows = [[mark] * raters for mark in marks]

    for estimate in everything(rows):
        assert estimate.value == pytest.approx(1)
    for name in weights.NAMES:
        assert kappa.from_lists(marks, marks, SCALE, name).value == pytest.approx(1)
    assert limits.from_lists(marks, marks).sd == 0


@given(PAIRS, st.integers(9, 20))
def test_a_constant_added_to_one_observer(rows, constant):
    """It lowers agreement and leaves consistency as it was."""
    plain = icc.from_rows(rows)
    harsher = icc.from_rows([[x, y + constant] for x, y in rows])
    assume(plain.consistency.value is not None and plain.consistency.value > 0.01)

    # Means differ by 4 at the most, so the constant never makes them nearer.
    assert harsher.consistency.value == pytest.approx(plain.consistency.value)
    assert harsher.agreement.value < plain.agreement.value


@given(PAIRS)
def test_tables_and_sums_say_what_lists_say(rows):
    table = [[0] * 5 for _ in SCALE]
    for x, y in rows:
        table[x][y] += 1
    first, second = zip(*rows, strict=True)
    sums = (
        *(len(rows), sum(first), sum(second), sum(x * x for x in first)),
        *(sum(y * y for y in second), sum(x * y for x, y in rows)),
    )

    for name in weights.NAMES:
        same(kappa.from_lists(first, second, SCALE, name), kappa.from_table(table, SCALE, name))
        by_row, by_cell = gwet.from_rows(rows, SCALE, name), gwet.from_table(table, SCALE, name)
        assert (by_row.reason, by_row.n) == (by_cell.reason, by_cell.n)
        assert by_row.value == pytest.approx(by_cell.value)
        if by_row.se is not None:  # published with n for a table, with n - 1 for rows
            n = by_row.n
            assert by_cell.se == pytest.approx(by_row.se * math.sqrt((n - 1) / n), abs=1e-9)
    for metric in krippendorff.METRICS:
        same(
            krippendorff.from_rows(rows, metric, SCALE),
            krippendorff.from_table(table, SCALE, metric),
        )
    same(raw.from_rows(rows).exact, raw.from_table(table, SCALE).exact)
    same(raw.from_rows(rows).within_one, raw.from_table(table, SCALE).within_one)
    assert icc.from_sums(*sums) == icc.from_rows(rows)
    assert limits.from_sums(*sums) == limits.from_lists(first, second)


@given(PAIRS)
def test_kin_of_two_raters_are_one(rows):
    """Conger's kappa of two is Cohen's; Gwet's interval alpha is Krippendorff's."""
    first, second = zip(*rows, strict=True)
    rated = ratings.from_rows(rows, SCALE)

    for name in weights.NAMES:
        cohen = kappa.from_lists(first, second, SCALE, name)
        assert gwet.conger(rated, name).value == pytest.approx(cohen.value)
    for theirs, ours in (("gwet:identity", "nominal"), ("gwet:quadratic", "interval")):
        by_weight = krippendorff.from_rows(rows, theirs, SCALE)
        assert by_weight.value == pytest.approx(krippendorff.from_rows(rows, ours).value)


@given(GAPPY)
def test_a_subject_nobody_marked_counts_for_nothing(rows):
    more = [*rows, [None] * len(rows[0])]

    for one, other in zip(everything(rows), everything(more), strict=True):
        same(one, other)


@given(grids(mark=st.none() | ANY_NUMBER, raters=st.integers(0, 3)))
def test_no_marks_are_too_odd(rows):
    """Never an error, never NaN: a value with an interval round it, or a reason."""
    columns = list(zip(*rows, strict=True))
    found = [*icc.from_rows(rows).forms.values(), raw.from_rows(rows).exact]
    found += [gwet.from_rows(rows, SCALE), krippendorff.from_rows(rows, "nominal", SCALE)]
    found += [krippendorff.from_rows(rows, metric) for metric in krippendorff.METRICS]
    if len(columns) > 1:
        found += [kappa.from_lists(columns[0], columns[1], SCALE)]
        found += [limits.from_lists(columns[0], columns[1]).mean]

    for estimate in found:
        json.dumps(numbers(estimate), allow_nan=False)
        assert (estimate.value is None) == bool(estimate.reason)
        if None not in (estimate.value, estimate.low, estimate.high):
            assert estimate.low - 1e-9 <= estimate.value <= estimate.high + 1e-9


@example([0, 5.688902325513658e307], "mdc", None)  # limits beyond the largest float
@given(
    st.lists(ANY_NUMBER, max_size=30), st.sampled_from(spc.RULES), st.none() | st.integers(0, 30)
)
def test_no_series_is_too_odd(values, rules, baseline):
    chart = spc.chart(values, rules, baseline=baseline)

    lines = [chart.mean, chart.lower, chart.inner_lower, chart.inner_upper, chart.upper]
    json.dumps(lines, allow_nan=False)
    assert bool(chart.reason) or chart.dependable
    if chart.mean is not None:
        assert chart.lower <= chart.inner_lower <= chart.mean <= chart.inner_upper <= chart.upper
        assert len(chart.points) == len(values)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=40), st.sampled_from(spc.RULES))
def test_a_chart_upside_down_shows_the_same_upside_down(values, rules):
    turned = {"above_limit": "below_limit", "trend_up": "trend_down", "common": "common"}
    turned |= {"two_of_three_high": "two_of_three_low", "shift_high": "shift_low"}
    turned |= {low: high for high, low in turned.items()}

    plain = spc.chart(values, rules, "up")
    mirrored = spc.chart([-value for value in values], rules, "down")

    assert [turned[one.cause] for one in plain.points] == [one.cause for one in mirrored.points]
    assert [one.meaning for one in plain.points] == [one.meaning for one in mirrored.points]


@given(st.lists(st.fractions(0, 100, max_denominator=24), min_size=2, max_size=20))
def test_lines_do_not_depend_on_the_unit(values):
    plain, scaled = spc.chart(values), spc.chart([value * Fraction(1, 3) for value in values])

    assert [one.cause for one in plain.points] == [one.cause for one in scaled.points]


def test_two_coefficients_are_one_kind_of_estimate():
    assert isinstance(kappa.from_lists([1], [1], SCALE), Coefficient)
