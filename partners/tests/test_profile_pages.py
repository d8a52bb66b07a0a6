"""A partner's profile pages, and what of them others see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.tests.factories import person
from partners.models import Expertise, Need, Partner, Passion, Pause, Priority
from partners.services import expertise, needs, profile
from partners.tests.factories import NOW, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
EVERYBODY = ("only_me", "coordinators", "staff")


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def mo(partner: Partner, client_for: SignIn) -> Client:
    return client_for(partner.user)


def at(name: str, *args: Any) -> str:
    return reverse(f"partners:{name}", args=args)


def day(name: str, when: Any) -> dict[str, Any]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def need_as_sent(**values: Any) -> dict[str, Any]:
    return {"kind": "energy", "text": "I tire", "to_do": "Two breaks", "shared": "True", **values}


def tell_everything(partner: Partner, mark: str = "") -> None:
    """One of each thing, of each visibility where there is one."""
    who: dict[str, Any] = {"partner": partner, "by": None, "now": NOW}
    for seen in EVERYBODY:
        words = {**who, "visibility": seen}
        expertise.add_expertise(kind="jewel", text=f"jewel-{seen}{mark}", **words)
        expertise.add_passion(text=f"passion-{seen}{mark}", **words)
        expertise.add_priority(text=f"priority-{seen}{mark}", **words)
    needs.add_need(kind="food", text=f"need{mark}", to_do=f"to-do{mark}", shared=True, **who)
    needs.add_need(kind="food", text=f"quiet{mark}", to_do=f"hushed{mark}", **who)


def queries(client: Client, there: str) -> int:
    client.get(there)  # a session is written down at the first visit
    with CaptureQueriesContext(connection) as asked:
        assert client.get(there).status_code == 200
    return len(asked)


def test_profile_asks_as_often_for_one_thing_as_for_three(mo: Client, partner: Partner) -> None:
    pages = ("profile", "access", "pauses", "what_others_see")
    expertise.seed_themes(programme=partner.programme, by=None, now=NOW)
    counts = []
    for mark in ("a", "b", "c"):
        tell_everything(partner, mark)
        start = timezone.localdate() + timedelta(days=10 * len(counts) + 10)
        profile.add_pause(partner=partner, starts_on=start, ends_on=start, by=None, now=NOW)
        counts.append([queries(mo, at(page)) for page in pages])

    assert counts[0] == counts[2]
    assert dict(zip(pages, counts[0], strict=True)) == {
        "profile": 9,
        "access": 5,
        "pauses": 6,
        "what_others_see": 9,
    }


def test_a_need_is_told_looked_at_again_and_deleted(mo: Client, partner: Partner) -> None:
    empty = mo.get(at("access")).content.decode()
    assert "Tell us what helps" in empty
    mo.post(at("add_need"), need_as_sent())
    need = Need.objects.get()
    assert (need.partner, need.shared, need.to_do) == (partner, True, "Two breaks")
    assert "Still right" not in mo.get(at("access")).content.decode()

    Need.objects.update(review_on=timezone.localdate())
    assert "Is it still right?" in mo.get(at("profile")).content.decode()
    assert "Still right" in mo.get(at("access")).content.decode()
    mo.post(at("review_need", need.pk))
    assert "Still right" not in mo.get(at("access")).content.decode()

    mo.post(at("change_need", need.pk), need_as_sent(text="I tire fast", shared="False"))
    need.refresh_from_db()
    assert (need.text, need.shared) == ("I tire fast", False)
    assert "I tire fast" in mo.get(at("remove_need", need.pk)).content.decode()
    mo.post(at("remove_need", need.pk))
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("add_need", need_as_sent(to_do=""), "Say what the organiser should do"),
        ("add_need", need_as_sent(text="x" * 2001), "Shorten this to 2,000"),
        ("add_need", need_as_sent(text=""), "Say what you need in your own words"),
        (
            "add_need",
            need_as_sent(review_on_day="29", review_on_month="2", review_on_year="2027"),
            "The day must be a real date",
        ),
        (
            "change_contact",
            {"preferred_channel": "phone", "phone": ""},
            "Enter a telephone number,",
        ),
        (
            "change_contact",
            {"preferred_channel": "post", "email": ""},
            "Enter a postal address, or",
        ),
        ("change_contact", {"phone_hours": "x" * 101}, "Shorten this to 100 characters"),
        ("change_pace", {"hours_wanted": "8"}, "Choose whether that is a week or a month"),
        ("change_pace", {"hours_wanted": "lots"}, "Enter a whole number of hours, like 8"),
        ("change_pace", {"rest_days": "99"}, "Enter 31 days or fewer"),
        ("change_availability", {"availability": "x" * 501}, "Shorten this to 500 characters"),
        (
            "add_pause",
            {"starts_on_day": "29", "starts_on_month": "2", "starts_on_year": "2027"},
            "The first day must be a real date",
        ),
        ("emergency", {"name": "Ada", "phone": ""}, "Enter their telephone number"),
        ("emergency", {"name": "Ada", "phone": "none"}, "Enter a telephone number, like"),
        ("add_passion", {"text": "", "visibility": "staff"}, "Write a few words"),
        ("add_priority", {"text": "To sing", "visibility": ""}, "Choose who may see it"),
        ("change_name", {"name": "Mo", "say_name": "x" * 101}, "Shorten this to 100 characters"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_on_the_page(
    mo: Client, partner: Partner, name: str, sent: dict[str, str], sentence: str
) -> None:
    Partner.objects.update(phone="")

    page = mo.post(at(name), sent).content.decode()

    assert sentence in page
    assert "<title>Error: " in page
    assert all(value in page for value in sent.values())


def test_times_away_are_said_ended_and_deleted(mo: Client, partner: Partner) -> None:
    today = timezone.localdate()
    assert "We never ask why" in mo.get(at("pauses")).content.decode()
    first = day("starts_on", today) | day("ends_on", today + timedelta(days=9))
    assert mo.post(at("add_pause"), first).status_code == 302
    pause = Pause.objects.get()

    twice = mo.post(at("add_pause"), day("starts_on", today)).content.decode()
    assert "You have already said that you are away" in twice
    backwards = mo.post(at("end_pause", pause.pk), day("ends_on", today - timedelta(days=1)))
    assert "A pause ends on the day it begins or later" in backwards.content.decode()
    assert mo.post(at("end_pause", pause.pk), day("ends_on", today)).status_code == 302

    pause.refresh_from_db()
    assert pause.ends_on == today
    mo.post(at("remove_pause", pause.pk))
    assert not Pause.objects.exists()


def test_small_parts_are_kept(mo: Client, partner: Partner) -> None:
    mo.post(
        at("change_name"), {"name": "Maureen Okafor", "known_as": "Mo", "say_name": "Oh-kah-for"}
    )
    mo.post(at("change_availability"), {"availability": "Tuesdays\r\nnot before 10"})
    mo.post(
        at("change_pace"),
        {"hours_wanted": "8", "hours_per": "month", "longest_minutes": "120", "rest_days": "1"},
    )
    mo.post(
        at("change_contact"),
        {"email": "", "phone": "01632 960001", "preferred_channel": "phone", "phone_hours": "noon"},
    )
    mo.post(at("emergency"), {"name": "Ada", "phone": "01632 960002", "relation": "my sister"})

    partner.refresh_from_db()
    page = mo.get(at("profile")).content.decode()
    assert partner.availability == "Tuesdays\nnot before 10"
    assert (partner.email, partner.preferred_channel, partner.phone_hours) == (
        None,
        "phone",
        "noon",
    )
    assert "About 8 hours a month, at most 2 hours at a time, then 1 day of rest" in page
    assert "By telephone, 01632 960001" in page
    assert "Ada, 01632 960002" in page
    assert partner.emergency_contact.relation == "my sister"
    mo.post(at("remove_emergency"))
    assert "Ada, " not in mo.get(at("profile")).content.decode()


def test_each_kind_of_own_words_is_said_shared_and_deleted(mo: Client, partner: Partner) -> None:
    theme = expertise.seed_themes(programme=partner.programme, by=None, now=NOW)[0]
    for name, model in (("expertise", Expertise), ("passion", Passion), ("priority", Priority)):
        sent = {
            "kind": "jewel",
            "text": "أعرف الألم 🌻",
            "visibility": "staff",
            "themes": [theme.pk],
        }
        mo.post(at(f"add_{name}"), sent)
        item = model.objects.shown().get()
        assert (item.text, item.visibility) == ("أعرف الألم 🌻", "staff")
        assert item.theme_names == [theme.name]

        changed = {**sent, "text": "I know pain", "themes": []}
        changed |= day("reached_on", timezone.localdate())
        mo.post(at(f"change_{name}", item.pk), changed)
        item = model.objects.shown().get()
        assert (item.text, item.theme_names) == ("I know pain", [])
        assert "I know pain" in mo.get(at(f"remove_{name}", item.pk)).content.decode()
        mo.post(at(f"remove_{name}", item.pk))
        assert not model.objects.exists()


def test_what_others_see_is_what_they_see(
    mo: Client, partner: Partner, programme: Programme, client_for: SignIn
) -> None:
    tell_everything(partner)
    page = mo.get(at("what_others_see")).content.decode()
    told = {
        who: page.split(f'aria-labelledby="{who}"')[1].split("</section>")[0]
        for who in ("staff", "organisers", "coordinators")
    }

    for role, section in ((Role.STAFF, "staff"), (Role.COORDINATOR, "coordinators")):
        user = person(role, programme)
        for model, name in ((Expertise, "jewel"), (Passion, "passion"), (Priority, "priority")):
            seen = {item.text for item in model.objects.visible_to(user).filter(partner=partner)}
            assert seen == {f"{name}-{it}" for it in EVERYBODY if f"{name}-{it}" in told[section]}
            assert len(seen) == (1 if role == Role.STAFF else 2)
    assert "to-do" in told["organisers"]
    assert "hushed" not in told["organisers"] + told["staff"]
    assert "need" not in told["staff"]
    assert all(mark in told["coordinators"] for mark in ("need", "quiet", "hushed"))
    assert "only_me" not in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.CLINICIAN, Role.FINANCE, Role.CLINICAL_LEAD])
def test_nobody_but_coordinators_sees_needs_or_whom_to_ring(
    partner: Partner, programme: Programme, role: str
) -> None:
    tell_everything(partner)
    profile.set_emergency_contact(partner=partner, name="Ada", phone="0", by=None, now=NOW)
    user, boss = person(role, programme), person(Role.COORDINATOR, programme)

    for model in (Need, Pause, type(partner.emergency_contact)):
        assert not model.objects.visible_to(user).exists()
    assert Need.objects.visible_to(boss).count() == 2
