"""Practice on recordings: how far off, when that is close enough, and until when it holds."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import Role
from accounts.tests.factories import ProgrammeFactory, person
from observations.models import Calibration, InstrumentVersion, PracticeRating
from observations.rules.calibration import Evidence, Measure
from observations.services import calibration as services
from observations.services import recordings
from observations.services.refusals import CalibrationError
from observations.tests.calibration_factories import (
    AGREED,
    LIMITS,
    NOW,
    TODAY,
    is_calibrated,
    off,
    rate,
    recording,
)
from observations.tests.factories import settings_of, version_of
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(programme: Any) -> InstrumentVersion:
    settings_of(programme)
    return version_of(programme)


@pytest.fixture
def partner(programme: Any) -> Any:
    return signed_up_partner(programme, name="Maureen Okafor")


# --- The arithmetic ------------------------------------------------------------------------------


def test_distance_and_bias_are_those_reckoned_by_hand(version: Any, partner: Any) -> None:
    # |3-2| + |1-1| + |1-3| + 0 + |1-0| + 0 + |0-2| + 0 = 6, over 8 items.
    # Items 1 to 6: 3+1+1+2+1+1 = 9 against 2+1+3+2+0+1 = 9, each of 24: no bias at all.
    rating = rate(recording(version), [3, 1, 1, 2, 1, 1, 0, 3], partner=partner)

    assert rating.distance == Decimal("0.7500")
    assert rating.bias == Decimal("0.0000")


def test_bias_has_its_sign_and_counts_the_items_of_the_first_scale_alone(
    version: Any, partner: Any
) -> None:
    # Items 1 to 6: two above in all, of 24: 8.3333 of 100. Item 8 counts for the distance only.
    above = rate(recording(version), off((1, 1), (5, 1), (8, -3)), partner=partner)
    below = rate(recording(version), off((3, -1)), partner=partner)

    assert (above.distance, above.bias) == (Decimal("0.6250"), Decimal("8.3333"))
    assert (below.distance, below.bias) == (Decimal("0.1250"), Decimal("-4.1667"))


def test_a_scale_that_begins_at_one_has_the_same_totals() -> None:
    measure = Measure((1, 2, 3), (1, 2, 3), 1, 5)

    assert measure.total([1, 1, 1]) == 0
    assert measure.total([5, 5, 5]) == 100
    assert measure.total([2, 3, 4]) == 50


@pytest.mark.parametrize(
    ("distance", "bias", "close"),
    [
        (Fraction(1, 2), Fraction(10), True),
        (Fraction(1, 2), Fraction(-10), True),
        (Fraction(12001, 24000), Fraction(0), False),
        (Fraction(0), Fraction(10001, 1000), False),
        (Fraction(0), Fraction(-10001, 1000), False),
    ],
)
def test_exactly_on_the_limit_is_close_and_beyond_is_not(
    distance: Fraction, bias: Fraction, close: bool
) -> None:
    assert Evidence(3, distance, bias).is_close(LIMITS) is close


# --- Who is calibrated, until when ---------------------------------------------------------------


def test_three_close_recordings_calibrate_for_a_year(version: Any, partner: Any) -> None:
    rows = [recording(version) for _ in range(3)]
    half = off((1, 1), (2, -1), (3, 1), (4, -1))  # 4 of 8: exactly half a mark, and no bias

    for row in rows[:2]:
        rate(row, half, partner=partner)
    assert not Calibration.objects.exists()
    rate(rows[2], half, partner=partner)

    found = Calibration.objects.get()
    assert (found.partner, found.person, found.version) == (partner, None, version)
    assert (found.from_on, found.until_on) == (TODAY, date(2027, 11, 24))
    assert (found.recordings, found.distance, found.bias) == (3, Decimal("0.5"), Decimal(0))
    version.refresh_from_db()
    assert version.status == "sealed"


def test_a_little_more_than_the_limit_does_not_calibrate(version: Any, partner: Any) -> None:
    half, more = (
        off((1, 1), (2, -1), (3, 1), (4, -1)),
        off((1, 1), (2, -1), (3, 1), (4, -1), (7, 1)),
    )

    for marks in (half, half, more):
        rate(recording(version), marks, partner=partner)

    assert not Calibration.objects.exists()


def test_marks_that_are_close_but_all_generous_do_not_calibrate(version: Any, partner: Any) -> None:
    generous = off((1, 1), (2, 1), (4, 1))  # 3 of 8 items, but 12.5 of 100 above

    for _ in range(3):
        rate(recording(version), generous, partner=partner)

    assert not Calibration.objects.exists()
    standing = services.standing_of(programme=partner.programme, partner=partner, now=NOW)[0]
    assert (standing.is_enough, standing.is_close) == (True, False)
    assert standing.evidence.bias == Fraction(25, 2)


def test_the_last_recordings_count_and_earlier_mistakes_do_not(version: Any, partner: Any) -> None:
    rate(recording(version), [4, 4, 0, 4, 4, 4, 0, 0], partner=partner)

    for hour in (1, 2, 3):
        rate(recording(version), list(AGREED), partner=partner, now=NOW + timedelta(hours=hour))

    assert Calibration.objects.get().distance == 0


def test_the_numbers_are_the_programmes_own(version: Any, partner: Any) -> None:
    settings_of(
        partner.programme,
        recordings=1,
        furthest_mark=Decimal("1.00"),
        furthest_total=Decimal("50.0"),
        calibrated_months=3,
    )

    rate(recording(version), off((1, 2), (2, 2), (4, 2), (5, 2)), partner=partner)

    assert Calibration.objects.get().until_on == date(2027, 2, 24)


def test_rating_on_prolongs_the_one_that_stands(version: Any, partner: Any) -> None:
    for _ in range(3):
        rate(recording(version), list(AGREED), partner=partner)

    later = NOW + timedelta(days=100)
    rate(recording(version), off((1, 1)), partner=partner, now=later)

    found = Calibration.objects.get()
    assert (found.from_on, found.until_on) == (TODAY, date(2028, 3, 4))
    assert found.distance == Decimal("0.0417")  # one mark of 24


def test_ratings_older_than_a_calibration_lasts_count_no_more(version: Any, partner: Any) -> None:
    rows = [recording(version) for _ in range(3)]
    for row in rows:
        rate(row, list(AGREED), partner=partner)
    later = NOW + timedelta(days=370)

    rate(rows[0], list(AGREED), partner=partner, now=later)

    assert not is_calibrated(version, partner=partner, day=date(2027, 11, 29))
    standing = services.standing_of(programme=partner.programme, partner=partner, now=later)[0]
    assert (standing.calibration, standing.to_go) == (None, 2)
    assert standing.over is not None
    for row in rows[1:]:
        rate(row, list(AGREED), partner=partner, now=later)
    assert is_calibrated(version, partner=partner, day=date(2027, 11, 29))
    assert Calibration.objects.count() == 2


def test_calibrated_on_the_last_day_and_not_on_the_next(version: Any, partner: Any) -> None:
    peer = person(Role.PEER_OBSERVER, partner.programme)
    for one in ({"partner": partner}, {"person": peer}):
        for _ in range(3):
            rate(recording(version), list(AGREED), **one)
    other = signed_up_partner(partner.programme)
    last = date(2027, 11, 24)

    for one in ({"partner": partner}, {"person": peer}):
        assert is_calibrated(version, day=last, **one)
        assert not is_calibrated(version, day=last + timedelta(days=1), **one)
        assert not is_calibrated(version, day=TODAY - timedelta(days=1), **one)
    found = services.calibrated_ids(
        version=version, partners=[partner, other], people=[peer.pk], day=last
    )
    assert (found.partners, found.people) == ({partner.pk}, {peer.pk})


def test_ended_by_a_coordinator_only_new_ratings_count(version: Any, partner: Any) -> None:
    coordinator = person(Role.COORDINATOR, partner.programme)
    for _ in range(3):
        rate(recording(version), list(AGREED), partner=partner)
    found = Calibration.objects.get()

    services.end(calibration=found, by=coordinator, now=NOW + timedelta(hours=1))

    assert not is_calibrated(version, partner=partner, day=TODAY)
    for hour in (2, 3, 4):
        assert not is_calibrated(version, partner=partner, day=TODAY)
        rate(recording(version), list(AGREED), partner=partner, now=NOW + timedelta(hours=hour))
    assert is_calibrated(version, partner=partner, day=TODAY)


def test_nobody_but_another_coordinator_ends_it(version: Any, partner: Any) -> None:
    own = person(Role.COORDINATOR, partner.programme)
    found = Calibration.objects.create(
        version=version,
        person=own,
        from_on=TODAY,
        until_on=date(2027, 11, 24),
        recordings=3,
        distance=0,
        bias=0,
    )

    with pytest.raises(CalibrationError, match="another coordinator"):
        services.end(calibration=found, by=own, now=NOW)


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [AGREED[:7], [*AGREED, 1], off((1, 3)), [None, *AGREED[1:]]])
def test_marks_that_do_not_fit_are_refused_and_nothing_is_kept(
    version: Any, partner: Any, marks: list[int | None]
) -> None:
    row = recording(version)

    with pytest.raises(CalibrationError, match="each item a mark from 0 to 4"):
        rate(row, marks, partner=partner)

    version.refresh_from_db()
    assert version.status == "draft"
    assert not PracticeRating.objects.exists()


@pytest.mark.parametrize("marks", [AGREED[:7], off((1, 3)), [None, *AGREED[1:]], []])
def test_agreed_marks_have_to_fit_the_version(version: Any, marks: list[int | None]) -> None:
    with pytest.raises(CalibrationError, match="each of the 8 items an agreed mark from 0 to 4"):
        recording(version, marks=marks)


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        ({"title": "  "}, "Give it a title", "title"),
        ({"where": ""}, "Say where to find it", "where"),
        ({"agreed_by": ""}, "Say who agreed", "agreed_by"),
        ({"title": "x" * 151}, "Shorten this to 150", "title"),
        ({"title": "She is 943 476 5919"}, "looks like an NHS number", "title"),
        ({"where": "a\0b"}, "cannot be kept", "where"),
    ],
)
def test_a_recording_that_cannot_be_kept_is_told_in_a_sentence(
    version: Any, facts: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(CalibrationError, match=sentence) as refusal:
        recording(version, **facts)

    assert refusal.value.field == field


def test_rated_again_only_after_two_weeks(version: Any, partner: Any) -> None:
    row = recording(version)
    rate(row, list(AGREED), partner=partner)

    with pytest.raises(CalibrationError, match="8 December 2026"):
        rate(row, list(AGREED), partner=partner, now=NOW + timedelta(days=13))

    rate(row, list(AGREED), partner=partner, now=NOW + timedelta(days=14))
    assert PracticeRating.objects.count() == 2


def test_of_two_ratings_of_one_recording_one_counts(version: Any, partner: Any) -> None:
    row, other = recording(version), recording(version)
    rate(row, list(AGREED), partner=partner)
    rate(other, list(AGREED), partner=partner)

    rate(row, list(AGREED), partner=partner, now=NOW + timedelta(days=20))

    assert not Calibration.objects.exists()


def test_retired_recordings_and_those_of_others_are_refused(version: Any, partner: Any) -> None:
    row = recordings.retire_recording(recording=recording(version), by=None, now=NOW)
    elsewhere = signed_up_partner(ProgrammeFactory())
    finance = person(Role.FINANCE, partner.programme)

    with pytest.raises(CalibrationError, match="any more"):
        rate(row, list(AGREED), partner=partner)
    for one in ({"partner": elsewhere}, {"person": finance}):
        with pytest.raises(CalibrationError):
            rate(recording(version), list(AGREED), **one)


def test_agreed_marks_stand_once_somebody_was_compared_with_them(
    version: Any, partner: Any
) -> None:
    row = recording(version)
    recordings.change_recording(recording=row, marks=off((1, 1)), title="Knee", by=None, now=NOW)
    rate(row, list(AGREED), partner=partner)

    with pytest.raises(CalibrationError, match="Retire this"):
        recordings.change_recording(recording=row, marks=AGREED, by=None, now=NOW)

    recordings.change_recording(recording=row, where="The other shelf", by=None, now=NOW)
    row.refresh_from_db()
    assert (row.title, row.where, row.marks[0]) == ("Knee", "The other shelf", 3)
