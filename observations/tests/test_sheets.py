"""Sheets: begun, kept as they are written, submitted once; and what they come to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction

from accounts.models import Programme, Role, Team, User
from accounts.services.programmes import create_team
from accounts.tests.factories import person
from observations.models import (
    ClinicSession,
    Comment,
    Consultation,
    InstrumentVersion,
    Observation,
    Observer,
)
from observations.rules.sheets import stamp_of
from observations.services import sheets
from observations.services.refusals import SheetError
from observations.services.sheets import Facts, IncompleteError, Kept, SubmittedError
from observations.tests.factories import clinic, settings_of, version_of
from partners.models import Contribution, Partner
from partners.services import conflicts
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MARKS = (1, 2, 3, 2, 1, 2, 3, 4)


@pytest.fixture
def team(programme: Programme) -> Team:
    return create_team(programme=programme, name="Upper limb", by=None, now=NOW)


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", status="active")


@pytest.fixture
def peer(programme: Programme, team: Team) -> User:
    return person(Role.PEER_OBSERVER, programme, team=team, name="Pat Peer")


@pytest.fixture
def session(team: Team, partner: Partner, peer: User) -> ClinicSession:
    clinician = person(Role.CLINICIAN, team.programme, team=team)
    version = version_of(team.programme)
    return clinic(team, clinician, version, day=TODAY, observers=(partner, peer))


@pytest.fixture
def seat(session: ClinicSession, partner: Partner) -> Observer:
    return session.observers.get(partner=partner)


@pytest.fixture
def other(session: ClinicSession, peer: User) -> Observer:
    return session.observers.get(person=peer)


def by_of(seat: Observer) -> User:
    user = seat.partner.user if seat.partner else seat.person
    assert user is not None
    return user


def stamp(version: InstrumentVersion) -> str:
    return stamp_of(version, version.items.order_by("number"))


def keep(seat: Observer, number: int = 1, edition: int = 0, **facts: Any) -> Kept:
    given = {"decision": "yes", "marks": MARKS, **facts}
    return sheets.keep(
        observer=seat,
        number=number,
        seen_edition=edition,
        version=stamp(seat.session.version),
        facts=Facts(**given),
        by=by_of(seat),
        now=NOW,
    )


def submitted(seat: Observer, number: int = 1, **facts: Any) -> Observation:
    sheet = keep(seat, number, **facts).sheet
    assert sheet is not None
    return sheets.submit(observation=sheet, by=by_of(seat), now=NOW)


# --- Kept ----------------------------------------------------------------------------------------


def test_first_words_begin_a_sheet_and_put_the_instrument_in_use(seat: Observer) -> None:
    kept = keep(seat, 3, decision="", marks=(1, *[None] * 7), worked="  Time\r\nto think ")

    sheet = kept.sheet
    assert sheet is not None
    assert (sheet.edition, sheet.marks[:2], sheet.worked) == (1, [1, None], "Time\nto think")
    assert Consultation.objects.get().number == 3
    assert sheet.history.count() == 1
    assert InstrumentVersion.objects.get(pk=sheet.version_id).status == "sealed"
    assert ClinicSession.objects.get().status == "agreed"


def test_nothing_said_begins_nothing(seat: Observer) -> None:
    assert keep(seat, decision="", marks=[None] * 8).sheet is None
    assert not Consultation.objects.exists()


def test_what_was_written_on_an_older_edition_is_not_kept(seat: Observer) -> None:
    keep(seat)
    keep(seat, edition=1, worked="From the desk")

    late = keep(seat, edition=1, worked="From the phone")

    assert late.behind
    assert late.sheet is not None
    assert late.sheet.worked == "From the desk"
    assert Observation.objects.get().worked == "From the desk"


def test_the_same_words_sent_twice_are_kept_once(seat: Observer) -> None:
    keep(seat)

    again = keep(seat)

    assert not again.behind
    assert again.sheet is not None
    assert again.sheet.edition == 1


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"marks": (1, 2, 3, 2, 1, 2, 3, 5)}, "item_8", "Choose a mark from 0 to 4."),
        ({"marks": (-1, 2, 3, 2, 1, 2, 3, 4)}, "item_1", "Choose a mark from 0 to 4."),
        ({"marks": (1, 2, 3)}, "", "questions of this clinic"),
        ({"decision": "maybe"}, "decision", "Choose one"),
        ({"worked": "Ring 07700 900101"}, "worked", "looks like a phone number"),
        ({"to_try": "ann@example.org"}, "to_try", "looks like an e-mail address"),
        ({"worked": "943 476 5919"}, "worked", "looks like an NHS number"),
        ({"to_try": "born 3 March 1950"}, "to_try", "looks like a date of birth"),
        ({"worked": "a" * 1001}, "worked", "Shorten this to 1,000 characters; it has 1,001."),
        ({"worked": "a\0b"}, "worked", "a character here that cannot be kept"),
    ],
)
def test_what_cannot_be_kept_is_told(
    seat: Observer, facts: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(SheetError, match=said) as refused:
        keep(seat, **facts)

    assert refused.value.field == field
    assert not Observation.objects.exists()


def test_questions_that_changed_meanwhile_are_told(seat: Observer) -> None:
    old = stamp(seat.session.version)
    seat.session.version.items.filter(number=2).update(text="Another question")

    with pytest.raises(sheets.VersionChangedError, match="still here"):
        sheets.keep(
            observer=seat,
            number=1,
            seen_edition=0,
            version=old,
            facts=Facts("yes", MARKS),
            by=by_of(seat),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ended_at": NOW}, "taken back"),
        ({"answer": "invited"}, "Say first that you are coming"),
        ({"session.status": "asked"}, "has not agreed"),
        ({"session.status": "cancelled"}, "is off"),
        ({"session.day": TODAY + timedelta(days=1)}, "Sheets open on that day"),
    ],
)
def test_who_is_not_at_a_clinic_rates_nothing(
    seat: Observer, changes: dict[str, Any], said: str
) -> None:
    for name, value in changes.items():
        row = seat.session if name.startswith("session.") else seat
        setattr(row, name.removeprefix("session."), value)
        row.save()

    with pytest.raises(SheetError, match=said):
        keep(seat)


def test_a_conflict_declared_meanwhile_is_found_and_not_named(seat: Observer) -> None:
    conflicts.declare(
        programme=seat.session.programme,
        partner=seat.partner,
        with_person=seat.session.clinician,
        by=by_of(seat),
        now=NOW,
    )

    with pytest.raises(SheetError, match="Please ring your coordinator"):
        keep(seat)


def test_nobody_writes_on_the_sheet_of_another(seat: Observer, peer: User) -> None:
    with pytest.raises(SheetError, match="the observer themselves"):
        sheets.begin(observer=seat, number=1, by=peer, now=NOW)


def test_a_consultation_has_one_sheet_of_each_observer(seat: Observer) -> None:
    first = sheets.begin(observer=seat, number=1, by=by_of(seat), now=NOW)

    assert sheets.begin(observer=seat, number=1, by=by_of(seat), now=NOW) == first
    with pytest.raises(SheetError, match="between 1 and 60"):
        sheets.begin(observer=seat, number=61, by=by_of(seat), now=NOW)


# --- Submitted -----------------------------------------------------------------------------------


def test_a_partners_sheet_is_a_contribution(seat: Observer) -> None:
    settings_of(seat.session.programme, minutes=40)

    sheet = submitted(seat, worked="Time to think", to_try="Ask first")

    sheet.refresh_from_db()
    work = Contribution.objects.get()
    assert (sheet.status, sheet.minutes, sheet.contribution) == ("submitted", 40, work)
    assert (work.kind, work.minutes, work.happened_on) == ("observation", 40, TODAY)
    assert work.title == "Observed a clinic of the upper limb team"
    assert work.source_path == f"/observing/clinics/{seat.session_id}/"
    assert ClinicSession.objects.get().status == "held"
    comments = Comment.objects.values_list("kind", "text", "status")
    assert set(comments) == {
        ("worked", "Time to think", "waiting"),
        ("to_try", "Ask first", "waiting"),
    }


def test_a_peers_sheet_is_no_contribution(other: Observer) -> None:
    assert submitted(other).contribution is None
    assert not Contribution.objects.exists()


def test_without_a_decision_nothing_is_rated(seat: Observer) -> None:
    sheet = submitted(seat, decision="no")

    assert sheet.marks == [None] * 8


def test_missing_answers_are_named(seat: Observer) -> None:
    sheet = keep(seat, marks=(1, None, 3, 2, 1, 2, None, 4)).sheet
    assert sheet is not None

    with pytest.raises(IncompleteError, match="Consultation 1 has 2 unanswered") as refused:
        sheets.submit(observation=sheet, by=by_of(seat), now=NOW)

    assert refused.value.missing == ["item_2", "item_7"]
    assert not Contribution.objects.exists()


def test_what_is_submitted_stands(seat: Observer) -> None:
    sheet = submitted(seat)

    with pytest.raises(SubmittedError, match="What is submitted stands"):
        keep(seat, edition=1, worked="More")
    with pytest.raises(SubmittedError, match="What is submitted stands"):
        sheets.submit(observation=sheet, by=by_of(seat), now=NOW)
    with pytest.raises(InternalError), transaction.atomic():
        Observation.objects.filter(pk=sheet.pk).update(marks=[0] * 8)
    assert Contribution.objects.count() == 1


def test_a_sheet_that_changed_after_it_was_looked_at_is_not_submitted(seat: Observer) -> None:
    sheet = keep(seat).sheet
    assert sheet is not None

    with pytest.raises(SheetError, match="changed after you opened"):
        sheets.submit(observation=sheet, by=by_of(seat), now=NOW, seen_edition=0)


def test_all_sheets_of_a_clinic_are_submitted_or_none(seat: Observer) -> None:
    for number in (1, 2):
        keep(seat, number)
    keep(seat, 3, decision="")

    with pytest.raises(IncompleteError):
        _submit_all(seat, {1: 1, 2: 1, 3: 1})
    assert not Contribution.objects.exists()
    with pytest.raises(SheetError, match="no sheet to submit"):
        _submit_all(seat, {1: 1, 9: 1})
    done = _submit_all(seat, {1: 1, 2: 1})

    assert [sheet.minutes for sheet in done] == [25, 25]
    assert Contribution.objects.count() == 2


def _submit_all(seat: Observer, editions: dict[int, int]) -> list[Observation]:
    return sheets.submit_all(observer=seat, editions=editions, by=by_of(seat), now=NOW, minutes=25)


@pytest.mark.parametrize("minutes", [0, 481])
def test_minutes_are_those_of_a_day(seat: Observer, minutes: int) -> None:
    sheet = keep(seat).sheet
    assert sheet is not None

    with pytest.raises(SheetError, match="between 1 minute and 8 hours"):
        sheets.submit(observation=sheet, by=by_of(seat), now=NOW, minutes=minutes)


def test_of_a_fellow_only_what_is_submitted_is_known(seat: Observer, other: Observer) -> None:
    keep(other, 1)
    submitted(other, 2)

    (fellow,) = sheets.fellows(seat)

    assert (fellow.name, fellow.is_partner, set(fellow.submitted)) == ("Pat Peer", False, {2})


@pytest.mark.parametrize("rows", [1, 3])
def test_fellows_are_found_in_two_queries(
    seat: Observer, other: Observer, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, rows + 1):
        submitted(other, number)

    with django_assert_num_queries(2, connection=connection):
        sheets.fellows(seat)
