"""Bringing the paper sheets of a clinic in: the sample, twice, in parts, and with its faults."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Programme, RoleGrant, Team, User
from accounts.tests.factories import ProgrammeFactory
from observations.models import (
    ClinicSession,
    ClinicSessionHistory,
    Comment,
    Consultation,
    InstrumentVersion,
    Observation,
    ObservationHistory,
    Observer,
    Tally,
)
from observations.services import tallies
from observations.services.instruments import seed
from partners.models import Contribution, Partner

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "data" / "observations-upper-limb.csv"
SHEETS, FAULTS = 192, 4


@pytest.fixture
def programme(now: datetime) -> Programme:
    made = ProgrammeFactory(slug="north")
    seed(programme=made, by=None, now=now)
    return made


def bring_in(path: Path, *options: str) -> dict[str, Any]:
    """What the command says as JSON; raises CommandError as it does."""
    out = StringIO()
    call_command("import_observations", str(path), "--json", *options, stdout=out, stderr=out)
    return json.loads(next(line for line in out.getvalue().splitlines() if line[:1] == "{"))


def refused(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    told = [one for one in answer["told"] if one["what"] == "refused"]
    return [(one["row"], one["column"], one["reason"]) for one in told]


def test_import_of_the_sample_tells_its_four_faults_and_writes_nothing(
    programme: Programme, now: datetime
) -> None:
    out = StringIO()

    with pytest.raises(CommandError, match="4 rows are refused, so nothing was brought in"):
        call_command("import_observations", str(SAMPLE), "--create-people", stdout=out)

    said = out.getvalue()
    assert "row 7, column J (Q3): Q3 has no mark." in said
    assert "row 13, column I (Q2): Q2 is 7: marks go from 0 to 4." in said
    assert "row 19, column Q (One thing to try): “07700 900555” looks like a phone number" in said
    assert "row 25, column A (Date): There is no 31/02/2019" in said
    assert "Nothing was brought in. Already there: 0. Refused: 4." in said
    assert not Observation.objects.exists()
    assert not ClinicSession.objects.exists()
    assert not Partner.objects.exists()
    assert not User.objects.exists()
    assert not InstrumentVersion.objects.filter(status="sealed").exists()


def test_import_in_part_brings_the_good_rows_in_with_their_people(
    programme: Programme, now: datetime
) -> None:
    answer = bring_in(SAMPLE, "--create-people", "--partial")

    assert (answer["imported"], answer["refused"]) == (SHEETS, FAULTS)
    assert Observation.objects.filter(status="submitted").count() == SHEETS
    assert list(Partner.objects.values_list("name", "user")) == [("Mo Okafor", None)]
    assert set(User.objects.values_list("name", "email")) == {
        ("T. Brandt", None),
        ("Dr A. Mensah", None),
        ("K. Lindqvist (physio)", None),
        ("R. Osei-Bonsu", None),
        ("F. Marchetti (APP)", None),
    }
    roles = RoleGrant.objects.filter(team__name="Upper limb").values_list("user__name", "role")
    assert ("T. Brandt", "peer_observer") in roles
    assert ("Dr A. Mensah", "clinician") in roles
    assert [team.name for team in Team.objects.all()] == ["Upper limb"]
    assert set(ClinicSession.objects.values_list("status", flat=True)) == {"held"}
    whys = {"Imported from observations-upper-limb.csv"}
    assert set(ObservationHistory.objects.values_list("why", flat=True)) == whys
    assert set(ClinicSessionHistory.objects.values_list("why", flat=True)) == whys
    assert ObservationHistory.objects.count() == SHEETS
    assert set(Comment.objects.values_list("status", flat=True)) == {"waiting"}
    assert Comment.objects.count() == Observation.objects.exclude(worked="").count()
    assert not Contribution.objects.exists()
    first = Observation.objects.order_by("pk").first()
    assert first is not None
    assert (first.marks, first.decision) == ([2, 1, 3, 3, 3, 2, 3, 2], "yes")
    assert Tally.objects.exists()
    assert tallies.check(programme) == []


def test_import_again_finds_everything_there(programme: Programme, now: datetime) -> None:
    bring_in(SAMPLE, "--create-people", "--partial")
    before = [model.objects.count() for model in (ClinicSession, Observer, Consultation, Comment)]

    answer = bring_in(SAMPLE, "--partial", "--dry-run")
    with pytest.raises(CommandError, match="4 rows are refused and none is new"):
        bring_in(SAMPLE, "--partial")

    assert (answer["already"], answer["refused"], answer["good"]) == (SHEETS, FAULTS, 0)
    assert before == [
        model.objects.count() for model in (ClinicSession, Observer, Consultation, Comment)
    ]


def test_import_on_trial_says_what_would_happen(programme: Programme, now: datetime) -> None:
    out = StringIO()

    call_command(
        "import_observations", str(SAMPLE), "--dry-run", "--create-people", stdout=out, stderr=out
    )

    assert "Partners would be made: Mo Okafor." in out.getvalue()
    assert f"{SHEETS} sheets of Deciding Together, version 1 could be brought in" in out.getvalue()
    assert not Observation.objects.exists()
    assert not Partner.objects.exists()


def test_import_without_making_people_tells_who_is_not_known(
    programme: Programme, now: datetime
) -> None:
    answer = bring_in(SAMPLE, "--dry-run")

    assert answer["refused"] == SHEETS + FAULTS
    assert {"Upper limb", "Mo Okafor", "T. Brandt", "Dr A. Mensah"} <= set(answer["unknown"])
    sentences = {reason for _, _, reason in refused(answer)}
    assert any(one.startswith("No partner is called “Mo Okafor”.") for one in sentences)
    assert any(one.startswith("No peer is called “T. Brandt”.") for one in sentences)
    assert any(one.startswith("There is no team “Upper limb”.") for one in sentences)


def test_import_of_contributions_only_when_asked(programme: Programme, now: datetime) -> None:
    answer = bring_in(SAMPLE, "--create-people", "--partial", "--contributions")

    mine = Observation.objects.filter(observer__partner__isnull=False)
    assert answer["contributions"] == mine.count() == Contribution.objects.count()
    assert not mine.filter(contribution__isnull=True).exists()
    assert set(Contribution.objects.values_list("kind", "minutes")) == {("observation", 30)}
