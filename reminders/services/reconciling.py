"""What should exist, held against what does: reminders are made, revived and withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Message
from reminders.models import Reminder
from reminders.services.due import RULES, Due, end_of_tomorrow

# Any number that nothing else in this database locks.
_TURN = 7_305_622_026
_BATCH = 1000


@dataclass(frozen=True)
class Reconciled:
    """How many reminders were made, revived and withdrawn."""

    made: int = 0
    revived: int = 0
    withdrawn: int = 0


@transaction.atomic
def reconcile(*, now: datetime) -> Reconciled:
    """Make the reminders of today and tomorrow as they should be; again, and nothing changes.

    A reminder and its message are written together. Where the reason went away (cancelled, moved,
    not this time, no place any more) the reminder is withdrawn and its waiting message cancelled;
    where it came back, both come back, unless the message was sent already. Two at once: the
    second waits, and finds nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
    wanted = {due.identity: due for rule in RULES for due in rule(now)}
    found = {
        (reminder.rule, reminder.attendance_id, reminder.occurs_at): reminder
        for reminder in Reminder.objects.filter(
            occurs_at__gt=now, occurs_at__lt=end_of_tomorrow(now)
        ).select_related("message")
    }
    new = [due for identity, due in wanted.items() if identity not in found]
    back = [
        (reminder, wanted[identity])
        for identity, reminder in found.items()
        if identity in wanted and _was_given_up(reminder)
    ]
    gone = [
        reminder
        for identity, reminder in found.items()
        if identity not in wanted and reminder.withdrawn_at is None
    ]
    _make(new, now)
    for reminder, due in back:
        _revive(reminder, due)
    _withdraw(gone, now)
    return Reconciled(made=len(new), revived=len(back), withdrawn=len(gone))


def _was_given_up(reminder: Reminder) -> bool:
    message = reminder.message
    return reminder.withdrawn_at is not None or (
        message is not None and message.status == Message.Status.CANCELLED
    )


def _make(wanted: list[Due], now: datetime) -> None:
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        Message.objects.bulk_create(
            [
                Message(
                    key=due.key,
                    kind=due.rule,
                    programme=due.attendance.meeting.programme,
                    recipient=due.attendance.partner.user,
                    to_name=due.attendance.partner.name,
                    to_address=due.words.to_address,
                    subject=due.words.subject,
                    body=due.words.body,
                    link=due.link,
                    link_label=due.link_label,
                    created_at=now,
                    due_at=due.due_at,
                )
                for due in batch
            ],
            ignore_conflicts=True,
        )
        written = {
            message.key: message for message in Message.objects.about([due.key for due in batch])
        }
        Reminder.objects.bulk_create(
            [
                Reminder(
                    programme=due.attendance.meeting.programme,
                    rule=due.rule,
                    partner=due.attendance.partner,
                    attendance=due.attendance,
                    occurs_at=due.occurs_at,
                    due_at=due.due_at,
                    message=written[due.key],
                )
                for due in batch
            ],
            ignore_conflicts=True,
        )


def _revive(reminder: Reminder, due: Due) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(withdrawn_at=None, due_at=due.due_at)
    Message.objects.about([due.key]).filter(status=Message.Status.CANCELLED).update(
        status=Message.Status.WAITING,
        subject=due.words.subject,
        body=due.words.body,
        to_address=due.words.to_address,
        due_at=due.due_at,
        attempts=0,
        error="",
    )


def _withdraw(reminders: list[Reminder], now: datetime) -> None:
    Reminder.objects.filter(pk__in=[reminder.pk for reminder in reminders]).update(withdrawn_at=now)
    # Whoever was taken off a meeting took the reminder along and left its message behind.
    orphan = ~Exists(Reminder.objects.filter(message=OuterRef("pk")))
    messages = [reminder.message_id for reminder in reminders if reminder.message_id is not None]
    Message.objects.filter(
        Q(pk__in=messages) | Q(orphan),
        kind__in=Reminder.Rule.values,
        status=Message.Status.WAITING,
    ).update(status=Message.Status.CANCELLED, error="The reason for it went away.")
