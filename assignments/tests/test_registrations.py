"""Registering for an open event: asked, confirmed by letter, waited for, cancelled, deleted."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Message
from accounts.tests.factories import person
from assignments import services as assignments
from assignments.models import EventPage, Registration
from assignments.services import events, registrations
from assignments.services.refusals import EventError, RegistrationError
from assignments.services.registrations import RegistrationOverError
from assignments.tests.event_factories import (
    BEFORE,
    asked,
    coming,
    letters,
    published,
    token_in,
)
from assignments.tests.factories import A_MEETING

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AFTER = A_MEETING + timedelta(days=1)


def coordinator(page):
    return person("coordinator", page.meeting.programme)


def seats(page):
    found = page.registrations.order_by("registered_at", "pk")
    return [row.seat for row in found]


# --- Asked and confirmed -------------------------------------------------------------------------


def test_registration_waits_until_its_letter_is_confirmed():
    page = published()

    token = asked(page)

    [row] = page.registrations.all()
    assert (row.confirmed_at, row.seat) == (None, None)
    assert token not in row.token_hash
    [letter] = letters("ann@example.org")
    assert letter.recipient is None
    assert letter.kind in Message.SECRET_LINKS
    registrations.confirm(token=token, now=BEFORE + HOUR)
    row.refresh_from_db()
    assert (row.confirmed_at, row.seat) == (BEFORE + HOUR, 1)
    [place] = letters("ann@example.org", "event_place")
    assert token_in(place) == token
    assert "BEGIN:VEVENT" in place.calendar
    assert f"/events/{page.slug}/" in place.calendar.replace("\r\n ", "")


def test_confirming_twice_changes_nothing():
    page = published()
    token = asked(page)

    registrations.confirm(token=token, now=BEFORE)
    registrations.confirm(token=token, now=BEFORE + HOUR)

    assert seats(page) == [1]
    assert len(letters("ann@example.org", "event_place")) == 1


def test_link_of_an_older_key_goes_on_working(settings):
    page = published()
    token = asked(page)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    registrations.confirm(token=token, now=BEFORE)

    assert token_in(letters("ann@example.org", "event_place")[0]) == token


def test_same_address_again_is_told_by_letter_and_nothing_else():
    page = published()
    row = coming(page, "ann@example.org")

    registrations.register(page=page, name="Stranger", email="ANN@example.org", now=BEFORE + HOUR)

    row.refresh_from_db()
    assert (page.registrations.count(), row.name, row.seat) == (1, "Ann Lee", 1)
    [letter] = letters("ann@example.org", "event_known")
    assert "registered already" in letter.body
    assert "Stranger" not in letter.body


def test_same_address_again_before_confirming_is_written_to_again():
    page = published()
    first = asked(page, name="An Lee")
    again = asked(page, name="Ann Lee", now=BEFORE + HOUR)

    assert first == again
    assert [row.name for row in page.registrations.all()] == ["Ann Lee"]
    states = [letter.status for letter in letters("ann@example.org", "event_confirm")]
    assert states == ["cancelled", "waiting"]


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        (" ", "ann@example.org", "Enter your name"),
        ("A" * 40_000, "ann@example.org", "Shorten your name"),
        ("Ann\0Lee", "ann@example.org", "cannot keep"),
        ("Ann \u202eeeL", "ann@example.org", "cannot keep"),
        ("Win at www.example.org", "ann@example.org", "without a web"),
        ("Ann", "ann at example", "correct format"),
        ("Ann", "ann@example.org\nBcc: all@example.org", "correct format"),
        ("Ann", f"{'a' * 40_000}@example.org", "correct format"),
        ("Ann", "", "Enter your e-mail address"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(name, email, said):
    page = published()

    with pytest.raises(RegistrationError, match=said):
        registrations.register(page=page, name=name, email=email, now=BEFORE)

    assert not page.registrations.exists()


@pytest.mark.parametrize("name", ["Ann\r\nBcc: all Lee", "ליאור כהן", "Zoë 🎻 Lee"])
def test_name_of_one_line_is_kept(name):
    page = published()

    row = coming(page, name=name)

    assert row.name == " ".join(name.split())
    assert not set(letters("ann@example.org")[0].to_name) & set("\r\n")


def test_needs_that_are_too_long_get_a_sentence():
    with pytest.raises(RegistrationError, match="Shorten this to 500"):
        registrations.register(
            page=published(), name="Ann", email="a@example.org", access_needs="x" * 501, now=BEFORE
        )


@pytest.mark.parametrize(
    ("facts", "now", "said"),
    [
        ({"is_open": False}, BEFORE, "closed"),
        ({"closes_at": BEFORE + HOUR}, BEFORE + HOUR, "closed"),
        ({}, A_MEETING, "begun"),
        ({}, AFTER, "over"),
    ],
)
def test_nobody_registers_for_what_is_not_open(facts, now, said):
    page = published(**facts)

    with pytest.raises(RegistrationError, match=said):
        registrations.register(page=page, name="Ann", email="ann@example.org", now=now)


def test_nobody_confirms_what_is_cancelled_or_begun():
    page = published()
    token = asked(page, now=A_MEETING - HOUR)

    with pytest.raises(RegistrationError, match="begun"):
        registrations.confirm(token=token, now=A_MEETING)
    assignments.cancel_meeting(meeting=page.meeting, by=None, now=BEFORE, why="Snow")
    with pytest.raises(RegistrationError, match="cancelled"):
        registrations.confirm(token=token, now=BEFORE)


def test_link_that_is_none_or_lapsed_is_over():
    page = published()
    token = asked(page)

    for wrong, now in (("x", BEFORE), (token, BEFORE + 48 * HOUR)):
        with pytest.raises(RegistrationOverError):
            registrations.registered(token=wrong, now=now)
        with pytest.raises(RegistrationOverError):
            registrations.confirm(token=wrong, now=now)
    assert asked(page, now=BEFORE + 48 * HOUR) != token
    assert page.registrations.count() == 1


# --- Seats and the waiting list ------------------------------------------------------------------


def test_waiting_list_moves_when_somebody_cancels():
    page = published(places=1)
    first, second, third = (f"{name}@example.org" for name in ("ann", "ben", "cy"))
    token = asked(page, first, access_needs="A ramp")
    registrations.confirm(token=token, now=BEFORE)
    for minute, address in enumerate((second, third)):
        coming(page, address, now=BEFORE + timedelta(minutes=minute))
    assert letters(second, "event_queue")

    registrations.cancel(token=token, now=BEFORE + HOUR)

    assert seats(page) == [None, 1, None]
    assert "there is now a place for you" in letters(second, "event_place")[0].body
    assert not letters(third, "event_place")
    gone = page.registrations.get(email=first)
    assert (gone.access_needs, gone.cancelled_at) == ("", BEFORE + HOUR)
    with pytest.raises(RegistrationOverError):
        registrations.registered(token=token, now=BEFORE + HOUR)
    assert coming(page, first, now=BEFORE + 2 * HOUR).seat is None


def test_more_places_go_to_who_waits_and_fewer_than_people_are_refused():
    page = published(places=1)
    for name in "abcd":
        coming(page, f"{name}@example.org")

    events.change_page(page=page, by=None, now=BEFORE + HOUR, places=3)

    assert seats(page) == [1, 2, 3, None]
    with pytest.raises(EventError, match="at least 3 places") as refused:
        events.change_page(page=page, by=None, now=BEFORE, places=2, intro="Changed")
    assert refused.value.field == "places"
    page.refresh_from_db()
    assert (page.places, page.intro) == (3, "Come and see")


def test_lowest_free_seat_is_given():
    page = published(places=3)
    token = asked(page, "a@example.org")
    registrations.confirm(token=token, now=BEFORE)
    coming(page, "b@example.org")
    registrations.cancel(token=token, now=BEFORE)

    assert coming(page, "c@example.org").seat == 1


def test_database_gives_a_seat_once_and_an_address_once():
    page = published()
    row = coming(page)
    other = coming(page, "ben@example.org")

    with pytest.raises(IntegrityError, match="registration_seat_once"), transaction.atomic():
        Registration.objects.filter(pk=other.pk).update(seat=row.seat)
    with pytest.raises(IntegrityError, match="registration_once"), transaction.atomic():
        Registration.objects.filter(pk=other.pk).update(email="ANN@example.org")


@pytest.mark.django_db(transaction=True)
def test_last_place_goes_to_one_of_two_at_the_same_instant():
    for trial in range(40):
        page = published(places=1)
        tokens = [asked(page, f"{name}{trial}@example.org") for name in "ab"]
        start, told = threading.Barrier(2), []

        def press(token, start=start, told=told):
            try:
                start.wait()
                told.append(registrations.confirm(token=token, now=BEFORE).seat)
            except Exception as error:  # noqa: BLE001 - told to the test below
                told.append(error)
            finally:
                connection.close()

        pressing = [threading.Thread(target=press, args=[token]) for token in tokens]
        for thread in pressing:
            thread.start()
        for thread in pressing:
            thread.join()

        assert sorted(told, key=str) == [1, None], f"trial {trial}: {told}"


# --- Told, thanked, deleted ----------------------------------------------------------------------


def test_registered_people_are_told_of_a_move_and_of_the_end():
    page = published(places=1)
    coming(page, "ann@example.org")
    coming(page, "ben@example.org")
    asked(page, "cy@example.org")
    before = page.meeting.when
    later = A_MEETING + timedelta(days=7)
    assignments.move_meeting(
        meeting=page.meeting, starts_at=later, ends_at=later + HOUR, by=None, now=BEFORE
    )
    page.meeting.refresh_from_db()

    [ann], [ben] = (letters(f"{name}@example.org", "event_changed") for name in ("ann", "ben"))
    assert "still have your place" in ann.body
    assert before in ann.body
    assert page.meeting.when in ann.body
    assert ann.calendar
    assert "waiting list" in ben.body
    assignments.cancel_meeting(meeting=page.meeting, by=None, now=BEFORE, why="Snow")
    ann.refresh_from_db()
    assert ann.status == "cancelled"
    [cancelled] = letters("ann@example.org", "event_cancelled")
    assert "Snow" in cancelled.body
    assert "STATUS:CANCELLED" in cancelled.calendar


def test_everybody_who_came_is_thanked_once():
    page = published()
    ann, ben = coming(page, "ann@example.org"), coming(page, "ben@example.org")
    by = coordinator(page)
    with pytest.raises(EventError, match="begun"):
        events.mark_came(page=page, came=[ann.pk], shown=[ann.pk], by=by, now=BEFORE)
    with pytest.raises(EventError, match="over"):
        events.thank(page=page, words="Thank you", by=by, now=BEFORE)
    with pytest.raises(EventError, match="Mark who came first"):
        events.thank(page=page, words="Thank you", by=by, now=AFTER)

    events.mark_came(page=page, came=[ann.pk], shown=[ann.pk, ben.pk], by=by, now=AFTER)
    assert events.thank(page=page, words="What an evening", by=by, now=AFTER) == 1

    assert "What an evening" in letters("ann@example.org", "event_thanks")[0].body
    assert not letters("ben@example.org", "event_thanks")
    with pytest.raises(EventError, match="thanked already"):
        events.thank(page=page, words="Thank you", by=by, now=AFTER)


def test_unconfirmed_registrations_lapse_with_their_letters():
    page = published()
    asked(page, "ann@example.org")
    coming(page, "ben@example.org")

    assert registrations.lapse(now=BEFORE + 48 * HOUR - timedelta(seconds=1)) == 0
    assert registrations.lapse(now=BEFORE + 48 * HOUR) == 1

    assert [row.email for row in page.registrations.all()] == ["ben@example.org"]
    assert not letters("ann@example.org")
    assert letters("ben@example.org")


def test_everything_is_deleted_31_days_after_the_event():
    page, later = published(), published(A_MEETING + timedelta(days=1))
    coming(page, access_needs="A ramp")
    coming(later, "ben@example.org")
    due = page.meeting.ends_at + timedelta(days=31)

    assert registrations.forget(now=due - timedelta(seconds=1)) == 0
    assert registrations.forget(now=due) == 1

    assert not page.registrations.exists()
    assert not letters("ann@example.org")
    assert later.registrations.exists()
    assert letters("ben@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM assignments_registrationevent e")
        assert not any("ann" in told.lower() or "ramp" in told for (told,) in cursor.fetchall())


def test_everything_is_deleted_31_days_after_it_was_cancelled():
    page = published(A_MEETING + timedelta(days=300))
    coming(page)
    assignments.cancel_meeting(meeting=page.meeting, by=None, now=BEFORE, why="Snow")

    assert registrations.forget(now=BEFORE + timedelta(days=30)) == 0
    assert registrations.forget(now=BEFORE + timedelta(days=31)) == 1


# --- The page itself -----------------------------------------------------------------------------


def test_meeting_has_one_page_and_an_address_is_given_once():
    page = published()
    facts = {"intro": "Come", "places": 5, "by": None, "now": BEFORE}

    with pytest.raises(EventError, match="public page already"):
        events.publish(meeting=page.meeting, slug="another", **facts)
    other = published()
    with pytest.raises(EventError, match="Another event has this address"):
        events.change_page(page=other, by=None, now=BEFORE, slug=page.slug)
    with pytest.raises(EventError, match="Use small letters"):
        events.change_page(page=other, by=None, now=BEFORE, slug="no good/")
    with pytest.raises(EventError, match="between 1 and 2,000"):
        events.change_page(page=other, by=None, now=BEFORE, places=0)
    assert EventPage.objects.filter(slug=page.slug).count() == 1


def test_only_what_is_to_come_has_a_page():
    meeting = published(now=BEFORE).meeting
    EventPage.objects.all().delete()

    with pytest.raises(EventError, match="still to come"):
        events.publish(meeting=meeting, slug="late", intro="Late", places=5, by=None, now=A_MEETING)
