"""`manage.py import_register`: one line of JSON, then the reasons."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import Partner
from partners.tests.workbooks import SAMPLE

pytestmark = pytest.mark.django_db


def test_the_command_prints_one_line_of_json_and_the_reasons(
    programme: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_register", str(SAMPLE))

    out, err = capsys.readouterr()
    first, *others = out.splitlines()
    assert json.loads(first) == {
        "created": 9,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
        "ignored": 2,
        "dry_run": False,
        "sheet": "PCP register",
        "unmapped": [],
    }
    assert [line[:16] for line in others] == ["row 14, column C", "row 16, column A"]
    assert err == ""


def test_the_command_maps_and_tries_out(
    programme: Programme, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ProgrammeFactory(slug="other")
    file = tmp_path / "theirs.csv"
    file.write_text("Who = what,Reach\nAnn,ann@example.org\n")
    said = ["--map", "Who = what=Name", "--map", "Reach=E-mail", "--programme", programme.slug]

    call_command("import_register", str(file), *said, "--dry-run")

    answer = json.loads(capsys.readouterr().out)
    assert (answer["created"], answer["dry_run"]) == (1, True)
    assert not Partner.objects.exists()


def test_dry_run_says_what_would_change_and_nothing_confidential(
    programme: Programme, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    head = "Name,E-mail,Phone,Access needs,Jewels,MDTs,Payment"
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(f"{head}\nAnn Lee,a@example.org,07700 900101,Ramp,,,Yes\n")
    new.write_text(
        f"{head}\nAnn Lee,a@example.org,07700 900102,Signer,My stroke,Pain;Hips,Donates\n"
    )
    call_command("import_register", str(old))
    capsys.readouterr()

    call_command("import_register", str(new), "--dry-run")

    out = capsys.readouterr().out
    assert out.splitlines()[1:] == [
        "row 2, Ann Lee: “Telephone” changes from “07700 900101” to “07700 900102”",
        "row 2, Ann Lee: “Access and communication needs” changes",
        "row 2, Ann Lee: “Payment” changes from “Take it” to “Give it away”",
        "row 2, Ann Lee: “Expertise from being a patient or carer” changes",
        "row 2, Ann Lee: “MDTs” gets “Pain; Hips”",
    ]
    assert not [word for word in ("Ramp", "Signer", "stroke") if word in out]
    assert Partner.objects.get().phone == "07700 900101"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.xlsx"], "cannot be opened"),
        (["."], "cannot be opened"),
        ([str(SAMPLE), "--sheet", "Elsewhere"], "There is no sheet “Elsewhere”"),
        ([str(SAMPLE), "--map", "Name=nonsense"], "no field called “nonsense”"),
        ([str(SAMPLE), "--map", "Name"], "does not say what a column is"),
        ([str(SAMPLE), "--programme", "elsewhere"], "There is no programme “elsewhere”"),
    ],
)
def test_the_command_refuses_with_one_sentence(
    programme: Programme,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_register", *arguments)

    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert not Partner.objects.exists()


def test_the_command_asks_which_programme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_register", str(SAMPLE))
    assert "There is no programme yet" in capsys.readouterr().err
    ProgrammeFactory(slug="one")
    ProgrammeFactory(slug="two")

    with pytest.raises(SystemExit):
        call_command("import_register", str(SAMPLE))

    assert "The programmes are: one, two." in capsys.readouterr().err
