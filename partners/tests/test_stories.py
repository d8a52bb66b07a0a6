"""The story bank: used as far as its owners allow, gone from every page when they take it back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Partner, Story, StoryConsent, StoryUse
from partners.services import stories
from partners.services.stories import StoryError
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
MARK = "zebrafinch"
STAFF = (Role.STAFF, Role.CLINICIAN, Role.CLINICAL_LEAD, Role.PEER_OBSERVER)


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def cora(programme: Programme) -> User:
    return person(Role.COORDINATOR, programme)


def told(partner: Partner, **values: Any) -> Story:
    return stories.write_story(
        partner=partner,
        by=partner.user,
        now=timezone.now(),
        **{"title": f"The {MARK} on the ward", "text": f"I heard a {MARK}.", **values},
    )


def lent(partner: Partner, *uses: str, until: date | None = None, **values: Any) -> Story:
    story = told(partner, **values)
    stories.agree(story=story, uses=dict.fromkeys(uses, until), by=partner.user, now=timezone.now())
    return story


def log(story: Story, by: User, **values: Any) -> StoryUse:
    facts = {"use": "teaching", "where": "Induction", "used_on": timezone.localdate()}
    return stories.log_use(story=story, by=by, now=timezone.now(), **{**facts, **values})


def pages_for(client: Client, story: Story) -> dict[str, Any]:
    """Every page on which somebody else could meet a story."""
    at = {
        "bank": reverse("partners:story_bank"),
        "read": reverse("partners:read_story", args=[story.pk]),
        "own": reverse("partners:story", args=[story.pk]),
        "search": reverse("partners:who_could_help") + "?q=ward",
        "admin list": reverse("admin:partners_story_changelist"),
        "admin page": reverse("admin:partners_story_change", args=[story.pk]),
        "use": reverse("admin:partners_story_log_use", args=[story.pk]),
        "copy": reverse("admin:partners_story_copy", args=[story.pk]),
        "withdraw": reverse("admin:partners_story_withdraw", args=[story.pk]),
    }
    return {name: client.get(address, follow=True) for name, address in at.items()}


def shown_on(client: Client, story: Story) -> set[str]:
    return {
        name for name, page in pages_for(client, story).items() if MARK in page.content.decode()
    }


# --- Who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*STAFF, Role.COORDINATOR, Role.FINANCE, Role.PARTNER])
@pytest.mark.parametrize("use", ["", "teaching", "staff"])
def test_a_story_is_shown_as_far_as_its_owner_agreed(
    programme: Programme, mo: Partner, client_for: SignIn, role: str, use: str
) -> None:
    story = lent(mo, *([use] if use else []), credit="Mo")
    reader = client_for(person(role, programme))

    bank = {"admin list", "admin page", "use", "copy", "withdraw"}
    expected: dict[str, dict[str, set[str]]] = {
        "": {},
        "teaching": {Role.COORDINATOR: bank | {"search"}},
        "staff": {
            Role.COORDINATOR: bank | {"search", "bank", "read"},
            **{one: {"bank", "read", "search"} for one in STAFF},
        },
    }
    assert shown_on(reader, story) == expected[use].get(role, set())


@pytest.mark.parametrize("role", [*STAFF, Role.COORDINATOR])
def test_a_story_of_another_programme_is_shown_nowhere(
    mo: Partner, client_for: SignIn, role: str
) -> None:
    story = lent(mo, "staff", "teaching", credit="Mo")

    assert shown_on(client_for(person(role, ProgrammeFactory())), story) == set()


@pytest.mark.parametrize("role", [Role.STAFF, Role.COORDINATOR])
@pytest.mark.parametrize("how", ["whole", "one use", "boxes", "run out"])
def test_what_is_taken_back_is_gone_on_the_next_request(
    programme: Programme, mo: Partner, client_for: SignIn, role: str, how: str
) -> None:
    story = lent(mo, "staff", credit="Mo")
    reader, owner = client_for(person(role, programme)), client_for(mo.user)
    assert shown_on(reader, story)

    consent = story.consents.get()
    if how == "whole":
        owner.post(reverse("partners:withdraw_story", args=[story.pk]))
    elif how == "one use":
        owner.post(reverse("partners:stop_story_use", args=[consent.pk]))
    elif how == "boxes":
        owner.post(reverse("partners:story_consents", args=[story.pk]), {})
    else:
        StoryConsent.objects.update(until=timezone.localdate() - timedelta(days=1))

    assert shown_on(reader, story) == set()
    statuses = {name: page.status_code for name, page in pages_for(reader, story).items()}
    assert statuses["read"] == 404
    if role == Role.COORDINATOR:
        sent = {"use": "staff", "where": "A talk"}
        copy = reader.post(reverse("admin:partners_story_copy", args=[story.pk]), sent)
        assert copy.status_code == 404
    assert MARK in owner.get(reverse("partners:story", args=[story.pk])).content.decode()
    assert not StoryUse.objects.exists()


def test_the_last_day_still_counts(programme: Programme, mo: Partner, client_for: SignIn) -> None:
    staff = client_for(person(Role.STAFF, programme))
    story = lent(mo, "staff", until=timezone.localdate())
    address = reverse("partners:read_story", args=[story.pk])

    assert staff.get(address).status_code == 200
    assert staff.get(address)["Cache-Control"] == "private, no-store"

    StoryConsent.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert staff.get(address).status_code == 404


def test_what_a_reader_should_know_stands_before_the_story(
    programme: Programme, mo: Partner, cora: User, client_for: SignIn
) -> None:
    story = lent(mo, "staff", "board", take_care="This is about a death", credit="A daughter")

    for client, name in (
        (client_for(person(Role.STAFF, programme)), "partners:read_story"),
        (client_for(cora), "admin:partners_story_change"),
    ):
        page = client.get(reverse(name, args=[story.pk])).content.decode()
        assert page.index("This is about a death") < page.index(f"I heard a {MARK}")
    staff_page = client_for(person(Role.STAFF, programme)).get(
        reverse("partners:read_story", args=[story.pk])
    )
    assert "A daughter" in staff_page.content.decode()
    assert "Okafor" not in staff_page.content.decode()


# --- Writing and agreeing ------------------------------------------------------------------------


def test_a_story_is_told_page_by_page(mo: Partner, client_for: SignIn) -> None:
    client = client_for(mo.user)

    written = client.post(
        reverse("partners:add_story"), {"title": " My  ward ", "text": "One.\r\n\r\nTwo. 🌱 שלום"}
    )
    story = Story.objects.get()
    reading = client.post(
        written.url, {"take_care": "Loss", "named": "other", "credit": "A mother"}
    )
    agreed = client.post(
        reading.url,
        {
            "uses": ["teaching", "board"],
            "until_board_day": "1",
            "until_board_month": "3",
            "until_board_year": "2999",
        },
    )

    assert agreed.status_code == 200  # a year beyond 2200 is refused beside its boxes
    until = timezone.localdate() + timedelta(days=90)
    client.post(
        reading.url,
        {
            "uses": ["teaching", "board"],
            "until_board_day": until.day,
            "until_board_month": until.month,
            "until_board_year": until.year,
        },
    )
    story.refresh_from_db()
    assert (story.title, story.text) == ("My ward", "One.\n\nTwo. 🌱 שלום")
    assert (story.take_care, story.credit) == ("Loss", "A mother")
    given = {consent.use: consent.until for consent in story.consents.all()}
    assert given == {"teaching": None, "board": until}


def test_an_overlong_story_is_told_how_to_shorten_and_stays_typed(
    mo: Partner, client_for: SignIn
) -> None:
    text = "Forty thousand words. " * 10_000

    page = (
        client_for(mo.user)
        .post(reverse("partners:add_story"), {"title": "Long", "text": text})
        .content.decode()
    )

    assert "Your story has 219,999 characters, and we can keep 60,000. Take out 159,999" in page
    assert text.strip() in page
    assert 'value="Long"' in page
    assert not Story.objects.exists()


def test_a_story_of_exactly_the_most_is_kept_whatever_its_line_ends(
    mo: Partner, client_for: SignIn
) -> None:
    text = "a\r\n" * 29_999 + "bc"

    client_for(mo.user).post(reverse("partners:add_story"), {"title": "Long", "text": text})

    assert len(Story.objects.get().text) == 60_000


def test_what_is_typed_is_kept_and_said(mo: Partner, client_for: SignIn) -> None:
    client, script = client_for(mo.user), {"HTTP_X_AUTOSAVE": "yes"}

    early = client.post(reverse("partners:add_story"), {"title": "", "text": "I"}, **script)
    first = client.post(reverse("partners:add_story"), {"title": "A", "text": "I"}, **script).json()
    again = client.post(
        first["address"], {"title": "A", "text": "I saw", **first["set"]}, **script
    ).json()
    stale = client.post(
        first["address"], {"title": "A", "text": "Other window", **first["set"]}, **script
    )

    assert (early.status_code, early.json()["said"][:14]) == (422, "Not saved yet:")
    assert again["said"].startswith("Saved at ")
    assert stale.status_code == 422
    assert "another window" in stale.json()["said"]
    assert Story.objects.get().text == "I saw"


def test_what_others_read_is_not_changed_while_it_is_typed(mo: Partner, client_for: SignIn) -> None:
    story = lent(mo, "staff")
    client, address = client_for(mo.user), reverse("partners:change_story", args=[story.pk])

    page = client.get(address).content.decode()

    assert "data-app-autosave" not in page
    assert "when you press Save" in page


def test_another_day_is_a_new_consent_and_the_old_one_is_kept(mo: Partner) -> None:
    story, soon = lent(mo, "board"), timezone.localdate() + timedelta(days=3)

    stories.agree(story=story, uses={"board": soon}, by=mo.user, now=timezone.now())

    assert [c.until for c in StoryConsent.objects.standing(timezone.localdate())] == [soon]
    assert story.consents.count() == 2


@pytest.mark.parametrize(
    ("uses", "sentence"),
    [
        ({"board": date(2020, 2, 29)}, "today or later"),
        ({"billboards": None}, "from the list"),
    ],
)
def test_an_impossible_consent_is_refused(
    mo: Partner, uses: dict[str, date | None], sentence: str
) -> None:
    with pytest.raises(StoryError, match=sentence):
        stories.agree(story=told(mo), uses=uses, by=mo.user, now=timezone.now())


def test_nobody_else_writes_shares_or_withdraws(
    programme: Programme, mo: Partner, cora: User
) -> None:
    story, now = lent(mo, "board"), timezone.now()
    staff = person(Role.STAFF, programme)

    for attempt in (
        lambda: stories.change_story(story=story, by=cora, now=now, title="Mine"),
        lambda: stories.agree(story=story, uses={"public": None}, by=cora, now=now),
        lambda: stories.withdraw(story=story, by=staff, now=now, told="She said so"),
        lambda: stories.bring_back(story=story, by=cora, now=now),
        lambda: stories.stop_use(consent=story.consents.get(), by=cora, now=now),
    ):
        with pytest.raises(StoryError, match="Only the person whose story this is"):
            attempt()


def test_a_story_brought_back_is_used_nowhere_until_agreed_anew(mo: Partner) -> None:
    story, now = lent(mo, "staff", "board"), timezone.now()

    stories.withdraw(story=story, by=mo.user, now=now)
    stories.bring_back(story=story, by=mo.user, now=now)

    assert not StoryConsent.objects.standing(timezone.localdate()).exists()
    assert story.withdrawn_at is None


# --- Uses ----------------------------------------------------------------------------------------


def test_a_use_is_written_down_and_its_owner_told_without_the_words(
    mo: Partner, cora: User, client_for: SignIn
) -> None:
    story = lent(mo, "teaching")
    sent = {"use": "teaching", "where": "Ward 4", **_day("used_on", timezone.localdate())}

    client_for(cora).post(reverse("admin:partners_story_log_use", args=[story.pk]), sent)

    own = client_for(mo.user).get(reverse("partners:story", args=[story.pk])).content.decode()
    message = Message.objects.get(kind="story_used")
    assert "Teaching and training of staff at “Ward 4”" in own
    assert message.to_address == mo.email
    assert MARK not in message.subject + message.body
    assert "Ward 4" not in message.subject + message.body


@pytest.mark.parametrize("how", ["never", "other use", "taken back", "run out", "not yet"])
def test_a_use_without_consent_is_refused(mo: Partner, cora: User, how: str) -> None:
    today, day = timezone.localdate(), timezone.localdate()
    story = lent(mo, "board", *([] if how in {"never", "other use"} else ["teaching"]))
    consent = StoryConsent.objects.filter(use="teaching")
    if how == "never":
        StoryConsent.objects.all().delete()
    elif how == "taken back":
        stories.stop_use(consent=consent.get(), by=mo.user, now=timezone.now())
    elif how == "run out":
        consent.update(until=today - timedelta(days=1))
    elif how == "not yet":
        day = today - timedelta(days=1)

    with pytest.raises(StoryError, match="has not agreed"):
        log(story, cora, used_on=day)

    assert not StoryUse.objects.exists()
    assert not Message.objects.filter(kind="story_used").exists()


def test_a_use_on_the_last_day_is_written_down_later(mo: Partner, cora: User) -> None:
    story, yesterday = lent(mo, "teaching"), timezone.localdate() - timedelta(days=1)
    StoryConsent.objects.update(given_at=timezone.now() - timedelta(days=9), until=yesterday)

    assert log(story, cora, used_on=yesterday).pk


def test_a_copy_is_a_use_in_the_same_moment(mo: Partner, cora: User, client_for: SignIn) -> None:
    story = lent(mo, "teaching", credit="Mo", take_care="Loss")
    client, address = client_for(cora), reverse("admin:partners_story_copy", args=[story.pk])

    refused = client.post(address, {"use": "public", "where": "A poster"})
    copy = client.post(address, {"use": "teaching", "where": "Ward 4"})

    text = copy.content.decode()
    assert refused.status_code == 200
    assert "attachment" not in refused.get("Content-Disposition", "")
    assert copy["Content-Disposition"].startswith("attachment")
    assert "no-store" in copy["Cache-Control"]
    assert f"I heard a {MARK}." in text
    assert "Told by Mo" in text
    assert StoryUse.objects.get().where == "Ward 4"


def test_a_partner_without_an_address_is_to_be_told_otherwise(
    mo: Partner, cora: User, client_for: SignIn
) -> None:
    story = lent(mo, "teaching")
    Partner.objects.update(email=None)
    sent = {"use": "teaching", "where": "Ward 4", **_day("used_on", timezone.localdate())}

    answer = client_for(cora).post(
        reverse("admin:partners_story_log_use", args=[story.pk]), sent, follow=True
    )

    assert "has no e-mail address" in answer.content.decode()


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name", "most"),
    [
        (Role.PARTNER, "partners:stories", 7),
        (Role.STAFF, "partners:story_bank", 5),
        (Role.COORDINATOR, "admin:partners_story_changelist", 6),
    ],
)
def test_lists_cost_the_same_at_one_and_at_three(
    programme: Programme, mo: Partner, client_for: SignIn, role: str, name: str, most: int
) -> None:
    client = client_for(mo.user if role == Role.PARTNER else person(role, programme))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            lent(mo, "staff", "board")
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name))
        counts.append(len(asked))

    assert counts == [most, most]


def _day(name: str, day: date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
