"""Drift: marks that have moved away from other observers', told in words and never too soon."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Role
from accounts.tests.factories import person
from observations.models import Calibration, InstrumentVersion, ObserverTally, Scale
from observations.services.drift import Drift, drift_of, only_drifting, with_drift
from observations.tests.factories import settings_of, version_of
from partners.models import Partner
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def calibrated(version: InstrumentVersion, one: Any) -> Calibration:
    row: Calibration = Calibration.objects.create(
        version=version,
        partner=one if isinstance(one, Partner) else None,
        person=None if isinstance(one, Partner) else one,
        from_on=date(2026, 1, 5),
        until_on=date(2027, 1, 5),
        recordings=3,
        distance=Decimal("0.25"),
        bias=Decimal("-2.5"),
    )
    return row


def tally(
    version: InstrumentVersion, one: Any, *, month: date, gaps: int, gap_sum: Any, **values: Any
) -> None:
    ObserverTally.objects.create(
        programme=version.instrument.programme,
        version=version,
        month=month,
        partner=one if isinstance(one, Partner) else None,
        person=None if isinstance(one, Partner) else one,
        sheets=gaps,
        gaps=gaps,
        gap_sum=Decimal(str(gap_sum)),
        **values,
    )


def drift(row: Calibration, today: date = TODAY) -> Drift:
    return drift_of(with_drift(Calibration.objects.filter(pk=row.pk), today).get())


@pytest.fixture
def version(programme: Any) -> InstrumentVersion:
    settings_of(programme)
    return version_of(programme)


@pytest.fixture
def partner(programme: Any) -> Partner:
    return signed_up_partner(programme)


def test_the_mean_gap_is_that_of_all_months_together(version: Any, partner: Any) -> None:
    # 6 gaps of -10 and 9 of -15: -195 over 15.
    tally(version, partner, month=date(2026, 10, 1), gaps=6, gap_sum=-60)
    tally(version, partner, month=date(2026, 11, 1), gaps=9, gap_sum=-135)
    row = calibrated(version, partner)

    found = drift(row)

    assert (found.n, found.gap, found.verdict) == (15, Decimal(-13), "drifting")
    assert found.sentence == (
        "Over 15 consultations rated by two in the last 6 months, their total was on average 13 "
        "points of 100 below the other observer's. The difference is more than 10. It is worth "
        "talking about: it says that two people see things differently, not who is right."
    )
    assert list(only_drifting(with_drift(Calibration.objects.all(), TODAY))) == [row]


@pytest.mark.parametrize(
    ("gaps", "gap_sum", "verdict"),
    [
        (10, 100, "steady"),
        (10, "100.01", "drifting"),
        (10, "-100.01", "drifting"),
        (9, 900, "few"),
        (0, 0, "nothing"),
    ],
)
def test_the_limit_and_the_least_number_count_on_both_sides(
    version: Any, partner: Any, gaps: int, gap_sum: Any, verdict: str
) -> None:
    tally(version, partner, month=date(2026, 11, 1), gaps=gaps, gap_sum=gap_sum)
    row = calibrated(version, partner)

    assert drift(row).verdict == verdict
    drifting = only_drifting(with_drift(Calibration.objects.all(), TODAY))
    assert drifting.exists() is (verdict == "drifting")


def test_no_verdict_in_words_on_fewer_than_ten(version: Any, partner: Any) -> None:
    tally(version, partner, month=date(2026, 11, 1), gaps=1, gap_sum=60)
    row = calibrated(version, partner)

    assert drift(row).sentence == (
        "1 consultation rated by two observers in the last 6 months: too few to say anything. "
        "10 are needed."
    )


def test_only_the_last_six_months_and_the_programmes_own_rows_count(
    version: Any, partner: Any
) -> None:
    row = calibrated(version, partner)
    team = person(Role.CLINICIAN, partner.programme)
    tally(version, partner, month=date(2026, 6, 1), gaps=10, gap_sum=50)
    tally(version, partner, month=date(2026, 5, 1), gaps=90, gap_sum=9000)
    tally(version, partner, month=date(2026, 11, 1), gaps=90, gap_sum=9000, clinician=team)
    tally(version, signed_up_partner(partner.programme), month=TODAY, gaps=9, gap_sum=900)
    tally(version_of(partner.programme), partner, month=TODAY, gaps=90, gap_sum=9000)

    found = drift(row)

    assert (found.n, found.gap, found.verdict) == (10, Decimal(5), "steady")
    assert drift(row, date(2026, 12, 1)).n == 0


def test_the_programmes_own_limit_counts(version: Any, partner: Any) -> None:
    tally(version, partner, month=date(2026, 11, 1), gaps=10, gap_sum=60)
    row = calibrated(version, partner)
    settings_of(partner.programme, furthest_total=Decimal("5.0"))

    assert drift(row).verdict == "drifting"


def test_gaps_of_means_are_told_in_points_of_a_hundred(programme: Any, partner: Any) -> None:
    version = version_of(programme, highest=9, lowest=0)
    Scale.objects.filter(version=version, number=1).update(rule="mean")
    tally(version, partner, month=date(2026, 11, 1), gaps=10, gap_sum=9)  # 0.9 of 9: a tenth
    row = calibrated(version, partner)

    assert drift(row).gap == Decimal(10)
    assert drift(row).verdict == "steady"


@pytest.mark.parametrize(("observers", "verdict"), [(1, "drifting"), (3, "steady")])
def test_a_page_of_observers_costs_one_query(
    version: Any, programme: Any, observers: int, verdict: str, django_assert_num_queries: Any
) -> None:
    for _ in range(observers):
        peer = person(Role.PEER_OBSERVER, programme)
        tally(version, peer, month=date(2026, 11, 1), gaps=12, gap_sum=240)
        calibrated(version, peer)

    with django_assert_num_queries(1):
        found = [drift_of(row).verdict for row in with_drift(Calibration.objects.all(), TODAY)]

    assert found == [verdict] * observers


def test_a_gap_that_their_whole_side_has_is_no_drift(version: Any, partner: Any) -> None:
    programme, month = version.instrument.programme, date(2026, 11, 1)
    tally(version, partner, month=month, gaps=10, gap_sum=-130)
    tally(version, signed_up_partner(programme), month=month, gaps=20, gap_sum=-240)
    # What peers give beside them says nothing of partners.
    tally(version, person(Role.PEER_OBSERVER, programme), month=month, gaps=30, gap_sum=370)
    row = calibrated(version, partner)

    found = drift(row)

    assert (found.gap, found.usual, found.apart) == (Decimal(-13), Decimal(-12), Decimal(-1))
    assert found.verdict == "steady"
    assert "That of others of their side was 12 below." in found.sentence
    assert not only_drifting(with_drift(Calibration.objects.all(), TODAY)).exists()


def test_somebody_far_from_their_side_drifts_though_the_gap_is_small(
    version: Any, partner: Any
) -> None:
    month = date(2026, 11, 1)
    tally(version, partner, month=month, gaps=10, gap_sum=20)
    other = signed_up_partner(version.instrument.programme)
    tally(version, other, month=month, gaps=10, gap_sum=-100)
    row = calibrated(version, partner)

    assert drift(row).verdict == "drifting"
    assert list(only_drifting(with_drift(Calibration.objects.all(), TODAY))) == [row]
