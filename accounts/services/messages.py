"""Queue what a person should be told, in the transaction of its cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from accounts.models import Message, Programme, User

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What one person should be told; each field as `queue_message` has it."""

    key: str
    kind: str
    programme: Programme
    to_name: str
    to_address: str | None
    subject: str
    body: str
    recipient: User | None = None
    link: str = ""
    link_label: str = ""
    due_at: datetime | None = None
    calendar: str = ""


def queue_message(
    *,
    key: str,
    kind: str,
    programme: Programme,
    to_name: str,
    to_address: str | None,
    subject: str,
    body: str,
    now: datetime,
    recipient: User | None = None,
    link: str = "",
    link_label: str = "",
    due_at: datetime | None = None,
    calendar: str = "",
) -> Message | None:
    """Write one message row, once for each `key`; call it inside the transaction of its cause.

    `body` is plain text, paragraphs parted by an empty line, with nothing confidential in it.
    `link` is a path of the portal, `calendar` an entry (RFC 5545) to go with it. Returns None for
    somebody without an address (nothing is queued), else the row, which may have been there before.
    """
    letter = Letter(
        key=key,
        kind=kind,
        programme=programme,
        to_name=to_name,
        to_address=to_address,
        subject=subject,
        body=body,
        recipient=recipient,
        link=link,
        link_label=link_label,
        due_at=due_at,
        calendar=calendar,
    )
    queue_messages(letters=[letter], now=now)
    return Message.objects.get(key=key) if to_address else None


def queue_messages(*, letters: Iterable[Letter], now: datetime) -> None:
    """`queue_message` for many at once: one statement for each five hundred of them.

    `letters` may be made as they are asked for; no more than five hundred are held at a time.
    """
    to_write = _rows(letters, now)
    while batch := list(islice(to_write, _BATCH)):
        # What is not new by its key stays as it was; that is the only conflict there can be.
        Message.objects.bulk_create(batch, ignore_conflicts=True)


def _rows(letters: Iterable[Letter], now: datetime) -> Iterator[Message]:
    for letter in letters:
        if letter.to_address:
            yield Message(
                key=letter.key,
                kind=letter.kind,
                programme=letter.programme,
                recipient=letter.recipient,
                to_name=letter.to_name,
                to_address=letter.to_address,
                subject=" ".join(letter.subject.split()),
                body=letter.body,
                link=letter.link,
                link_label=letter.link_label,
                created_at=now,
                due_at=letter.due_at or now,
                calendar=letter.calendar,
            )


def call_back(*, key: str) -> None:
    """Send no more what nobody needs any more, and drop the link of what was sent."""
    message = Message.objects.filter(key=key)
    message.update(link="", link_label="")
    message.filter(status=Message.Status.WAITING).update(status=Message.Status.CANCELLED)


def call_back_all(*, prefix: str) -> None:
    """`call_back` for every message whose key begins with `prefix`."""
    messages = Message.objects.filter(key__startswith=prefix)
    messages.update(link="", link_label="")
    messages.filter(status=Message.Status.WAITING).update(status=Message.Status.CANCELLED)
