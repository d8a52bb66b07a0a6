import math

import pytest

from observations.statistics import spc
from observations.tests.statistics.reference import S1, S2, S3, S5


def lines(chart):
    return (chart.mean, chart.lower, chart.upper)


def flagged(chart, *causes):
    """Numbers of the points, from 1, that show one of these causes."""
    return [n for n, point in enumerate(chart.points, 1) if set(point.causes) & set(causes)]


# --- Lines ---------------------------------------------------------------------------------------


def test_snapshot_of_the_r_package():
    for rules in spc.RULES:
        assert lines(spc.chart(S1, rules)) == pytest.approx(
            (0.1416238, -3.01138, 3.294627), abs=1e-6
        )


def test_an_outlying_range_is_screened_by_nhsr_alone():
    outlier = [*S1[:14], 10, *S1[15:]]
    screened = pytest.approx((0.6694159, -2.383666, 3.722497), abs=1e-6)
    whole = pytest.approx((0.6694159, -4.596625, 5.935457), abs=1e-6)

    assert lines(spc.chart(outlier, "nhsr")) == screened
    assert lines(spc.chart(outlier, "mdc")) == whole
    assert lines(spc.chart(outlier, "nhsr", screen=False)) == whole
    assert lines(spc.chart(outlier, "mdc", screen=True)) == screened


def test_limits_fixed_on_the_first_points():
    fixed = spc.chart(S1, "nhsr", baseline=12)

    assert lines(fixed) == pytest.approx((0.194179, -2.607400, 2.995758), abs=1e-6)
    assert len(fixed.points) == 20


def test_vignette_series():
    screened, whole = spc.chart(S2, "nhsr"), spc.chart(S2, "mdc")

    assert screened.mean == pytest.approx(1.94, abs=5e-3)
    assert (screened.lower, screened.upper) == pytest.approx((-0.715556, 4.604444), abs=1e-6)
    assert (whole.lower, whole.upper) == pytest.approx((-3.062614, 6.951503), abs=1e-6)


def test_ratio_series():
    chart = spc.chart(S3)

    assert lines(chart) == pytest.approx((0.059297, 0.022852, 0.095743), abs=1e-6)
    assert (chart.inner_lower, chart.inner_upper) == pytest.approx((0.0350, 0.0836), abs=5e-5)


# --- Rules ---------------------------------------------------------------------------------------


def test_seven_rising_or_falling_are_a_trend():
    rising, falling = [1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1]

    assert flagged(spc.chart(rising), "trend_up") == [1, 2, 3, 4, 5, 6, 7]
    assert flagged(spc.chart(falling), "trend_down") == [1, 2, 3, 4, 5, 6, 7]
    assert flagged(spc.chart(rising[:6]), "trend_up") == []


def test_a_tie_breaks_a_trend():
    for series in ([1, 2, 3, 3, 4, 5, 6], [1, 2, 3, 4, 4, 5, 6, 7]):
        assert flagged(spc.chart(series), "trend_up", "trend_down") == []


def test_a_shift_needs_seven_and_ends_with_the_other_side():
    eight = [1] * 8 + [-1]
    six = [1] * 6 + [-1]

    # The lines rest on two points whose mean is 0.
    assert flagged(spc.chart([-1, *eight], baseline=2), "shift_high") == [*range(2, 10)]
    assert flagged(spc.chart([-1, *six], baseline=2), "shift_high") == []


def test_a_point_on_the_mean_breaks_a_shift():
    series = [-0.1, 0.3, 0.3, 0.3, 0.1, 0.3, 0.3, 0.3, 0.3]  # the mean of the first two is 0.1

    assert flagged(spc.chart(series, baseline=2), "shift_high") == []


@pytest.mark.parametrize("rules", spc.RULES)
@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ([1, 0, 1], [1, 3]),
        ([0, 1, 1], [2, 3]),
        ([1, 1, 0], [1, 2]),
        ([1, 0, 0, 1, 1], [4, 5]),
        ([1, 0, 0, 1, 0], []),
    ],
)
def test_two_of_three_near_a_limit(rules, near, expected):
    # Mean 0, limits +/- 5.32, inner lines +/- 3.55; a point of 1 lies above the mean.
    series = [1, -1, *(4 if one else 1 for one in near)]

    chart = spc.chart(series, rules, baseline=2)

    assert flagged(chart, "two_of_three_high") == [place + 2 for place in expected]
    mirrored = spc.chart([-value for value in series], rules, baseline=2)
    assert flagged(mirrored, "two_of_three_low") == [place + 2 for place in expected]


@pytest.mark.parametrize("rules", spc.RULES)
def test_alternate_sides_are_never_two_of_three(rules):
    for series in ([4, -4, 4, -4], [4, 4, -1], [4, 0, 4]):
        chart = spc.chart([1, -1, *series], rules, baseline=2)

        assert flagged(chart, "two_of_three_high", "two_of_three_low") == []


def test_last_two_of_sixteen_alternating_are_common():
    series = [(-1) ** n for n in range(14)] + [5.5, -5.5]

    for rules in spc.RULES:
        for screen in (True, False):
            chart = spc.chart(series, rules, screen=screen)

            assert [point.cause for point in chart.points[-2:]] == ["common", "common"]


def test_outside_means_beyond_and_not_on_the_limit():
    on, beyond = [1, -1, 5.32], [1, -1, 5.33]

    assert flagged(spc.chart(on, baseline=2), "above_limit") == []
    assert flagged(spc.chart(beyond, baseline=2), "above_limit") == [3]
    assert flagged(spc.chart([-one for one in beyond], baseline=2), "below_limit") == [3]


@pytest.mark.parametrize(
    ("limits", "up", "down"),
    [
        ((1, 3), "fail", "pass"),
        ((5, 7), "pass", "fail"),
        ((1, 5), "hit_and_miss", "hit_and_miss"),
    ],
)
def test_assurance_of_a_target_of_four(limits, up, down):
    assert spc.assurance(*limits, 4, "up") == up
    assert spc.assurance(*limits, 4, "down") == down
    assert spc.assurance(*limits, 4, None) is None
    assert spc.assurance(*limits, None, "up") is None


# --- The constructed series ----------------------------------------------------------------------


def series(rules, improvement="up"):
    return spc.chart(S5, rules, improvement, baseline=13, screen=False)


@pytest.mark.parametrize(("rules", "near"), [("nhsr", []), ("mdc", [15, 16])])
def test_old_and_new_rules_part(rules, near):
    chart = series(rules)

    assert lines(chart) == pytest.approx((50.076923, 44.756923, 55.396923), abs=1e-6)
    assert (chart.inner_lower, chart.inner_upper) == pytest.approx((46.530256, 53.623590), abs=1e-6)
    assert flagged(chart, "above_limit", "below_limit") == [15]
    assert flagged(chart, "shift_high") == [*range(14, 25)]
    assert flagged(chart, "shift_low") == [*range(25, 32)]
    assert flagged(chart, "trend_down") == [*range(24, 32)]
    assert flagged(chart, "trend_up") == []
    assert flagged(chart, "two_of_three_high", "two_of_three_low") == [*near, 29, 30, 31]


def test_the_label_of_a_point_with_two_meanings():
    """Point 24 is in a high run and in a falling trend."""
    told = {rules: series(rules).points[23] for rules in spc.RULES}

    assert set(told["mdc"].causes) == {"trend_down", "shift_high"}
    assert (told["mdc"].cause, told["mdc"].meaning) == ("shift_high", "improvement")
    assert (told["nhsr"].cause, told["nhsr"].meaning) == ("trend_down", "concern")
    assert series("mdc", "down").points[23].cause == "trend_down"
    assert series("mdc", "down").points[23].meaning == "improvement"
    assert series("mdc", None).points[23].meaning == "special"


def test_the_order_in_which_causes_are_told():
    told = [point.cause for point in series("nhsr").points]

    assert told[13:24] == ["shift_high", "above_limit", *["shift_high"] * 8, "trend_down"]
    assert told[24:] == ["trend_down"] * 7
    assert series("mdc").points[15].cause == "two_of_three_high"


# --- Without lines -------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[], [4]])
def test_too_few_points_have_no_lines(values):
    chart = spc.chart(values)

    assert (chart.mean, chart.reason, len(chart.points)) == (None, spc.TOO_FEW, len(values))


def test_lines_of_fewer_than_thirteen_points_are_not_dependable():
    twelve, thirteen = spc.chart(S1[:12]), spc.chart(S1[:13])

    assert (twelve.dependable, twelve.reason) == (False, spc.SHORT)
    assert (thirteen.dependable, thirteen.reason) == (True, "")
    assert twelve.mean is not None


def test_values_that_never_change_are_common():
    for rules in spc.RULES:
        chart = spc.chart([0.1] * 14, rules)

        assert lines(chart) == (0.1, 0.1, 0.1)
        assert {point.cause for point in chart.points} == {"common"}


def test_values_that_are_no_numbers_are_told():
    assert spc.chart([1, math.nan, 3]).reason == spc.NOT_NUMBERS


def test_other_rules_are_refused():
    with pytest.raises(ValueError, match="mdc or nhsr"):
        spc.chart([1, 2], "western")
