"""Messages are claimed, checked once more, sent and marked; none is lost.

A claim is committed before the sending begins, so that nobody else sends meanwhile. Where a
sender dies in between, the message stays claimed, and after `CLAIM_LASTS` it is sent again with
the same Message-ID: at most one repeat for a kill, and a mail program can tell that it is one.
"""

import smtplib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.core.mail import get_connection
from django.db import transaction

from accounts.models import Message, User
from reminders.emails import compose
from reminders.services.due import NotNeededError, Words, recheck

CLAIM_LASTS = timedelta(minutes=2)
# After each attempt; the last is never reached, MAX_ATTEMPTS comes first.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440, 1440))
AT_ONCE = 500

_log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


class MessageError(Exception):
    """A message cannot be sent again; `str(error)` is a sentence for people."""


@dataclass(frozen=True)
class Delivered:
    """How many messages were sent, wait for another attempt, failed, and were not needed."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    cancelled: int = 0


class _NotSentError(Exception):
    """The mail server did not take a message; `for_good`: asking again is no use."""

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.for_good = for_good


class _Post:
    """One connection to the mail server, kept while it works."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, message: Message) -> None:
        """Hand `message` over. Raises _NotSentError."""
        try:
            if self._connection is None:
                connection = get_connection()
                connection.open()
                self._connection = connection
            self._connection.send_messages([compose(message)])
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise _told(error) from error

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None


def deliver(*, now: datetime, limit: int = AT_ONCE) -> Delivered:
    """Send what is due at `now`, up to `limit` messages, one after the other.

    Each is claimed for this sender alone (whatever others hold is passed over) and the claim
    committed; asked once more whether it is needed; sent; marked. A mail server that cannot be
    reached or says "later" puts it back to wait, longer each time; one that says "never" fails it.
    """
    clock, counts, post = _running_from(now), Counter[str](), _Post()
    try:
        for _ in range(limit):
            message = _claim(clock())
            if message is None:
                break
            counts[_handle(message, post, clock)] += 1
    finally:
        post.close()
    return Delivered(**{name: counts[name] for name in ("sent", "waiting", "failed", "cancelled")})


@transaction.atomic
def send_again(*, message: Message, by: User | None, now: datetime) -> Message:
    """Put a message that failed back into the queue. Raises MessageError for any other."""
    del by  # the audit says who
    locked = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.status != Message.Status.FAILED:
        raise MessageError("Only a message that could not be sent can be sent again.")
    for row in (locked, message):
        row.status, row.attempts, row.due_at, row.error = Message.Status.WAITING, 0, now, ""
    locked.save(update_fields=["status", "attempts", "due_at", "error"])
    return message


def _running_from(now: datetime) -> Clock:
    """A clock that shows `now` at this moment and goes on: a claim must carry its own time."""
    started = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - started)


def _claim(now: datetime) -> Message | None:
    with transaction.atomic(durable=True):
        open_ = Message.objects.due(now) | Message.objects.left_claimed(now - CLAIM_LASTS)
        message: Message | None = (
            open_.select_for_update(skip_locked=True, of=("self",))
            .select_related("programme")
            .first()
        )
        if message is not None:
            message.status = Message.Status.CLAIMED
            message.claimed_at = now
            message.attempts += 1
            message.save(update_fields=["status", "claimed_at", "attempts"])
    return message


def _handle(message: Message, post: _Post, clock: Clock) -> str:
    if message.attempts > Message.MAX_ATTEMPTS:
        return _put_back(message, "Sending it broke off again and again.", clock(), for_good=True)
    try:
        _refresh(message, recheck(message, clock()))
        post.send(message)
    except NotNeededError as reason:
        return _mark(message, Message.Status.CANCELLED, error=str(reason))
    except _NotSentError as error:
        return _put_back(message, str(error), clock(), for_good=error.for_good)
    except Exception as error:  # noqa: BLE001 - one bad message must not hold up all others
        _log.exception("message_unsendable", message=message.pk, attempt=message.attempts)
        return _put_back(
            message, f"It could not be put together ({type(error).__name__}).", clock()
        )
    spent = {"link": ""} if message.kind in Message.SECRET_LINKS else {}
    return _mark(message, Message.Status.SENT, sent_at=clock(), error="", **spent)


def _refresh(message: Message, words: Words) -> None:
    """Keep what is really sent: the queue shows it."""
    now_said = (words.subject, words.body, words.to_address)
    if (message.subject, message.body, message.to_address) != now_said:
        message.subject, message.body, message.to_address = now_said
        message.save(update_fields=["subject", "body", "to_address"])


def _put_back(message: Message, why: str, now: datetime, *, for_good: bool = False) -> str:
    if for_good or message.attempts >= Message.MAX_ATTEMPTS:
        _log.warning("message_failed", message=message.pk, why=why, attempt=message.attempts)
        return _mark(message, Message.Status.FAILED, error=why)
    _log.warning("message_waits", message=message.pk, why=why, attempt=message.attempts)
    return _mark(
        message,
        Message.Status.WAITING,
        error=why,
        due_at=now + WAITS[message.attempts - 1],
        claimed_at=None,
    )


def _mark(message: Message, status: str, **facts: Any) -> str:
    """Write what became of a claim, unless somebody else claimed the message meanwhile.

    What was sent is sent, whoever holds the claim by now.
    """
    mine = Message.objects.filter(pk=message.pk)
    if status != Message.Status.SENT:
        mine = mine.filter(status=Message.Status.CLAIMED, attempts=message.attempts)
    mine.exclude(status=Message.Status.SENT).update(status=status, **facts)
    return str(status)


def _told(error: smtplib.SMTPException | OSError) -> _NotSentError:
    """What the mail server's refusal means; without its words, which may hold an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return _said(max(codes, default=0))
    # These are about the connection: the next message would fare the same, so waiting helps.
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _NotSentError(f"The mail server refused our sign-in ({error.smtp_code}).")
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return _NotSentError(f"The mail server is not ready ({error.smtp_code}).")
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _NotSentError("The mail server cannot write to this kind of address.", for_good=True)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _NotSentError("The mail server hung up.")
    return _NotSentError(f"The mail server could not be reached ({type(error).__name__}).")


def _said(code: int) -> _NotSentError:
    if 500 <= code < 600:
        return _NotSentError(f"The mail server refused the message ({code}).", for_good=True)
    return _NotSentError(f"The mail server asked us to try later ({code}).")
