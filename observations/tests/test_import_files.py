"""Files of sheets as people and spreadsheets write them, odd and hostile ones among them."""

import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme, Team, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from observations.models import ClinicSession, Comment, InstrumentVersion, Observation
from observations.services.sheet_import_names import name_key
from observations.services.sheet_import_rows import read_day
from observations.tests.factories import clinic, sheet, version_of
from partners.models import Partner
from partners.services.conflicts import declare
from partners.services.register import add_partner
from partners.services.register_fields import CellError

pytestmark = pytest.mark.django_db
HEAD = "Date,Team,Clinician,Session,Consultation no,Observer,Observer type,Q1,Q2,What worked"
ROW = "14/05/2019,Upper limb,Dr Ada Mensah,PM,1,Mo Okafor,PCP,2,3,Gave time"

SHUFFLED = (
    "Q 2,ITEM 1,observer,Half-day,No.,role,CLINICIAN,team,date\n"
    '3,2,MO OKAFOR,afternoon,1,patient partner,"Mensah, Ada (APP)",UPPER LIMB,2019-05-14\n'
)
SYNONYMS = (
    "Date,Team,Clinician,Clinic,No.,Observer,Type,Item 1,Item 2,Signature\n"
    "Tue 14 May 2019,Upper limb team,Prof. A. Mensah,p.m.,1.0,mohammed okafor,ppi,2.0,3,MO\n"
)


@pytest.fixture
def programme(now: datetime) -> Programme:
    """A team with a clinician, a peer and two partners, and an instrument with two items."""
    made = ProgrammeFactory(slug="north", partner_term_short="PPI")
    team = TeamFactory(programme=made, name="Upper limb")
    person("clinician", made, team=team, name="Ada Mensah")
    person("peer_observer", made, team=team, name="Thomas Brandt")
    add_partner(programme=made, name="Mohammed Okafor", known_as="Mo", by=None, now=now)
    add_partner(programme=made, name="Zoë Núñez", by=None, now=now)
    version_of(made, items=2)
    return made


def bring(tmp_path: Path, text: str | bytes, *options: str) -> dict[str, Any]:
    """What a trial of the command says of a file with this text, as JSON."""
    path = tmp_path / "sheets.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("import_observations", str(path), "--json", *options, stdout=out, stderr=out)
    return json.loads(next(line for line in out.getvalue().splitlines() if line[:1] == "{"))


def reasons(answer: dict[str, Any]) -> list[str]:
    return [one["reason"] for one in answer["told"] if one["what"] == "refused"]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{ROW}\n",
        f"\ufeff{HEAD}\r\n{ROW}\r\n\r\n,,,,,,,,,\r\n",
        f"{HEAD}\n{ROW}\n".replace(",", ";"),
        f"{HEAD}\n{ROW}\n".replace(",", "\t"),
        f"{HEAD}\n{ROW}\n".encode("utf-16"),
        f"Sheets of 2019\n\n{HEAD}\n{ROW}\nTotal,,,,,,,2,3,\n{HEAD}\nMean,,,,1,,,2.0,3.0,\n",
        SHUFFLED,
        SYNONYMS,
        f"{HEAD}\n{ROW}\n".replace("14/05/2019", "14/5/19").replace("Mo Okafor", "Mo"),
    ],
    ids=["plain", "bom", "semicolons", "tabs", "utf16", "noise", "shuffled", "synonyms", "short"],
)
def test_import_reads_one_sheet_however_it_is_written(
    programme: Programme, tmp_path: Path, text: str | bytes
) -> None:
    answer = bring(tmp_path, text)

    assert (reasons(answer), answer["imported"]) == ([], 1)
    session = ClinicSession.objects.get()
    assert (session.day, session.half, session.status) == (date(2019, 5, 14), "pm", "held")
    assert session.clinician.name == "Ada Mensah"
    only = Observation.objects.get()
    assert (only.marks, only.consultation.number) == ([2, 3], 1)
    assert str(only.observer) == "Mohammed Okafor"


def test_import_reads_windows_1252_and_keeps_what_looks_like_a_formula(
    programme: Programme, tmp_path: Path
) -> None:
    row = ROW.replace("Mo Okafor", "Zoë Núñez").replace("Gave time", "=1+1 – café")

    answer = bring(tmp_path, f"{HEAD}\n{row}\n".encode("cp1252"))

    assert answer["imported"] == 1
    assert Comment.objects.get().text == "=1+1 – café"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("14/05/2019", "05/14/2019", "There is no 05/14/2019"),
        ("14/05/2019", "01/01/2031", "still to come"),
        ("14/05/2019", "spring", "is not a date"),
        ("PM", "lunch", "is no half-day"),
        (",1,Mo", ",61,Mo", "between 1 and 60"),
        (",2,3,", ",2,,", "Q2 has no mark."),
        (",2,3,", ",2,9,", "Q2 is 9: marks go from 0 to 4."),
        (",2,3,", ",2,2.5,", "a mark is a whole number"),
        (",2,3,", ",=2,3,", "a mark is a whole number"),
        ("PCP", "robot", "is no type of observer"),
        ("Mo Okafor", "=HYPERLINK(1)", "is not a name"),
        ("Mo Okafor", "Nobody Known", "No partner is called “Nobody Known”"),
        ("Mo Okafor", "Thomas Brandt", "A peer has that name: check the type."),
        ("Gave time", "Ring 07700 900555", "looks like a phone number"),
        ("Gave time", "mail a@b.example.org", "looks like an e-mail address"),
        ("Gave time", "NHS 943 476 5919", "looks like an NHS number"),
        ("Gave time", "born 02/03/1960", "looks like a date of birth"),
        ("Gave time", "a" * 10_000, "has 10,000 characters. Shorten it to 1,000."),
        ("Gave time", "Gave time, much", "This row has 11 columns and the headings have 10."),
    ],
)
def test_import_refuses_a_row_with_its_reason_and_no_other(
    programme: Programme, tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    good = ROW.replace(",1,Mo", ",2,Mo")

    answer = bring(tmp_path, f"{HEAD}\n{ROW.replace(was, becomes, 1)}\n{good}\n", "--partial")

    (reason,) = reasons(answer)
    assert said in reason
    assert answer["imported"] == 1
    assert Observation.objects.get().consultation.number == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04rest", "This is a workbook"),
        (f"{HEAD}\n{ROW}\0\n".encode(), "not a file of text"),
        (bytes(range(256)) * 40, "not a file of text"),
        (b"hello\nworld\n", "No row of headings"),
        (HEAD.replace("Session,", "").encode(), "no column for “Session”"),
        (HEAD.replace("Q2", "Q3").encode(), "Number them from Q1 on"),
        (HEAD.replace("Q2", "Q1").encode(), "two columns for item 1"),
        (HEAD.replace("Q2", "Q2,Q3").encode(), "No instrument with 3 items"),
        (HEAD.encode(), "no sheets beneath"),
    ],
)
def test_import_refuses_a_file_that_cannot_be_used(
    programme: Programme, tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        bring(tmp_path, content)


def test_import_refuses_a_folder_and_what_is_not_there(
    programme: Programme, tmp_path: Path
) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(CommandError, match="cannot be opened"):
            call_command("import_observations", str(path))


def test_import_tells_a_quotation_mark_that_swallows_rows(
    programme: Programme, tmp_path: Path
) -> None:
    swallowing = ROW.replace("Gave", '"Gave')
    others = "\n".join(ROW.replace(",1,Mo", f",{n},Mo") for n in (3, 4))

    answer = bring(tmp_path, f"{HEAD}\n{ROW}\n{swallowing}\n{others}\n", "--partial")

    assert answer["imported"] == 1
    assert "A quotation mark opens here and is not closed" in reasons(answer)[0]


def test_import_lets_marks_be_empty_where_there_was_no_decision(
    programme: Programme, tmp_path: Path
) -> None:
    head, row = f"{HEAD},Index decision", ROW.replace(",2,3,", ",,,")

    answer = bring(tmp_path, f"{head}\n{row},No\n")

    only = Observation.objects.get()
    assert (answer["imported"], only.marks, only.decision) == (1, [None, None], "no")


def test_import_tells_repeats_and_what_differs(programme: Programme, tmp_path: Path) -> None:
    other = ROW.replace(",2,3,", ",2,4,")
    bring(tmp_path, f"{HEAD}\n{ROW}\n")

    answer = bring(
        tmp_path, f"{HEAD}\n{ROW}\n{ROW}\n{other}\n{other.replace(',1,Mo', ',2,Mo')}\n", "--dry-run"
    )

    assert (answer["already"], answer["refused"], answer["good"]) == (2, 1, 1)
    assert "row 2 already, and differently" in reasons(answer)[0]


def test_import_asks_which_name_and_keeps_those_apart_who_are_not_to_meet(
    programme: Programme, tmp_path: Path, now: datetime
) -> None:
    person("peer_observer", programme, name="Tina Brandt")
    partner, clinician = Partner.objects.get(known_as="Mo"), User.objects.get(name="Ada Mensah")
    by = person("coordinator", programme)
    declare(programme=programme, partner=partner, with_person=clinician, by=by, now=now)
    peer = ROW.replace("Mo Okafor,PCP", "T. Brandt,Peer clinician")

    answer = bring(tmp_path, f"{HEAD}\n{ROW}\n{peer}\n", "--dry-run")

    apart, unclear = reasons(answer)
    assert apart == "Mohammed Okafor is not to work with this clinician or this team."
    assert (
        unclear == "“T. Brandt” may be Thomas Brandt, Tina Brandt. Write the full name of the peer."
    )


def test_import_leaves_planned_clinics_and_begun_sheets_to_their_people(
    programme: Programme, tmp_path: Path, now: datetime
) -> None:
    team, clinician = Team.objects.get(), User.objects.get(name="Ada Mensah")
    version, partner = InstrumentVersion.objects.get(), Partner.objects.get(known_as="Mo")
    day = date(2019, 5, 14)
    asked = clinic(team, clinician, version, day=day, half="am", status="asked")
    agreed = clinic(team, clinician, version, day=day, half="pm", observers=[partner])
    sheet(agreed.observers.get(), 2, submitted=False)

    answer = bring(
        tmp_path,
        f"{HEAD}\n{ROW}\n{ROW.replace('PM', 'AM')}\n{ROW.replace(',1,Mo', ',2,Mo')}\n",
        "--partial",
    )

    said = sorted(reasons(answer))
    assert "the clinician has not agreed to it yet" in said[0]
    assert "has begun a sheet of this consultation" in said[1]
    asked.refresh_from_db()
    agreed.refresh_from_db()
    assert (asked.status, agreed.status) == ("asked", "held")


def test_import_names_the_version_and_the_programme(programme: Programme, tmp_path: Path) -> None:
    version = InstrumentVersion.objects.select_related("instrument").get()
    named = f"{version.instrument.name}, 1"
    version_of(programme, items=2)

    with pytest.raises(CommandError, match="Say which with --version"):
        bring(tmp_path, f"{HEAD}\n{ROW}\n")
    assert bring(tmp_path, f"{HEAD}\n{ROW}\n", "--version", named)["imported"] == 1
    ProgrammeFactory(slug="south")
    with pytest.raises(CommandError, match="Say which programme with --programme"):
        bring(tmp_path, f"{HEAD}\n{ROW}\n")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Dr A. Mensah", "a mensah"),
        ("K. Lindqvist (physio)", "k lindqvist"),
        ("R. Osei-Bonsu", "r osei bonsu"),
        ("O’Brien, Siân", "sian obrien"),
        ("PROF. Zoë  NÚÑEZ", "zoe nunez"),
    ],
)
def test_name_key_leaves_titles_roles_and_accents_out(text: str, key: str) -> None:
    assert name_key(text) == key


def test_read_day_never_takes_the_month_first() -> None:
    today = date(2026, 11, 22)

    assert read_day("04/06/2019", today) == date(2019, 6, 4)
    assert read_day("4-Jun-19", today) == date(2019, 6, 4)
    assert read_day("2019-06-04 00:00:00", today) == date(2019, 6, 4)
    with pytest.raises(CellError, match="There is no 29/02/2019"):
        read_day("29/02/2019", today)


def test_partners_are_locked_before_clinics_and_clinics_before_they_are_checked(
    programme: Programme, tmp_path: Path
) -> None:
    bring(tmp_path, f"{HEAD}\n{ROW}\n")  # the clinic is there, with a sheet
    another = ROW.replace(",1,Mo", ",2,Mo")

    with CaptureQueriesContext(connection) as asked:
        answer = bring(tmp_path, f"{HEAD}\n{another}\n", "--contributions")

    assert (answer["imported"], answer["contributions"]) == (1, 1)
    said = [one["sql"] for one in asked]
    partners, clinics, checked, written = (
        next(place for place, sql in enumerate(said) if all(word in sql for word in words))
        for words in (
            ("partners_partner", "FOR NO KEY UPDATE"),
            ("observations_clinicsession", "FOR UPDATE"),
            ("DELETE FROM paper_sheet p USING observations_clinicsession",),
            ("INSERT INTO observations_consultation",),
        )
    )
    assert partners < clinics < checked < written
