import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from observations.tests.statistics.reference import R1, R2, R13


def csv_of(rows, *heading, separator=","):
    lines = [separator.join(heading)] if heading else []
    lines += [separator.join("" if one is None else str(one) for one in row) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def agreement(tmp_path):
    """Answers with the JSON, or the text, that the command says of this file."""

    def run(content, *options, as_json=True):
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        call_command("agreement", str(path), *options, *["--json"] * as_json, stdout=out)
        return json.loads(out.getvalue()) if as_json else out.getvalue()

    return run


def test_json_has_every_statistic_unrounded(agreement):
    told = agreement(csv_of(R13, "PCP 1", "PCP 2", "Peer"), "--scale", "0-4")

    assert (told["n"], told["complete"]) == (12, 11)
    assert told["raters"] == ["PCP 1", "PCP 2", "Peer"]
    assert told["scale"] == {"declared": True, "lowest": 0, "highest": 4, "categories": 5}
    assert told["gwet"]["quadratic"]["value"] == pytest.approx(0.903657, abs=1e-6)
    assert told["alpha"]["ordinal"]["value"] == pytest.approx(0.747828, abs=1e-6)
    assert told["icc"]["ICC(2,1)"]["low"] == pytest.approx(0.4038, abs=1e-4)
    assert [pair["raters"] for pair in told["pairs"]] == [
        *(["PCP 1", "PCP 2"], ["PCP 1", "Peer"], ["PCP 2", "Peer"]),
    ]
    with_peer = told["pairs"][1]
    assert with_peer["kappa"]["quadratic"]["value"] == pytest.approx(0.738095, abs=1e-6)
    assert with_peer["limits_of_agreement"]["n"] == 11
    assert told["agreement"]["exact"]["value"] > 0
    assert told["notes"] == []


def test_scale_that_was_not_declared_is_told(agreement):
    told = agreement(csv_of(R2))

    assert told["raters"] == ["Observer 1", "Observer 2", "Observer 3"]
    assert (told["scale"]["lowest"], told["scale"]["highest"]) == (1, 6)
    assert not told["scale"]["declared"]
    assert told["notes"][0].startswith("No scale was declared: 1 to 6 was taken")
    # Nobody of observers 2 and 3 used 5, and distances are those of true values all the same.
    assert told["pairs"][2]["kappa"]["linear"]["value"] == pytest.approx(0.126214, abs=1e-6)


def test_what_cannot_be_estimated_is_null_with_a_reason(agreement):
    told = agreement("A,B\n3,3\n3,3\n", "--scale", "0-4")

    assert told["agreement"]["exact"]["value"] == 1
    for estimate in (told["gwet"]["quadratic"], told["alpha"]["nominal"], told["icc"]["ICC(1,1)"]):
        assert estimate["value"] is None
        assert estimate["reason"].endswith(".")


@pytest.mark.parametrize(
    "content",
    [
        csv_of(R1, "J1", "J2", "J3", "J4"),
        csv_of(R1),
        csv_of(R1, "J1", "J2", "J3", "J4", separator=";"),
        csv_of(R1, "J1", "J2", "J3", "J4", separator="\t"),
        csv_of([(n, *row) for n, row in enumerate(R1, 1)], "subject", "J1", "J2", "J3", "J4"),
        csv_of([(n, *row) for n, row in enumerate(R1, 1)], "", "J1", "J2", "J3", "J4"),
        csv_of([(f"s{n}", *row) for n, row in enumerate(R1, 1)]),
        csv_of([(n, *row) for n, row in enumerate(R1, 1)]),
        csv_of(R1, "J1", "J2", "J3", "J4").encode("utf-8-sig"),
        csv_of(R1, "Zoë", "René", "J3", "J4").encode("cp1252"),
        csv_of(R1, "J1", "J2", "J3", "J4").replace("\n", "\r\n\r\n"),
    ],
    ids=[
        *("heading", "bare", "semicolons", "tabs", "subject", "unnamed", "names", "numbered"),
        *("mark of UTF-8", "Windows-1252", "blank rows"),
    ],
)
def test_one_grid_however_it_is_written(agreement, content):
    told = agreement(content, "--scale", "1-10")

    assert (told["n"], len(told["raters"])) == (6, 4)
    assert told["icc"]["ICC(2,1)"]["value"] == pytest.approx(0.289764, abs=1e-6)


@pytest.mark.parametrize("gap", ["", ".", "NA", "na", " "])
def test_a_cell_without_a_mark(agreement, gap):
    told = agreement(f"A,B\n1,2\n2,{gap}\n3,3\n")

    assert (told["n"], told["complete"]) == (3, 2)


def test_observers_in_step_with_the_rows_are_no_numbers_of_subjects(agreement):
    told = agreement("1,1,2\n2,2,3\n3,3,4\n4,4,5\n5,5,6\n")

    assert len(told["raters"]) == 3


def test_decimals_of_a_semicolon_file(agreement):
    told = agreement("A;B\n1,5;2\n2;2,5\n")

    assert told["pairs"][0]["limits_of_agreement"]["mean"] == -0.5


def test_text_is_for_reading(agreement):
    told = agreement(csv_of(R1, "J1", "J2", "J3", "J4"), "--scale", "1-10", as_json=False)

    assert "6 were rated by 4 observers." in told
    assert "ICC(2,1)  0.2898   0.0188 to 0.7611  6" in told
    assert "J1 less J2: mean +5.1667" in told
    alike = agreement("A,B\n3,3\n3,3\n", as_json=False)
    assert "Not estimable. Every mark is the same" in alike


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", [], "“marks.csv” is empty: there is nothing to work out."),
        ("\n\n", [], "“marks.csv” is empty: there is nothing to work out."),
        ("A,B\n", [], "There are no rows below the heading: there is nothing to work out."),
        (bytes(range(256)) * 4, [], "“marks.csv” is not a CSV file."),
        ("A,B\n1,two\n2,2\n", [], "Row 2, column 2 (B): “two” is not a number."),
        ("A,B\n1,NaN\n", [], "Row 2, column 2 (B): “NaN” is not a number."),
        ("A,B\n1,2\n-inf,2\n", [], "Row 3, column 1 (A): “-inf” is not a number."),
        ("A,B\n1,1e300\n", [], "Row 2, column 2 (B): 1e300 is too large."),
        ("A,B\n1,2,3\n", [], "Row 2 has more columns than the heading."),
        ('A,B\n"1,2\n', [], "“marks.csv” is damaged near row 2: save it as CSV again."),
        (
            "A,B\n1,2\n2,7\n",
            ["--scale", "0-4"],
            "Row 3, column 2 (B): the mark 7 is not on the scale from 0 to 4.",
        ),
        ("A,B\n1,2.5\n", ["--scale", "0-4"], "Row 2, column 2 (B): the mark 2.5 is not on"),
        ("A,B\n1,2\n", ["--scale", "good"], "“good” is not a scale."),
        ("A,B\n1,2\n", ["--scale", "4-0"], "“4-0” is not a scale."),
        (",".join("12345678901" * 8) + "\n", [], "There are 88 columns of marks; 40 observers"),
    ],
)
def test_a_bad_file_gets_a_sentence(agreement, content, options, sentence):
    with pytest.raises(CommandError) as caught:
        agreement(content, *options)

    assert str(caught.value).startswith(sentence)


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("agreement", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="is a folder"):
        call_command("agreement", str(tmp_path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("agreement", "x" * 5000)
