"""Should exist, held against does exist: made, revived, withdrawn, and nothing twice."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Message
from accounts.tests.factories import LONG_AGO
from assignments import services as assignments
from assignments.tests.factories import attendance
from partners.tests.factories import PartnerFactory
from reminders.models import Reminder
from reminders.services import Reconciled, reconcile

pytestmark = pytest.mark.django_db
EARLY = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def tomorrow(**values):
    return attendance(PartnerFactory(**values), TOMORROW)


def move(row, to):
    assignments.move_meeting(
        meeting=row.meeting, starts_at=to, ends_at=to + timedelta(hours=1), by=None, now=EARLY
    )


def reminding():
    return Message.objects.filter(kind="meeting_tomorrow")


def test_reconcile_again_changes_nothing():
    tomorrow()

    first, second = reconcile(now=EARLY), reconcile(now=EARLY + timedelta(minutes=1))

    assert first == Reconciled(made=1)
    assert second == Reconciled()
    assert reminding().get().due_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_cancelled_meeting_withdraws_its_reminders():
    row = tomorrow()
    reconcile(now=EARLY)
    assignments.cancel_meeting(meeting=row.meeting, by=None, now=EARLY, why="Flood")

    assert reconcile(now=EARLY) == Reconciled(withdrawn=1)

    assert Reminder.objects.get().withdrawn_at == EARLY
    assert reminding().get().status == "cancelled"


def test_moved_meeting_is_another_occurrence():
    row = tomorrow()
    reconcile(now=EARLY)
    move(row, TOMORROW + timedelta(hours=1))

    assert reconcile(now=EARLY) == Reconciled(made=1, withdrawn=1)

    assert sorted(reminding().values_list("status", flat=True)) == ["cancelled", "waiting"]


def test_meeting_moved_away_and_back_reminds_once():
    row = tomorrow()
    reconcile(now=EARLY)
    move(row, TOMORROW + timedelta(days=7))
    reconcile(now=EARLY)
    move(row, TOMORROW)

    assert reconcile(now=EARLY) == Reconciled(revived=1)

    assert reminding().get().status == "waiting"
    assert Reminder.objects.get().withdrawn_at is None


def test_not_this_time_and_then_coming_reminds_again():
    row = tomorrow()
    reconcile(now=EARLY)
    assignments.answer(attendance=row, plan="not_this_time", by=None, now=EARLY)
    reconcile(now=EARLY)
    assignments.answer(attendance=row, plan="coming", by=None, now=EARLY)

    assert reconcile(now=EARLY) == Reconciled(revived=1)
    assert reminding().get().status == "waiting"


def test_reminder_that_was_sent_is_not_sent_again_when_its_reason_comes_back():
    row = tomorrow()
    reconcile(now=EARLY)
    reminding().update(status="sent", sent_at=EARLY)
    assignments.answer(attendance=row, plan="not_this_time", by=None, now=EARLY)
    reconcile(now=EARLY)
    assignments.answer(attendance=row, plan="coming", by=None, now=EARLY)
    reconcile(now=EARLY)

    assert reminding().get().status == "sent"


def test_partner_taken_off_the_meeting_is_not_reminded():
    row = tomorrow()
    reconcile(now=EARLY)
    place = row.partner.assignments.get()

    assignments.end_assignment(assignment=place, ends_on=EARLY.date(), by=None, now=EARLY)
    reconcile(now=EARLY)

    assert not Reminder.objects.exists()
    assert reminding().get().status == "cancelled"


def test_reminder_twice_for_one_occurrence_is_refused_by_the_database():
    tomorrow()
    reconcile(now=EARLY)
    made = Reminder.objects.get()
    made.pk, made.message = None, None

    with pytest.raises(IntegrityError, match="reminder_once_per_occurrence"), transaction.atomic():
        made.save(force_insert=True)

    made.occurs_at += timedelta(hours=1)
    made.save(force_insert=True)


def test_reminder_and_message_are_written_together_or_not_at_all(monkeypatch):
    tomorrow()
    monkeypatch.setattr(Reminder.objects, "bulk_create", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        reconcile(now=EARLY)

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reconcile_by_four_at_once_makes_each_once():
    rows = [tomorrow() for _ in range(5)]
    together, made = threading.Barrier(4), []

    def run():
        together.wait()
        try:
            made.append(reconcile(now=EARLY).made)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(made) == [0, 0, 0, len(rows)]
    assert Reminder.objects.count() == reminding().count() == len(rows)


def test_worker_away_over_nine_reminds_when_it_is_back():
    tomorrow()

    reconcile(now=EARLY + timedelta(hours=10))

    message = reminding().get()
    assert message.due_at == EARLY + timedelta(hours=10)
    assert timezone.localdate(message.due_at) < timezone.localdate(TOMORROW)


def test_no_reminder_of_what_is_long_past():
    attendance(PartnerFactory(), TOMORROW, now=LONG_AGO)

    assert reconcile(now=TOMORROW + timedelta(days=1)) == Reconciled()
