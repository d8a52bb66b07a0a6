import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from observations.tests.statistics.reference import S1, S5


def csv_of(**series):
    rows = [
        f"{name},{number},{value}"
        for name, values in series.items()
        for number, value in enumerate(values, 1)
    ]
    return "\n".join(["series,period,value", *rows]) + "\n"


@pytest.fixture
def spc(tmp_path):
    def run(content, *options, as_json=True):
        path = tmp_path / "series.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        arguments = [str(path), *options, *["--json"] * as_json]
        call_command("spc", *arguments, stdout=out, stderr=StringIO())
        return json.loads(out.getvalue()) if as_json else out.getvalue()

    return run


def test_json_is_one_object_a_row(spc):
    told = spc(csv_of(Upper=S1), "--rules", "nhsr")

    assert len(told) == 20
    assert list(told[0]) == ["series", "period", "value", "mean", "lower", "upper", "cause"]
    assert (told[0]["series"], told[0]["period"], told[0]["value"]) == ("Upper", "1", -0.56047565)
    assert (told[0]["mean"], told[0]["lower"], told[0]["upper"]) == pytest.approx(
        (0.1416238, -3.01138, 3.294627), abs=1e-6
    )
    assert {row["cause"] for row in told} == {"common"}


@pytest.mark.parametrize(
    ("options", "causes"),
    [
        (["--rules", "mdc"], ["above_limit", "two_of_three_high", "shift_high", "trend_down"]),
        (["--rules", "nhsr"], ["above_limit", "shift_high", "trend_down", "trend_down"]),
        (
            ["--rules", "mdc", "--improvement", "down"],
            ["above_limit", "two_of_three_high", "trend_down", "trend_down"],
        ),
    ],
)
def test_causes_by_the_precedence_of_the_rules(spc, options, causes):
    told = spc(csv_of(A=S5), *options, "--baseline", "13")

    assert [told[number - 1]["cause"] for number in (15, 16, 24, 25)] == causes


def test_series_keep_the_order_of_the_file(spc):
    mixed = "series,period,value\nB,Jan,1\nA,Jan,5\nB,Feb,3\nA,Feb,5\nC,Jan,9\n"

    told = spc(mixed)

    assert [(row["series"], row["period"]) for row in told] == [
        *(("B", "Jan"), ("A", "Jan"), ("B", "Feb"), ("A", "Feb"), ("C", "Jan")),
    ]
    assert [row["mean"] for row in told] == [2, 5, 2, 5, None]


def test_text_says_from_how_many_points_limits_are_shown(spc):
    short = spc(csv_of(A=[1, 2, 1]), as_json=False)
    alone = spc(csv_of(A=[1]), as_json=False)
    long = spc(csv_of(A=S1), as_json=False)

    assert "A, 3 points" in short
    assert "limits -1.32667 to 3.99333" in short
    assert "Limits are shown from 13 points on" in short
    assert "Limits need two points or more." in alone
    assert "13 points" not in long


@pytest.mark.parametrize(
    "content",
    [
        "A,Jan,1.5\nA,Feb,2.5\n",
        "Reihe;Monat;Wert\nA;Jan;1,5\nA;Feb;2,5\n",
        "value\tperiod\tseries\n1.5\tJan\tA\n2.5\tFeb\tA\n",
        "series,period,value\nA,Jan,1.5\nA,Feb,2.5\n".encode("utf-8-sig"),
    ],
    ids=["no heading", "other words", "other order", "mark of UTF-8"],
)
def test_one_series_however_it_is_written(spc, content):
    told = spc(content)

    assert [(row["series"], row["period"], row["value"]) for row in told] == [
        *(("A", "Jan", 1.5), ("A", "Feb", 2.5)),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "“series.csv” is empty"),
        ("series,period,value\n", "There are no rows below the heading"),
        ("series,period,value\nA,Jan,low\n", "Row 2, column 3 (value): “low” is not a number."),
        ("A,Jan,low\nA,Feb,2\n", "Row 1, column 3 (value): “low” is not a number."),
        ("series,period,value\nA,Jan,\n", "Row 2, column 3 (value): there is no number."),
        ("series,period,value\nA,Jan,inf\n", "Row 2, column 3 (value): “inf” is not a number."),
        ("series,period,value\nA,Jan,1,5\n", "Row 2 has more columns than the heading."),
        ("A,1\nB,2\n", "Row 1 has fewer than three columns"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "“series.csv” is not a CSV file."),
    ],
)
def test_a_bad_file_gets_a_sentence(spc, content, sentence):
    with pytest.raises(CommandError) as caught:
        spc(content)

    assert str(caught.value).startswith(sentence)


def test_a_baseline_of_one_point_is_refused(spc):
    with pytest.raises(CommandError, match="--baseline needs 2 or more"):
        spc(csv_of(A=S1), "--baseline", "1")
