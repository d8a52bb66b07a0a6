"""Charts: what is drawn stands where its number says, and no words cover others."""

import re
from itertools import combinations, pairwise

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from nhsuk import charts
from nhsuk.charts import Mark, MarkLine, XmrPoint

EVIL = '<script>alert("x")</script>'
SIDES = [("partner", "Partners"), ("peer", "Peers"), ("self", "You")]


def draw(source: str, **context: object) -> str:
    return Template("{% load charts %}" + source).render(Context(context))


def line(*values: float) -> MarkLine:
    return MarkLine(
        "An item", [Mark(*side, value) for side, value in zip(SIDES, values, strict=False)]
    )


def points(*values: float) -> list[XmrPoint]:
    return [XmrPoint(f"Month {n}", f"M{n}", value) for n, value in enumerate(values)]


def test_marks_stand_where_their_numbers_say() -> None:
    drawing = charts.marks([line(0, 2, 4)], 0, 4)

    partner, peer, own = drawing.lines[0].marks
    assert (partner.x, own.x) == (drawing.left, drawing.right)
    assert peer.x == (drawing.left + drawing.right) / 2
    assert [one.shape for one in (partner, peer, own)] == ["circle", "diamond", "square"]


@given(st.lists(st.floats(0, 4), min_size=1, max_size=3))
def test_no_mark_covers_another_and_no_words_do(values: list[float]) -> None:
    drawing = charts.marks([line(*values)], 0, 4)

    for a, b in combinations(drawing.lines[0].marks, 2):
        assert abs(a.x - b.x) >= 13 or abs(a.y - b.y) >= 13
        wide = (len(a.text) + len(b.text)) / 2 * 13 * 0.5
        assert abs(a.text_x - b.text_x) >= wide


@given(st.lists(st.floats(-50, 500), min_size=1, max_size=40))
def test_points_of_a_chart_stay_within_it(values: list[float]) -> None:
    for size in ("phone", "desk"):
        drawing = charts.xmr(points(*values), lowest=0, highest=100, size=size)

        assert all(drawing.left <= one.x <= drawing.right for one in drawing.points)
        assert all(0 < one.y <= drawing.base for one in drawing.points)


def test_words_of_limits_stand_one_beneath_the_other() -> None:
    drawing = charts.xmr(points(5, 5), lowest=0, highest=100, mean=5, lower=4, upper=6)

    ys = [level.label_y for level in drawing.levels]
    assert all(after - before >= 15 for before, after in pairwise(ys))


def test_special_points_differ_in_shape_and_are_told_in_words() -> None:
    special = [
        XmrPoint("May 2026", "May 26", 90, "improvement", "above the limit"),
        XmrPoint("June 2026", "Jun 26", 5, "concern", "below the limit"),
    ]

    html = draw("{% chart_xmr 't' 'w' points %}", points=[*points(40, 50), *special])

    shapes = {one.shape for one in charts.xmr(special, lowest=0, highest=100).points}
    assert shapes == {"up", "down"}
    assert re.search(r"<strong>May 2026</strong>: above the limit, for the better", html)
    assert re.search(r"<strong>June 2026</strong>: below the limit, worth a look", html)


def test_sparkline_needs_two_values() -> None:
    assert charts.spark([5], lowest=0, highest=100) is None
    assert charts.spark([5, 10], lowest=0, highest=100) is not None


@pytest.mark.parametrize(
    "source",
    [
        "{% chart_marks evil evil lines 0 4 %}",
        "{% chart_xmr evil evil points %}",
        "{% chart_spark evil values %}",
    ],
)
def test_charts_escape_words_and_carry_no_style(source: str) -> None:
    html = draw(
        source,
        evil=EVIL,
        lines=[MarkLine(EVIL, [Mark("partner", EVIL, 2)], EVIL)],
        points=[XmrPoint(EVIL, EVIL, 4, "special", EVIL)],
        values=[1, 2],
    )

    assert "<script" not in html
    assert "style=" not in html
    assert 'role="img" aria-labelledby=' in html
    assert "<title id=" in html


def test_two_charts_of_a_page_have_ids_of_their_own() -> None:
    html = draw("{% chart_spark 'a' v %}{% chart_spark 'b' v %}", v=[1, 2])

    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 2
