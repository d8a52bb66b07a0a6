"""What partners need, when they are away, how much they want: kept, told, and to whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme
from partners.models import Need, Partner, Pause
from partners.services import needs, profile, register
from partners.services.needs import NeedError, a_year_on
from partners.services.profile import ProfileError
from partners.services.register import RegisterError
from partners.tests.factories import NOW, PartnerFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
WORDS = {"kind": "communication", "text": "I lip-read", "by": None, "now": NOW}


@pytest.fixture
def partner(programme: Programme) -> Partner:
    found: Partner = PartnerFactory(programme=programme)
    return found


# --- What they need -------------------------------------------------------------------------------


def test_a_need_is_looked_at_again_a_year_on(partner: Partner) -> None:
    need = needs.add_need(partner=partner, **WORDS)
    assert need.review_on == date(2027, 11, 22)
    assert a_year_on(date(2028, 2, 29)) == date(2029, 2, 28)
    Need.objects.update(review_on=TODAY)

    assert list(Partner.objects.to_review(TODAY)) == [partner]
    needs.review_need(need=need, by=None, now=NOW)

    need.refresh_from_db()
    assert (need.reviewed_at, need.review_on) == (NOW, date(2027, 11, 22))
    assert not Partner.objects.to_review(TODAY).exists()


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"text": " "}, "text", "in your own words"),
        ({"text": "x" * 2001}, "text", "Shorten this to 2,000 characters; it has 2,001"),
        ({"text": "a\0b"}, "text", "cannot be kept"),
        ({"kind": "money"}, "kind", "what it is about"),
        ({"shared": True, "to_do": " "}, "to_do", "what the organiser should do"),
        ({"to_do": "x" * 501}, "to_do", "Shorten this to 500"),
        ({"review_on": TODAY}, "review_on", "after today"),
    ],
)
def test_a_need_that_cannot_be_kept_says_why(
    partner: Partner, values: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(NeedError, match=sentence) as refusal:
        needs.add_need(partner=partner, **WORDS | values)

    assert refusal.value.field == field
    assert not Need.objects.exists()


def test_every_script_and_a_date_of_birth_are_kept_as_written(partner: Partner) -> None:
    text = "أحتاج إلى مترجم 🌻\nborn 29/02/1960"

    need = needs.add_need(partner=partner, **WORDS | {"text": text})

    need.refresh_from_db()
    assert need.text == text


def test_a_need_is_changed_and_really_deleted(partner: Partner) -> None:
    need = needs.add_need(partner=partner, **WORDS)

    assert needs.change_need(need=need, by=None, now=NOW, to_do="Face me", shared=True)
    assert not needs.change_need(need=need, by=None, now=NOW, shared=True)
    with pytest.raises(NeedError, match="what the organiser"):
        needs.change_need(need=need, by=None, now=NOW, to_do="")
    needs.remove_need(need=need, by=None, now=NOW)

    assert not Need.objects.exists()
    with pytest.raises(NeedError, match="removed a moment ago"):
        needs.change_need(need=need, by=None, now=NOW, to_do="Face me more")


def test_organisers_are_told_what_to_do_and_nothing_else(programme: Programme) -> None:
    def told(number: int) -> tuple[list[tuple[str, str]], int]:
        partners = [PartnerFactory(programme=programme, name=f"Ann {n}") for n in range(number)]
        for one in partners:
            needs.add_need(partner=one, **WORDS, to_do=f"Face {one}", shared=True)
            needs.add_need(partner=one, **WORDS, to_do="Secret")
        with CaptureQueriesContext(connection) as asked:
            pairs = profile.to_do_for(partners[::-1])
        return [(str(who), what) for who, what in pairs], len(asked)

    assert told(1) == ([("Ann 0", "Face Ann 0")], 1)
    assert told(3) == ([(f"Ann {n}", f"Face Ann {n}") for n in (2, 1, 0)], 1)


# --- Away -----------------------------------------------------------------------------------------


def test_pauses_say_when_somebody_is_free(partner: Partner) -> None:
    kept = profile.add_pause(
        partner=partner, starts_on=TODAY, ends_on=TODAY + timedelta(9), by=None, now=NOW
    )
    other = PartnerFactory(programme=partner.programme)

    assert not profile.free_on(partner, TODAY + timedelta(9))
    assert profile.free_on(partner, TODAY + timedelta(10))
    assert list(Partner.objects.not_away_on(TODAY)) == [other]
    with pytest.raises(ProfileError, match="already said that you are away"):
        profile.add_pause(partner=partner, starts_on=TODAY + timedelta(9), by=None, now=NOW)
    with pytest.raises(ProfileError, match="the day it begins or later") as refusal:
        profile.end_pause(pause=kept, ends_on=TODAY - timedelta(1), by=None, now=NOW)
    assert refusal.value.field == "ends_on"

    assert profile.end_pause(pause=kept, ends_on=TODAY + timedelta(2), by=None, now=NOW)

    assert profile.free_on(partner, TODAY + timedelta(3))
    profile.remove_pause(pause=kept, by=None, now=NOW)
    assert profile.free_on(partner, TODAY)


def test_somebody_on_a_break_is_not_free(programme: Programme) -> None:
    assert not profile.free_on(PartnerFactory(programme=programme, status="on_break"), TODAY)


def test_the_database_refuses_two_pauses_on_one_day(partner: Partner) -> None:
    Pause.objects.create(partner=partner, starts_on=TODAY, ends_on=TODAY, added_at=NOW)
    Pause.objects.create(partner=partner, starts_on=TODAY + timedelta(1), added_at=NOW)

    with pytest.raises(IntegrityError, match="pause_once_at_a_time"), transaction.atomic():
        Pause.objects.create(partner=partner, starts_on=TODAY, ends_on=TODAY, added_at=NOW)


# --- Pace, contact, emergency ---------------------------------------------------------------------


def change(partner: Partner, **fields: Any) -> bool:
    return register.change_partner(partner=partner, by=None, now=NOW, **fields)


def test_pace_is_told_in_words_and_in_minutes(partner: Partner) -> None:
    assert profile.pace_in_words(partner) == ""
    assert profile.minutes_a_month(partner) is None
    change(partner, hours_wanted=1, hours_per="week", longest_minutes=150, rest_days=2)

    assert profile.pace_in_words(partner) == (
        "About 1 hour a week, at most 2 hours 30 minutes at a time, then 2 days of rest"
    )
    assert profile.minutes_a_month(partner) == 260
    assert profile.too_long(partner, 151)
    assert not profile.too_long(partner, 150)
    rests = [
        profile.rests_on(partner, TODAY + timedelta(n), worked_on=TODAY, minutes=150)
        for n in range(4)
    ]
    assert rests == [False, True, True, False]
    assert not profile.rests_on(partner, TODAY + timedelta(1), worked_on=TODAY, minutes=149)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"preferred_channel": "phone", "phone": ""}, "phone", "Enter a telephone number, or"),
        ({"preferred_channel": "post"}, "address", "Enter a postal address, or"),
        ({"preferred_channel": "email", "email": ""}, "email", "Enter an e-mail address, or"),
        ({"preferred_channel": "pigeon"}, "preferred_channel", "Choose one"),
        ({"hours_wanted": 3}, "hours_per", "a week or a month"),
        ({"hours_wanted": 201, "hours_per": "week"}, "hours_wanted", "from 1 to 200"),
        ({"rest_days": 99}, "rest_days", "from 0 to 31"),
        ({"rest_days": 99_999}, "rest_days", "from 0 to 31"),
        ({"address": "x" * 301}, "address", "Shorten this to 300"),
        ({"availability": "x" * 501}, "availability", "Shorten this to 500"),
    ],
)
def test_what_does_not_fit_together_is_told(
    partner: Partner, fields: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RegisterError, match=sentence) as refusal:
        change(partner, **fields)

    assert refusal.value.field == field


def test_somebody_without_an_address_is_reached_by_post(partner: Partner) -> None:
    change(partner, email="", preferred_channel="post", address="1 High Street\nBrighton")

    partner.refresh_from_db()
    assert (partner.email, partner.address) == (None, "1 High Street\nBrighton")
    with pytest.raises(RegisterError, match="Enter a postal address"):
        change(partner, address="")


def test_there_is_one_emergency_contact(partner: Partner) -> None:
    for name in ("Ada", " Bea  Obi "):
        profile.set_emergency_contact(
            partner=partner, name=name, phone="01632 960001", by=None, now=NOW
        )

    partner.refresh_from_db()
    assert partner.emergency_contact.name == "Bea Obi"
    with pytest.raises(ProfileError, match="Enter their telephone number"):
        profile.set_emergency_contact(partner=partner, name="Ada", phone=" ", by=None, now=NOW)
    profile.remove_emergency_contact(partner=partner, by=None, now=NOW)
    assert not Partner.objects.filter(emergency_contact__isnull=False).exists()
