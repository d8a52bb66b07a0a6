"""Two people, or two windows of one person, at the same instant."""

import pytest

from observations.models import ClinicSession, Comment, Consultation, Observation, Observer
from observations.services import sheets
from observations.services.refusals import SheetError
from observations.services.tallies import check
from observations.tests import test_sheets
from observations.tests.test_sheets import NOW, by_of, keep
from partners.models import Contribution
from partners.tests.test_ledger import at_once

pytestmark = pytest.mark.django_db(transaction=True)

team = test_sheets.team
partner = test_sheets.partner
peer = test_sheets.peer
session = test_sheets.session
seat = test_sheets.seat
other = test_sheets.other


def _submit(one: Observer) -> Observation:
    row = Observation.objects.get(observer=one)
    return sheets.submit(observation=row, by=by_of(one), now=NOW)


def test_a_sheet_submitted_twice_at_once_is_one_contribution(seat: Observer) -> None:
    keep(seat, worked="Time")

    outcomes = at_once(lambda: _submit(seat), lambda: _submit(seat))

    assert sorted(type(one).__name__ for one in outcomes) == ["Observation", "SubmittedError"]
    assert (Contribution.objects.count(), Comment.objects.count()) == (1, 1)


def test_both_observers_submit_at_once(seat: Observer, other: Observer) -> None:
    keep(seat)
    keep(other)

    outcomes = at_once(lambda: _submit(seat), lambda: _submit(other))

    assert [type(one).__name__ for one in outcomes] == ["Observation", "Observation"]
    session = ClinicSession.objects.get()
    assert (session.status, session.history.filter(to_status="held").count()) == ("held", 1)
    assert check(session.programme) == []


def test_both_observers_begin_the_same_consultation_at_once(
    seat: Observer, other: Observer
) -> None:
    outcomes = at_once(lambda: keep(seat), lambda: keep(other))

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Consultation.objects.count() == 1
    assert Observation.objects.count() == 2


def test_two_windows_of_one_observer_lose_nothing(seat: Observer) -> None:
    keep(seat)

    outcomes = at_once(
        lambda: keep(seat, edition=1, worked="Here"), lambda: keep(seat, edition=1, worked="There")
    )

    assert not [one for one in outcomes if isinstance(one, SheetError)]
    assert sorted(one.behind for one in outcomes) == [False, True]
    assert Observation.objects.get().edition == 2
