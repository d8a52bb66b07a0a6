"""Practice pages: one's own, agreed marks only afterwards, and everything told in sentences."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role
from accounts.tests.factories import ProgrammeFactory, person
from observations.forms.calibration import wording_of
from observations.models import Calibration, InstrumentVersion, PracticeRating, PracticeRecording
from observations.services import calibration as services
from observations.services import recordings
from observations.services.practice import marks_said, points_said
from observations.tests.factories import settings_of, version_of
from partners.models import Partner
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
AGREED = [2, 1, 3, 2, 0, 1, 2, 3]


@pytest.fixture
def version(programme: Programme) -> InstrumentVersion:
    settings_of(programme)
    return version_of(programme)


@pytest.fixture
def knee(version: InstrumentVersion, now: datetime) -> PracticeRecording:
    return add(version, now, title="A knee that hurts")


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def mo(now: datetime, partner: Partner, client_for: SignIn) -> Client:
    return client_for(partner.user)


def add(version: InstrumentVersion, now: datetime, **values: Any) -> PracticeRecording:
    facts: dict[str, Any] = {
        "title": f"Recording {PracticeRecording.objects.count()}",
        "where": "https://recordings.example.org/knee",
        "minutes": 12,
        "marks": AGREED,
        "agreed_by": "Two partners and two physiotherapists",
    }
    return recordings.add_recording(version=version, by=None, now=now, **{**facts, **values})


def sent(version: InstrumentVersion, marks: list[Any], **more: Any) -> dict[str, Any]:
    typed = {f"item_{number}": mark for number, mark in enumerate(marks, 1)}
    return {"seen": wording_of(version), **typed, **more}


def rate_url(recording: PracticeRecording) -> str:
    return reverse("observations:practice_rate", args=[recording.pk])


def read(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_practice_lists_what_to_rate_and_where_one_stands(
    mo: Client, knee: PracticeRecording
) -> None:
    page = read(mo.get(reverse("observations:practice")))

    assert "A knee that hurts" in page
    assert "Rate 3 recordings, and we can tell you how close you are." in page
    assert "Not calibrated yet" in page


def test_agreed_marks_are_nowhere_before_one_rated(mo: Client, version: Any, now: datetime) -> None:
    recording = add(version, now, marks=[4, 4, 4, 4, 4, 4, 4, 4], agreed_by="Zachary and Zoe")

    for url in (rate_url(recording), reverse("observations:practice")):
        page = mo.get(url)
        assert page.status_code == 200
        assert "Zachary" not in read(page)
        assert "checked" not in read(page)


def test_rating_leads_to_how_close_one_was(mo: Client, knee: Any, version: Any) -> None:
    answer = mo.post(rate_url(knee), sent(version, [3, 1, 3, 2, 0, 1, 0, 2]))

    rating = PracticeRating.objects.get()
    assert answer.url == reverse("observations:practice_result", args=[rating.pk])
    page = read(mo.get(answer.url))
    assert "You were close" in page
    assert "On average your marks were half a mark away from the agreed ones." in page
    assert "Your total, of 100, is 4 points above the agreed total." in page
    assert (
        "You differed most on <strong>Item 7</strong>: you gave 0, the group agreed on 2." in page
    )
    assert "2 below" in page
    assert "You have rated 1 of 3 recordings. 2 to go." in page


def test_three_close_ones_say_until_when(
    mo: Client, partner: Partner, version: Any, now: datetime
) -> None:
    for _ in range(3):
        answer = mo.post(rate_url(add(version, now)), sent(version, AGREED))

    assert Calibration.objects.get().partner == partner
    page = read(mo.get(answer.url))
    assert "You gave exactly the agreed marks" in page
    assert "You are calibrated until 24 November 2027." in page


def test_what_is_missing_is_told_beside_its_item_and_the_rest_stays(
    mo: Client, knee: Any, version: Any
) -> None:
    page = mo.post(rate_url(knee), sent(version, [3, "", 3, "9", 0, 1, 0, 2]))

    said = read(page)
    assert page.status_code == 200
    assert "<title>Error: " in said
    assert "Choose a mark for 2, Item 2" in said
    assert "Choose a mark of the scale for 4, Item 4" in said
    assert said.count("checked") == 6
    assert "Agreed mark" not in said
    assert not PracticeRating.objects.exists()


def test_wording_that_changed_meanwhile_is_told_and_sent_again(
    mo: Client, knee: Any, version: Any
) -> None:
    before = sent(version, AGREED)
    version.items.filter(number=1).update(text="Something else")

    page = mo.post(rate_url(knee), before)

    assert "The wording has changed since you opened this page" in read(page)
    assert read(page).count("checked") == 8
    assert not PracticeRating.objects.exists()
    fresh = InstrumentVersion.objects.get(pk=version.pk)
    assert mo.post(rate_url(knee), sent(fresh, AGREED)).status_code == 302


def test_sent_twice_it_is_told_and_the_first_stands(mo: Client, knee: Any, version: Any) -> None:
    mo.post(rate_url(knee), sent(version, AGREED))

    again = mo.post(rate_url(knee), sent(version, [0] * 8))

    assert "You can rate it again from 8 December 2026" in read(again)
    assert PracticeRating.objects.get().marks == AGREED
    opened = mo.get(rate_url(knee))
    assert opened.url == reverse(
        "observations:practice_result", args=[PracticeRating.objects.get().pk]
    )


def test_anothers_rating_is_hidden_from_everybody_else(
    mo: Client, programme: Programme, knee: Any, client_for: SignIn, coordinator: Any, now: datetime
) -> None:
    other = signed_up_partner(programme)
    rating = services.rate(recording=knee, marks=AGREED, partner=other, by=other.user, now=now)
    url = reverse("observations:practice_result", args=[rating.pk])

    assert client_for(other.user).get(url).status_code == 200
    assert mo.get(url).status_code == 404
    assert client_for(person(Role.PEER_OBSERVER, programme)).get(url).status_code == 404
    assert client_for(coordinator).get(url).status_code == 403


def test_peers_practise_as_themselves_and_elsewhere_is_hidden(
    now: datetime, programme: Programme, knee: Any, version: Any, client_for: SignIn
) -> None:
    peer = person(Role.PEER_OBSERVER, programme)
    there = person(Role.PEER_OBSERVER, ProgrammeFactory())

    assert client_for(there).get(rate_url(knee)).status_code == 404
    assert client_for(peer).post(rate_url(knee), sent(version, AGREED)).status_code == 302
    rating = PracticeRating.objects.get()
    assert (rating.partner, rating.person) == (None, peer)


def test_retired_ones_are_not_rated_any_more(
    mo: Client, knee: PracticeRecording, version: Any, now: datetime
) -> None:
    recordings.retire_recording(recording=knee, by=None, now=now)

    assert mo.get(rate_url(knee)).status_code == 404
    assert mo.post(rate_url(knee), sent(version, AGREED)).status_code == 404
    assert "No recording to practise on yet" in read(mo.get(reverse("observations:practice")))


@pytest.mark.parametrize("many", [1, 3])
def test_practice_costs_the_same_for_many_recordings(
    mo: Client,
    partner: Partner,
    version: Any,
    now: datetime,
    many: int,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(many):
        recording = add(version, now)
        services.rate(recording=recording, marks=AGREED, partner=partner, by=None, now=now)
    mo.get(reverse("observations:practice"))

    with django_assert_num_queries(12):
        mo.get(reverse("observations:practice"))


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ("0.5", "half a mark"),
        ("0.25", "a quarter of a mark"),
        ("0.375", "0.38 of a mark"),
        ("1", "one mark"),
        ("1.5", "1.5 marks"),
    ],
)
def test_distances_are_told_as_people_say_them(apart: str, said: str) -> None:
    assert marks_said(Decimal(apart)) == said


def test_points_are_whole() -> None:
    assert [points_said(Decimal(points)) for points in ("0.25", "1", "-8.5")] == [
        "less than a point",
        "1 point",
        "9 points",
    ]


def test_it_is_said_that_a_calibration_runs_out(
    mo: Client, partner: Partner, knee: Any, version: Any, now: datetime
) -> None:
    row = Calibration.objects.create(
        version=version,
        partner=partner,
        from_on=date(2026, 1, 5),
        until_on=now.date() + timedelta(days=60),
        recordings=3,
        distance=0,
        bias=0,
    )

    assert "It runs out soon" in read(mo.get(reverse("observations:practice")))
    row.until_on = now.date() - timedelta(days=1)
    row.save()
    assert "Your calibration ran out on 23 November 2026." in read(
        mo.get(reverse("observations:practice"))
    )


@pytest.mark.parametrize("many", [1, 3])
def test_result_costs_the_same_for_many_ratings(
    mo: Client,
    partner: Partner,
    version: Any,
    now: datetime,
    many: int,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(many):
        recording = add(version, now)
        rating = services.rate(recording=recording, marks=AGREED, partner=partner, by=None, now=now)
    there = reverse("observations:practice_result", args=[rating.pk])
    mo.get(there)

    with django_assert_num_queries(11):
        mo.get(there)
