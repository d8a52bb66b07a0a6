"""Delivery through a real mail server: sent, refused, put off, cut, taken over."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from accounts.models import Message
from accounts.tests.factories import LONG_AGO
from assignments import services as assignments
from assignments.tests.factories import attendance
from partners.tests.factories import PartnerFactory
from reminders.emails import message_id
from reminders.services import Delivered, MessageError, deliver, reconcile, send_again
from reminders.tests.factories import NOW, waiting_message
from reminders.tests.mailserver import free_port, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 10
        yield running


def told_tomorrow():
    """A reminder that waits for its nine o'clock."""
    row = attendance(PartnerFactory(), NOW + timedelta(days=1, hours=5))
    reconcile(now=NOW - timedelta(hours=3))
    return row, Message.objects.get(kind="meeting_tomorrow")


def test_message_is_sent_in_both_forms_with_a_link_that_leads_home(server, settings):
    settings.SITE_URL = "https://portal.example.org"
    message = waiting_message()

    assert deliver(now=NOW) == Delivered(sent=1)

    [sent] = server.mails
    plain, html = (part.get_payload(decode=True).decode() for part in sent.get_payload())
    assert sent["To"] == '"Maureen Okafor" <mo@example.org>'
    assert sent["Subject"] == "Your claim is approved"
    assert "https://portal.example.org/money/" in plain
    assert "Your claim is approved. <Thank> you." in plain
    assert 'href="https://portal.example.org/money/"' in html
    assert "&lt;Thank&gt; you." in html
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 1, "")


def test_message_takes_its_calendar_entry_along(server):
    waiting_message(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    assert deliver(now=NOW) == Delivered(sent=1)

    [sent] = server.mails
    [entry] = [part for part in sent.walk() if part.get_content_type() == "text/calendar"]
    assert entry.get_filename() == "meeting.ics"
    assert entry.get_param("method") == "PUBLISH"
    assert entry.get_payload(decode=True).decode().splitlines()[0] == "BEGIN:VCALENDAR"


def test_message_is_not_sent_before_it_is_due(server):
    waiting_message(due_at=NOW + timedelta(seconds=30))

    assert deliver(now=NOW) == Delivered()
    assert deliver(now=NOW + timedelta(seconds=31)) == Delivered(sent=1)


def test_names_and_domains_of_the_world_arrive(server):
    waiting_message(to_name='Zoë "Zo" O’Hara,\nPhD', to_address="zoe@bücher.example")

    assert deliver(now=NOW) == Delivered(sent=1)
    assert "zoe@xn--bcher-kva.example" in server.mails[0]["To"]


def test_many_messages_go_through_up_to_the_limit(server):
    for number in range(5):
        waiting_message(f"note:{number}")

    assert deliver(now=NOW, limit=3) == Delivered(sent=3)
    assert deliver(now=NOW) == Delivered(sent=2)
    assert len(set(server.ids)) == 5


def test_message_id_comes_from_key_and_programme_alone():
    message = waiting_message("note:1")
    other = waiting_message("note:2", programme=message.programme)
    before = message_id(message)

    message.subject, message.pk = "Another subject", None

    assert message_id(message) == before != message_id(other)
    assert before.endswith("@localhost>")


def test_nobody_listening_waits_longer_each_time(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = waiting_message()
    at, waits = NOW, []

    for _ in range(Message.MAX_ATTEMPTS):
        deliver(now=at)
        message.refresh_from_db()
        waits.append(round((message.due_at - at).total_seconds() / 60))
        at = message.due_at

    assert waits[:-1] == [1, 5, 30, 120, 360, 720, 1440]
    assert message.status == "failed"
    assert message.error == "The mail server could not be reached (ConnectionRefusedError)."


@pytest.mark.parametrize("reply", ["on_rcpt", "on_data"])
@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("451", "waiting", "asked us to try later (451)"),
        ("550", "failed", "refused the message (550)"),
    ],
)
def test_refusal_puts_off_or_fails_and_keeps_no_address(server, reply, code, status, said):
    setattr(server, reply, f"{code} mo@example.org is not welcome")
    message = waiting_message()

    deliver(now=NOW)

    message.refresh_from_db()
    assert (message.status, server.mails) == (status, [])
    assert message.error == f"The mail server {said}."


def test_refusal_of_one_does_not_hold_up_the_next(server):
    server.unknown.add("gone@example.org")
    first = waiting_message("note:1", to_address="gone@example.org")
    second = waiting_message("note:2")

    assert deliver(now=NOW) == Delivered(sent=1, failed=1)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("failed", "sent")


@pytest.mark.parametrize("cut", ["cut before", "cut after"])
def test_connection_cut_is_sent_again_with_the_same_id(server, cut):
    message = waiting_message()
    server.on_data = cut
    deliver(now=NOW)
    message.refresh_from_db()
    assert (message.status, message.error) == ("waiting", "The mail server hung up.")

    server.on_data = "250 OK"
    deliver(now=message.due_at)

    message.refresh_from_db()
    assert (message.status, message.attempts) == ("sent", 2)
    assert set(server.ids) == {message_id(message)}


def test_message_left_claimed_is_taken_over_after_two_minutes(server):
    message = waiting_message()
    Message.objects.filter(pk=message.pk).update(status="claimed", claimed_at=NOW, attempts=1)

    assert deliver(now=NOW + timedelta(seconds=119)) == Delivered()
    assert deliver(now=NOW + timedelta(seconds=121)) == Delivered(sent=1)

    message.refresh_from_db()
    assert message.attempts == 2


def test_message_that_breaks_its_sender_every_time_is_given_up(server):
    message = waiting_message()
    Message.objects.filter(pk=message.pk).update(
        status="claimed", claimed_at=NOW - timedelta(hours=1), attempts=Message.MAX_ATTEMPTS
    )

    assert deliver(now=NOW) == Delivered(failed=1)


@pytest.mark.error_logs("the body cannot be put together")
def test_message_that_cannot_be_put_together_holds_up_nobody(server):
    bad, good = waiting_message("note:1"), waiting_message("note:2")
    Message.objects.filter(pk=bad.pk).update(subject="Two\nlines")

    assert deliver(now=NOW) == Delivered(sent=1, waiting=1)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.error) == ("sent", "It could not be put together (BadHeaderError).")


def test_meeting_cancelled_after_reconcile_reminds_nobody(server):
    row, message = told_tomorrow()
    assignments.cancel_meeting(
        meeting=row.meeting, by=None, now=NOW - timedelta(hours=1), why="Flood"
    )

    deliver(now=NOW)

    message.refresh_from_db()
    assert (message.status, message.error) == ("cancelled", "The meeting was cancelled.")
    assert [sent["Subject"] for sent in server.mails] == [
        f"The {row.meeting.work_group.called[4:]} on Wednesday 25 November 2026 is cancelled"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: setattr(row, "plan", "not_this_time"), "said not this time"),
        (lambda row: setattr(row.partner, "status", "left"), "has left"),
        (lambda row: setattr(row.partner, "email", None), "no e-mail address"),
        (
            lambda row: setattr(
                row.meeting, "starts_at", row.meeting.starts_at - timedelta(hours=1)
            ),
            "was moved",
        ),
    ],
)
def test_reminder_is_asked_once_more_at_the_moment_of_sending(server, change, said):
    row, message = told_tomorrow()
    change(row)
    row.save()
    row.partner.save()
    row.meeting.save()

    assert deliver(now=NOW) == Delivered(cancelled=1)

    message.refresh_from_db()
    assert said in message.error
    assert server.mails == []


def test_reminder_says_what_is_so_at_the_moment_of_sending(server):
    row, _ = told_tomorrow()
    assignments.change_meeting(meeting=row.meeting, place="Room 9", by=None, now=LONG_AGO)
    row.partner.email = "new@example.org"
    row.partner.save()

    deliver(now=NOW)

    assert server.mails[0]["To"].endswith("<new@example.org>")
    assert "Where: Room 9." in Message.objects.get(kind="meeting_tomorrow").body


def test_reminder_that_comes_too_late_is_not_sent(server):
    row, message = told_tomorrow()

    assert deliver(now=row.meeting.starts_at) == Delivered(cancelled=1)

    message.refresh_from_db()
    assert message.error == "The meeting has begun."


def test_invitation_that_was_withdrawn_is_not_sent(server):
    message = waiting_message("invitation:1", kind="invitation", link="", link_label="")

    assert deliver(now=NOW) == Delivered(cancelled=1)
    message.refresh_from_db()
    assert message.error == "The invitation is no longer open."


def test_link_that_opens_a_sign_in_is_forgotten_once_it_is_sent(server):
    message = waiting_message("invitation:1", kind="invitation", link="/account/invitation/x/")

    assert deliver(now=NOW) == Delivered(sent=1)

    message.refresh_from_db()
    assert message.link == ""
    assert "/account/invitation/x/" in server.mails[0].as_string()


def test_send_again_is_for_what_failed_only():
    message = waiting_message()
    with pytest.raises(MessageError, match="Only a message that could not be sent"):
        send_again(message=message, by=None, now=NOW)
    Message.objects.filter(pk=message.pk).update(status="failed", attempts=8, error="550")

    send_again(message=message, by=None, now=NOW)

    assert deliver(now=NOW) == Delivered(sent=1)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_message_once(server):
    for number in range(20):
        waiting_message(f"note:{number}")
    together, sent = threading.Barrier(4), []

    def run():
        together.wait()
        try:
            sent.append(deliver(now=NOW).sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(sent) == len(server.ids) == len(set(server.ids)) == 20
