"""What a calibration puts in place, and two ratings at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from accounts.models import Role
from accounts.tests.factories import person
from observations.models import Calibration, InstrumentVersion, PracticeRating, PracticeRecording
from observations.rules import calibration as rules
from observations.services import calibration as services
from observations.services.refusals import CalibrationError
from observations.tests.calibration_factories import (
    AGREED,
    NOW,
    TODAY,
    rate,
    recording,
)
from observations.tests.factories import settings_of, version_of
from partners.models import Requirement, RequirementRecord
from partners.services.requirement_records import ask, put_in_place
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(programme: Any) -> InstrumentVersion:
    settings_of(programme)
    return version_of(programme)


@pytest.fixture
def partner(programme: Any) -> Any:
    return signed_up_partner(programme, name="Maureen Okafor")


# --- What has to be in place ---------------------------------------------------------------------


@pytest.fixture
def requirement(programme: Any, version: Any) -> Requirement:
    row: Requirement = Requirement.objects.create(
        programme=programme, name="Calibrated to observe", kind="training", valid_months=12
    )
    settings_of(programme, requirement=row, recordings=1)
    return row


def test_being_calibrated_puts_the_requirement_in_place(
    version: Any, partner: Any, requirement: Requirement
) -> None:
    asked = ask(requirement=requirement, partner=partner, by=None, now=NOW)

    rate(recording(version), list(AGREED), partner=partner)

    record = RequirementRecord.objects.get()
    assert record.pk == asked.pk
    assert (record.status, record.obtained_on) == ("approved", TODAY)
    assert (record.expires_on, record.approved_by) == (date(2027, 11, 24), None)
    assert [line.to_status for line in record.history.all()] == ["asked", "approved"]


def test_a_requirement_in_place_for_longer_is_not_shortened(
    version: Any, partner: Any, requirement: Requirement
) -> None:
    coordinator = person(Role.COORDINATOR, partner.programme)
    put_in_place(
        requirement=requirement,
        partner=partner,
        obtained_on=TODAY,
        expires_on=date(2028, 1, 1),
        by=coordinator,
        now=NOW,
    )

    rate(recording(version), list(AGREED), partner=partner)
    assert RequirementRecord.objects.get().expires_on == date(2028, 1, 1)

    rate(recording(version), list(AGREED), partner=partner, now=NOW + timedelta(days=100))
    assert RequirementRecord.objects.first().expires_on == date(2028, 3, 4)


def test_peers_and_checks_have_no_requirement_put_in_place(
    version: Any, partner: Any, requirement: Requirement
) -> None:
    peer = person(Role.PEER_OBSERVER, partner.programme)
    rate(recording(version), list(AGREED), person=peer)
    requirement.kind, requirement.dbs_level = "dbs", "basic"
    requirement.save()

    rate(recording(version), list(AGREED), partner=partner)

    assert Calibration.objects.count() == 2
    assert not RequirementRecord.objects.exists()
    assert not rules.meets(requirement)


# --- Two at once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_ratings_at_once_keep_one_and_tell_the_other(version: Any, partner: Any) -> None:
    settings_of(partner.programme, recordings=1)
    row = recording(version)

    def send(_: int) -> str:
        try:
            rate(row, list(AGREED), partner=partner)
        except CalibrationError as error:
            return str(error)
        finally:
            connections.close_all()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(send, range(2)), key=len)

    assert said[0] == "kept"
    assert "You have rated this recording" in said[1]
    assert (PracticeRating.objects.count(), Calibration.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_recordings_rated_at_once_make_one_calibration(version: Any, partner: Any) -> None:
    settings_of(partner.programme, recordings=1)
    rows = [recording(version), recording(version)]

    def send(row: PracticeRecording) -> None:
        try:
            rate(row, list(AGREED), partner=partner)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, rows))

    assert (PracticeRating.objects.count(), Calibration.objects.count()) == (2, 1)


# --- What it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("versions", [1, 3])
def test_where_somebody_stands_costs_the_same_for_many_versions(
    programme: Any, partner: Any, versions: int, django_assert_num_queries: Any
) -> None:
    for _ in range(versions):
        version = version_of(programme)
        for _ in range(3):
            rate(recording(version), list(AGREED), partner=partner)

    with django_assert_num_queries(6):
        found = services.standing_of(programme=programme, partner=partner, now=NOW)

    assert len(found) == versions
    assert all(one.calibration for one in found)
