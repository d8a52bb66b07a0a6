"""Recordings and calibrations as the coordinator meets them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from observations.models import Calibration, InstrumentVersion, ObserverTally, PracticeRecording
from observations.services import recordings
from observations.tests.calibration_factories import is_calibrated
from observations.tests.factories import clinic, settings_of, version_of
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
AGREED = [2, 1, 3, 2, 0, 1, 2, 3]
LIST = "admin:observations_calibration_changelist"


@pytest.fixture
def version(programme: Programme) -> InstrumentVersion:
    settings_of(programme)
    return version_of(programme)


@pytest.fixture
def cora(now: datetime, coordinator: Any, client_for: Callable[..., Client]) -> Client:
    return client_for(coordinator)


def calibrated(version: InstrumentVersion, today: date, **values: Any) -> Calibration:
    facts: dict[str, Any] = {
        "from_on": today - timedelta(days=100),
        "until_on": today + timedelta(days=265),
        "recordings": 3,
        "distance": Decimal("0.25"),
        "bias": Decimal("-4.1667"),
    }
    if "person" not in values and "partner" not in values:
        values["partner"] = signed_up_partner(version.instrument.programme)
    row: Calibration = Calibration.objects.create(version=version, **{**facts, **values})
    return row


def typed(**more: Any) -> dict[str, Any]:
    marks = {f"item_{number}": mark for number, mark in enumerate(AGREED, 1)}
    return {
        "title": "A knee that hurts",
        "where": "The shelf in the library",
        "minutes": "12",
        "agreed_by": "Two partners and two physiotherapists",
        **marks,
        **more,
    }


def read(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_recording_is_added_changed_and_retired(
    cora: Client, version: InstrumentVersion, now: datetime
) -> None:
    add = reverse("admin:observations_practicerecording_add")
    assert "8. What 8 is" in read(cora.get(add))

    cora.post(add, typed())

    recording = PracticeRecording.objects.get()
    assert (recording.title, recording.marks) == ("A knee that hurts", AGREED)
    edit = reverse("admin:observations_practicerecording_edit", args=[recording.pk])
    cora.post(edit, typed(title="A shoulder", item_1="4"))
    recording.refresh_from_db()
    assert (recording.title, recording.marks[0]) == ("A shoulder", 4)
    page = reverse("admin:observations_practicerecording_change", args=[recording.pk])
    assert "The marks that were agreed" in read(cora.get(page))
    cora.post(reverse("admin:observations_practicerecording_retire", args=[recording.pk]))
    recording.refresh_from_db()
    assert recording.retired_at is not None
    assert "A shoulder" in read(cora.get(page))


def test_what_is_wrong_with_a_recording_is_told_and_the_rest_stays(
    cora: Client, version: InstrumentVersion
) -> None:
    add = reverse("admin:observations_practicerecording_add")

    page = read(cora.post(add, typed(title="Ring 07700 900123", item_3="", minutes="long")))

    assert "Choose the agreed mark for 3, Item 3" in page
    assert "Enter a whole number, like 12" in page
    assert "Ring 07700 900123" in page
    told = read(cora.post(add, typed(title="Ring 07700 900123")))
    assert "looks like a phone number" in told
    assert not PracticeRecording.objects.exists()


def test_with_two_versions_one_is_chosen_first(cora: Client, version: InstrumentVersion) -> None:
    other = version_of(version.instrument.programme)
    add = reverse("admin:observations_practicerecording_add")

    assert "What is the recording rated with?" in read(cora.get(add))
    cora.post(f"{add}?version={other.pk}", typed())

    assert PracticeRecording.objects.get().version == other


def test_list_filters_who_runs_out_ran_out_or_drifts(
    cora: Client, version: InstrumentVersion, programme: Programme, now: datetime
) -> None:
    today = now.date()
    names = ("Soon Sue", "Past Pete", "Drifting Dee", "Steady Sam")
    people = {name: signed_up_partner(programme, name=name) for name in names}
    calibrated(version, today, partner=people["Soon Sue"], until_on=today + timedelta(days=60))
    calibrated(version, today, partner=people["Past Pete"], until_on=today - timedelta(days=1))
    calibrated(version, today, partner=people["Steady Sam"])
    calibrated(version, today, partner=people["Drifting Dee"])
    ObserverTally.objects.create(
        programme=programme,
        version=version,
        month=today.replace(day=1),
        partner=people["Drifting Dee"],
        sheets=14,
        gaps=12,
        gap_sum=Decimal(240),
    )

    def found(show: str) -> set[str]:
        page = read(cora.get(reverse(LIST), {"show": show} if show else {}))
        return {name.split()[0] for name in names if name in page}

    assert found("") == {"Soon", "Past", "Drifting", "Steady"}
    assert found("expiring") == {"Soon"}
    assert found("expired") == {"Past"}
    assert found("drifting") == {"Drifting"}
    page = read(cora.get(reverse(LIST)))
    assert "Drifting (+20.0 over 12)" in page
    assert "Ran out 23 November 2026" in page


def test_waits_tell_who_runs_out_before_a_clinic_and_who_drifts(
    cora: Client, coordinator: Any, version: InstrumentVersion, programme: Programme, now: datetime
) -> None:
    today = now.date()
    row = calibrated(version, today, until_on=today + timedelta(days=10))
    fine = calibrated(version, today)
    team = TeamFactory(programme=programme)
    clinician = person(Role.CLINICIAN, programme, team=team)
    for day in (5, 20):
        clinic(
            team,
            clinician,
            version,
            day=today + timedelta(days=day),
            observers=(row.partner, fine.partner),
        )

    items = {item.title: item for item in admin.site.worklist(coordinator)}

    late = items["observer whose calibration runs out before a clinic"]
    assert late.count == 1
    shown = read(cora.get(late.url))
    assert row.partner.name in shown
    assert fine.partner.name not in shown
    assert not any("drift" in title for title in items)


def test_one_is_ended_once_and_practice_begins_anew(
    cora: Client, version: InstrumentVersion, now: datetime
) -> None:
    row = calibrated(version, now.date())
    page = reverse("admin:observations_calibration_change", args=[row.pk])
    end = reverse("admin:observations_calibration_end", args=[row.pk])
    shown = read(cora.get(page))
    assert "a quarter of a mark away from the agreed marks" in shown
    assert "totals 4 points of 100 below the agreed ones" in shown
    assert "End this calibration" in shown
    assert "Talk with them first" in read(cora.get(end))
    assert Calibration.objects.get().ended_at is None

    cora.post(end)

    assert Calibration.objects.get().ended_at is not None
    assert not is_calibrated(version, partner=row.partner, day=now.date())
    assert "End this calibration" not in read(cora.get(page))
    assert cora.post(end).status_code == 302


def test_other_programmes_and_other_roles_see_nothing(
    cora: Client, programme: Programme, now: datetime, client_for: Callable[..., Client]
) -> None:
    there = ProgrammeFactory()
    settings_of(there)
    version = version_of(there)
    row = calibrated(version, now.date())
    recording = recordings.add_recording(
        version=version, title="T", where="W", minutes=5, marks=AGREED, agreed_by="A", by=None,
        now=now,
    )  # fmt: skip
    partner = client_for(signed_up_partner(programme).user)

    for name, pk in (
        ("practicerecording_change", recording.pk),
        ("practicerecording_edit", recording.pk),
        ("practicerecording_retire", recording.pk),
        ("calibration_change", row.pk),
        ("calibration_end", row.pk),
    ):
        url = reverse(f"admin:observations_{name}", args=[pk])
        assert cora.get(url).status_code == 404
        assert cora.post(url).status_code == 404
        assert partner.get(url).status_code == 403


@pytest.mark.parametrize("observers", [1, 3])
def test_list_costs_the_same_for_many_observers(
    cora: Client,
    version: InstrumentVersion,
    now: datetime,
    observers: int,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(observers):
        calibrated(version, now.date())
    cora.get(reverse(LIST))

    with django_assert_num_queries(5):
        cora.get(reverse(LIST))
