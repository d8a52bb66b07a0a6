"""Pages of open events: for strangers, without a hint of who registered, and for coordinators."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import ProgrammeFactory, person
from assignments import services as assignments
from assignments.models import EventPage
from assignments.services import events
from assignments.tests.event_factories import asked, coming, letters, published, token_in
from assignments.tests.factories import WorkGroupFactory, planned

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)
LIMITS = "%event_registration%"
FORM = {"name": "Ann Lee", "email": "ann@example.org", "access_needs": "A ramp"}


@pytest.fixture
def page(now):
    return published(now + MONTH, now=now)


@pytest.fixture
def cora(client_for, page):
    return client_for(person(Role.COORDINATOR, page.meeting.programme))


def address(page):
    return reverse("assignments:event", args=[page.slug])


def behind(token, name="registration"):
    return reverse(f"assignments:{name}", args=[token])


def send(page, **values):
    return Client().post(address(page), {**FORM, **values})


def words(response):
    return " ".join(response.content.decode().split())


def test_stranger_registers_confirms_and_cancels(page):
    answer = Client().post(address(page), FORM, follow=True)
    assert "Look at your e-mail" in words(answer)

    token = token_in(letters("ann@example.org")[0])
    shown = Client().get(behind(token))
    assert "Confirm my place" in words(shown)
    assert page.registrations.get().confirmed_at is None

    shown = Client().post(behind(token), follow=True)
    assert "You have a place" in words(shown)
    entry = Client().get(behind(token, "registration_entry"))
    assert entry["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in entry.content

    assert "Give my place back" in words(Client().get(behind(token, "cancel_registration")))
    assert page.registrations.get().seat == 1
    done = Client().post(behind(token, "cancel_registration"))
    assert "Thank you for telling us" in words(done)
    assert Client().get(behind(token)).status_code == 404


def test_page_names_the_programme_and_nobody_who_comes(page, now):
    coming(page, "ben@example.org", name="Ben Quill", now=now)

    shown = words(Client().get(address(page)))

    assert page.meeting.programme.name in shown
    assert "Nine places are left" in shown
    assert "The old library" in shown
    assert "Quill" not in shown
    assert "ben@" not in shown


def test_same_answer_whether_the_address_is_registered_or_not(page, now):
    coming(page, "ann@example.org", now=now)
    asked(page, "cy@example.org", now=now)

    answers = {
        (known.status_code, known.url)
        for known in (send(page, email=f"{who}@example.org") for who in ("ann", "ben", "cy"))
    }

    assert len(answers) == 1
    assert letters("ann@example.org", "event_known")


def test_wrong_input_gets_sentences_and_keeps_what_was_typed(page):
    answer = send(page, name="", email="ann at example", access_needs="x" * 501)

    said = words(answer)
    assert "Error:" in said
    for sentence in ("Enter your name", "in the correct format", "Shorten this to 500"):
        assert sentence in said
    assert "ann at example" in said
    assert not page.registrations.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"name": "A" * 40_000},
        {"email": f"{'a' * 40_000}@example.org"},
        {"access_needs": "🎻" * 40_000},
        {"name": "Ann \u202eeeL"},
        {"email": "ann@example.org\r\nBcc: all@example.org"},
        {"name": "See www.example.org"},
    ],
)
def test_hostile_input_gets_a_sentence(page, values):
    answer = send(page, **values)

    assert answer.status_code == 200
    assert "There is a problem" in words(answer)
    assert not page.registrations.exists()


def test_bytes_that_are_no_text_get_a_sentence(page):
    answer = send(page, name="Ann\0Lee")

    assert answer.status_code == 400
    assert "could not read" in words(answer)


def test_too_many_tries_get_a_sentence(page):
    for _ in range(4):
        assert send(page).status_code == 302
    answer = send(page)

    assert answer.status_code == 429
    assert "There were too many tries" in words(answer)
    assert send(page, email="ben@example.org").status_code == 302
    for number in range(60):
        answer = send(page, email=f"a{number}@example.org")
    assert answer.status_code == 429
    cache.clear()


def test_tries_are_counted_in_the_database_and_not_in_redis(page):
    send(page)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache WHERE cache_key LIKE %s", [LIMITS])
        assert cursor.fetchone() == (2,)


def test_page_says_what_is_closed_full_and_cancelled(page, now):
    events.change_page(page=page, by=None, now=now, places=1)
    coming(page, now=now)
    assert "All places are taken" in words(Client().get(address(page)))
    events.change_page(page=page, by=None, now=now, is_open=False)
    assert "Registration is closed" in words(Client().get(address(page)))
    assert "<form" not in words(Client().get(address(page)))
    assert send(page, email="ben@example.org").status_code == 200
    assignments.cancel_meeting(meeting=page.meeting, by=None, now=now, why="Snow")
    assert "This event is cancelled" in words(Client().get(address(page)))
    assert not page.registrations.filter(email="ben@example.org").exists()


def test_page_says_what_is_over(now):
    page = published(now - timedelta(days=2), now=now - MONTH)

    assert "This event is over" in words(Client().get(address(page)))


def test_wrong_link_says_so():
    for name in ("registration", "cancel_registration", "registration_entry"):
        answer = Client().get(behind("x", name))
        assert answer.status_code == 404
        assert "This link has ended" in words(answer)
    assert Client().get("/events/no-such-event/").status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_pages_ask_the_database_as_often_for_three_as_for_one(
    page, now, people, django_assert_num_queries, client_for
):
    for number in range(people):
        coming(page, f"p{number}@example.org", now=now)
    token = asked(page, "last@example.org", now=now)
    client = client_for(person(Role.COORDINATOR, page.meeting.programme))
    admin = reverse("admin:assignments_eventpage_change", args=[page.pk])
    client.get(admin)

    with django_assert_num_queries(2):
        Client().get(address(page))
    with django_assert_num_queries(1):
        Client().get(behind(token))
    with django_assert_num_queries(7):
        client.get(admin)
    with django_assert_num_queries(5):
        client.get(reverse("admin:assignments_eventpage_sheet", args=[page.pk]))


# --- For coordinators ----------------------------------------------------------------------------


def test_coordinator_makes_and_changes_a_public_page(now, client_for):
    group = WorkGroupFactory(kind="event", name="Open evening")
    meeting = planned(group, now + MONTH, now=now)
    client = client_for(person(Role.COORDINATOR, group.programme))
    there = reverse("admin:assignments_eventpage_of", args=[meeting.pk])
    assert "A public page for Open evening" in words(client.get(there))
    facts = {"intro": "Come and see", "places": "20", "slug": "open-evening", "is_open": "on"}

    wrong = client.post(there, {**facts, "places": "0", "slug": "no good"})
    assert "Enter between 1 and 2,000 places" in words(wrong)
    assert "Use small letters" in words(wrong)
    made = client.post(there, facts, follow=True)

    assert "/events/open-evening/" in words(made)
    page = EventPage.objects.get(meeting=meeting)
    coming(page, now=now)
    coming(page, "ben@example.org", now=now)
    edit = reverse("admin:assignments_eventpage_edit", args=[page.pk])
    fewer = client.post(edit, {**facts, "places": "1"})
    assert "at least 2 places" in words(fewer)
    client.post(edit, {**facts, "places": "30"})
    page.refresh_from_db()
    assert page.places == 30
    assert client.get(there).status_code == 302


def test_coordinator_sees_who_comes_and_the_sheet_has_names_alone(page, now, client_for):
    coming(page, name="Ben Quill", now=now, access_needs="A ramp")
    client = client_for(person(Role.COORDINATOR, page.meeting.programme))

    listed = words(client.get(reverse("admin:assignments_eventpage_change", args=[page.pk])))
    sheet = words(client.get(reverse("admin:assignments_eventpage_sheet", args=[page.pk])))

    assert "Ben Quill" in listed
    assert "A ramp" in listed
    assert "Ben Quill" in sheet
    assert "A ramp" not in sheet
    assert "ann@example.org" not in sheet


def test_coordinator_cancels_for_somebody_who_rang(page, now, client_for):
    row = coming(page, now=now)
    client = client_for(person(Role.COORDINATOR, page.meeting.programme))
    there = reverse("admin:assignments_eventpage_cancel", args=[row.pk])

    client.get(there)
    row.refresh_from_db()
    assert row.cancelled_at is None
    client.post(there)

    row.refresh_from_db()
    assert row.cancelled_at is not None


def test_coordinator_marks_who_came_and_thanks_them_once(now, client_for):
    page = published(now - timedelta(days=2), now=now - MONTH)
    ann = coming(page, "ann@example.org", now=now - timedelta(days=3))
    ben = coming(page, "ben@example.org", now=now - timedelta(days=3))
    client = client_for(person(Role.COORDINATOR, page.meeting.programme))
    came = reverse("admin:assignments_eventpage_came", args=[page.pk])
    thank = reverse("admin:assignments_eventpage_thank", args=[page.pk])

    client.get(came)
    client.post(came, {"shown": [ann.pk, ben.pk], "came": [ann.pk]})
    assert [row.came for row in page.registrations.order_by("pk")] == [True, False]
    assert "Your thanks" in words(client.get(thank))
    client.post(thank, {"words": "What an evening"})

    assert len(letters("ann@example.org", "event_thanks")) == 1
    assert not letters("ben@example.org", "event_thanks")
    again = client.get(thank, follow=True)
    assert "thanked once" in words(again)


def test_other_programmes_coordinators_see_nothing(page, now, client_for):
    row = coming(page, now=now)
    client = client_for(person(Role.COORDINATOR, ProgrammeFactory()))

    for name in ("change", "edit", "sheet", "came", "thank"):
        there = reverse(f"admin:assignments_eventpage_{name}", args=[page.pk])
        assert client.get(there).status_code == 404
    there = reverse("admin:assignments_eventpage_cancel", args=[row.pk])
    assert client.post(there).status_code == 404
