"""The pages of sheets, as observers meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import person
from observations.models import Consensus, Observation, Observer
from observations.services import sheet_keys, sheets
from observations.tests import test_sheets
from observations.tests.factories import clinic, version_of
from observations.tests.test_sheets import MARKS, keep, stamp, submitted
from partners.models import Contribution

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]

partner = test_sheets.partner
peer = test_sheets.peer
team = test_sheets.team
other = test_sheets.other
AUTOSAVE = {"X-Autosave": "yes"}


@pytest.fixture
def session(team: Any, partner: Any, peer: Any) -> Any:
    """A clinic of long ago: these pages ask for today's date themselves."""
    clinician = person(Role.CLINICIAN, team.programme, team=team)
    version = version_of(team.programme)
    return clinic(team, clinician, version, observers=(partner, peer))


@pytest.fixture
def seat(session: Any, partner: Any) -> Observer:
    seat: Observer = session.observers.get(partner=partner)
    return seat


@pytest.fixture
def mo(seat: Observer, client_for: SignIn) -> Client:
    return client_for(test_sheets.by_of(seat))


@pytest.fixture
def pat(other: Observer, client_for: SignIn) -> Client:
    return client_for(other.person)


def at(name: str, seat: Observer, *args: Any) -> str:
    return reverse(f"observations:{name}", args=[seat.session_id, *args])


def words(seat: Observer, edition: int = 0, **said: Any) -> dict[str, Any]:
    marks = {f"item_{number}": mark for number, mark in enumerate(MARKS, 1)}
    own = {"decision": "yes", "worked": "", "to_try": "", "edition": edition}
    return {**own, **marks, "version_stamp": stamp(seat.session.version), **said}


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


# --- Filling in ----------------------------------------------------------------------------------


def test_each_press_saves_and_leads_on(mo: Client, seat: Observer) -> None:
    page(mo, at("sheet", seat, 1))
    onward: Any = mo.post(at("sheet", seat, 1), words(seat, item_8="", go="next"))
    finish: Any = mo.post(at("sheet", seat, 2), words(seat, go="check"))

    assert onward.url == at("sheet", seat, 2)
    assert finish.url == at("check_sheets", seat)
    listed = page(mo, at("sheets", seat))
    assert "To finish" in listed
    assert "Ready to submit" in listed


def test_looking_at_a_page_begins_nothing(mo: Client, seat: Observer) -> None:
    for address in (at("sheets", seat), at("sheet", seat, 1), at("check_sheets", seat)):
        page(mo, address)

    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"item_2": "5"}, "Choose a mark from 0 to 4."),
        ({"item_2": "x"}, "Choose a mark from 0 to 4."),
        ({"decision": "perhaps"}, "Choose one from the list."),
        ({"worked": "Ring 07700 900101"}, "looks like a phone number"),
        ({"worked": "ann@example.org"}, "looks like an e-mail address"),
        ({"to_try": "943 476 5919"}, "looks like an NHS number"),
        ({"to_try": "born 3/3/1950"}, "looks like a date of birth"),
        ({"to_try": "a" * 1001}, "Shorten this to 1,000 characters"),
        ({"version_stamp": "1-old"}, "changed after you opened this page"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    mo: Client, seat: Observer, said: dict[str, str], sentence: str
) -> None:
    sent = {**words(seat), "worked": "Time to think", **said}

    shown = mo.post(at("sheet", seat, 1), sent).content.decode()
    told = mo.post(at("sheet", seat, 1), sent, headers=AUTOSAVE)

    assert sentence in shown
    assert "<title>Error: " in shown
    assert sent["worked"] in shown
    assert sent["to_try"] in shown
    assert 'id="id_item_8_4" name="item_8" value="4" checked' in shown
    assert told.status_code == 422
    assert sentence in told.json()["said"]
    assert not Observation.objects.exists()


def test_questions_that_changed_are_answered_again(mo: Client, seat: Observer) -> None:
    sent = words(seat, version_stamp="1-old", worked="Time")

    shown = mo.post(at("sheet", seat, 1), sent).content.decode()

    assert f'value="{stamp(seat.session.version)}"' in shown
    mo.post(at("sheet", seat, 1), words(seat, worked="Time"))
    assert Observation.objects.get().worked == "Time"


def test_two_versions_stand_side_by_side(mo: Client, seat: Observer) -> None:
    for edition, said in enumerate(("At first", "From the desk")):
        mo.post(at("sheet", seat, 1), words(seat, edition, worked=said))

    late = words(seat, 1, worked="From the phone")
    shown = mo.post(at("sheet", seat, 1), late)
    told = mo.post(at("sheet", seat, 1), late, headers=AUTOSAVE)

    assert (shown.status_code, told.status_code) == (409, 409)
    assert Observation.objects.get().worked == "From the desk"
    for answer in (shown.content.decode(), told.json()["html"]):
        assert "From the desk" in answer
        assert "From the phone" in answer
    assert told.json()["facts"]["worked"] == "From the desk"
    chosen = mo.post(at("sheet", seat, 1), {**late, "edition": told.json()["edition"]})
    assert chosen.status_code == 302
    assert Observation.objects.get().worked == "From the phone"


def test_the_script_is_told_what_is_kept(mo: Client, seat: Observer) -> None:
    told = mo.post(at("sheet", seat, 1), words(seat), headers=AUTOSAVE).json()

    assert told["said"].startswith("Saved ")
    assert (told["edition"], told["ready"]) == (1, True)


def test_keys_differ_by_person_and_clinic(seat: Observer, other: Observer) -> None:
    user, fellow = test_sheets.by_of(seat), test_sheets.by_of(other)

    keys = {
        sheet_keys.key_of(user, seat),
        sheet_keys.key_of(user, other),
        sheet_keys.key_of(fellow, seat),
        sheet_keys.box_of(user, seat),
    }

    assert len(keys) == 4
    assert sheet_keys.key_of(user, seat) in keys  # the same for each page


# --- Submitting ----------------------------------------------------------------------------------


def test_checked_sheets_are_submitted_at_once(mo: Client, seat: Observer) -> None:
    keep(seat, 1)
    keep(seat, 2)
    keep(seat, 3, marks=(1, None, *MARKS[2:]))
    shown = page(mo, at("check_sheets", seat))
    assert f'{at("sheet", seat, 3)}#id_item_2_0"' in shown

    wrong = mo.post(at("check_sheets", seat), {"minutes": "ten", "edition_1": 1, "edition_2": 1})
    done: Any = mo.post(at("check_sheets", seat), {"minutes": 20, "edition_1": 1, "edition_2": 1})

    assert "Enter minutes as a whole number" in wrong.content.decode()
    assert 'value="ten"' in wrong.content.decode()
    assert done.url == at("sheets_submitted", seat)
    assert list(Contribution.objects.values_list("minutes", flat=True)) == [20, 20]
    assert "2 sheets submitted" in page(mo, done.url)


def test_one_sheet_is_submitted_alone(mo: Client, seat: Observer) -> None:
    keep(seat, 1)
    keep(seat, 2)

    mo.post(at("check_sheet", seat, 2), {"minutes": 20, "edition_2": 1})

    assert Observation.objects.submitted().get().consultation.number == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"edition_1": 0}, "changed after you opened"),
        ({"edition_3": 1}, "Consultation 3 has 1 unanswered question."),
        ({}, "There is no sheet to submit"),
        ({"edition_1": "x"}, "There is no sheet to submit"),
    ],
)
def test_what_cannot_be_submitted_is_told(
    mo: Client, seat: Observer, sent: dict[str, Any], sentence: str
) -> None:
    keep(seat, 1)
    keep(seat, 3, marks=(1, None, *MARKS[2:]))

    shown = mo.post(at("check_sheets", seat), {"minutes": 30, **sent}).content.decode()

    assert sentence in shown
    assert not Contribution.objects.exists()


def test_a_peer_is_asked_for_no_minutes(pat: Client, other: Observer) -> None:
    keep(other, 1)

    assert 'name="minutes"' not in page(pat, at("check_sheets", other))
    pat.post(at("check_sheets", other), {"edition_1": 1})
    assert Observation.objects.submitted().count() == 1


# --- Blind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("own_first", [True, False])
def test_neither_sees_the_others_sheet_before_both_submitted(
    mo: Client, pat: Client, seat: Observer, other: Observer, own_first: bool
) -> None:
    first, second = (seat, other) if own_first else (other, seat)
    secrets = {seat: "Words of Mo", other: "Words of Pat"}
    browsers = {seat: mo, other: pat}
    submitted(first, worked=secrets[first])
    sheet = keep(second, worked=secrets[second]).sheet
    assert sheet is not None

    for one, fellow in ((seat, other), (other, seat)):
        for name, args in (
            ("compare_sheets", [1]),
            ("sheets", []),
            ("check_sheets", []),
        ):
            answer = browsers[one].get(at(name, seat, *args))
            assert secrets[fellow] not in answer.content.decode()
        assert browsers[one].get(at("consensus", seat, 1)).status_code == 403
    told = page(browsers[first], at("compare_sheets", seat, 1))
    assert "not submitted yet" in told

    sheets.submit(observation=sheet, by=test_sheets.by_of(second), now=test_sheets.NOW)
    for one, fellow in ((seat, other), (other, seat)):
        assert secrets[fellow] in page(browsers[one], at("compare_sheets", seat, 1))


def test_consensus_stands_beside_the_sheets(mo: Client, seat: Observer, other: Observer) -> None:
    submitted(seat)
    submitted(other, marks=(4, *MARKS[1:]))
    address = at("consensus", seat, 1)
    alike = page(mo, address)
    assert 'name="item_2" value="2" checked' in alike
    assert 'name="item_1" value="4" checked' not in alike

    agreed = {key: value for key, value in words(seat).items() if key.startswith("item")}
    missing = mo.post(address, {**agreed, "item_1": "", "note": "We talked"})
    phone = mo.post(address, {**agreed, "note": "07700 900101"})
    kept: Any = mo.post(address, {**agreed, "item_1": 3, "note": "We talked"})

    assert "Choose the mark that you agree on." in missing.content.decode()
    assert "We talked" in missing.content.decode()
    assert "looks like a phone number" in phone.content.decode()
    assert kept.url == at("compare_sheets", seat, 1)
    assert Consensus.objects.get().marks == [3, *MARKS[1:]]
    assert "We talked" in page(mo, kept.url)
    assert Observation.objects.get(observer=seat).marks == list(MARKS)


# --- Whose ---------------------------------------------------------------------------------------


def test_pages_are_the_observers_own(
    seat: Observer, client_for: SignIn, peer: Any, programme: Any
) -> None:
    submitted(seat)
    clinician = client_for(seat.session.clinician)
    coordinator = client_for(person(Role.COORDINATOR, programme))

    for client, status in ((clinician, 404), (coordinator, 403)):
        for name in ("sheets", "check_sheets", "sheets_submitted"):
            page(client, at(name, seat), status)
        for name in ("sheet", "check_sheet", "compare_sheets", "consensus"):
            page(client, at(name, seat, 1), status)


@pytest.mark.parametrize("number", [0, 61])
def test_numbers_end(mo: Client, seat: Observer, number: int) -> None:
    page(mo, at("sheet", seat, number), 404)


def test_sheets_are_closed_before_the_answer(mo: Client, seat: Observer) -> None:
    Observer.objects.filter(pk=seat.pk).update(answer="invited")

    assert "Say first that you are coming" in page(mo, at("sheet", seat, 1))


def test_pages_ask_as_much_of_three_sheets_as_of_one(
    mo: Client, seat: Observer, other: Observer
) -> None:
    asked: dict[str, set[int]] = {}
    for number in (1, 2, 3):
        keep(seat, number)
        submitted(other, number)
        for name, args in (("sheets", []), ("sheet", [9]), ("check_sheets", [])):
            mo.get(at(name, seat, *args))
            with CaptureQueriesContext(connection) as queries:
                page(mo, at(name, seat, *args))
            asked.setdefault(name, set()).add(len(queries))

    assert {name: len(counts) for name, counts in asked.items()} == dict.fromkeys(asked, 1)
    assert max(max(counts) for counts in asked.values()) <= 14, asked
