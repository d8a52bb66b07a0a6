"""Queue what a person should be told, in the transaction of its cause."""

from datetime import datetime

from accounts.models import Message, Programme, User


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
) -> Message | None:
    """Write one message row, once for each `key`; call it inside the transaction of its cause.

    `body` is plain text, paragraphs parted by an empty line, with nothing confidential in it.
    `link` is a path of the portal. Returns None for somebody without an address (nothing is
    queued), else the row, which may have been there before.
    """
    if not to_address:
        return None
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "programme": programme,
            "recipient": recipient,
            "to_name": to_name,
            "to_address": to_address,
            "subject": " ".join(subject.split()),
            "body": body,
            "link": link,
            "link_label": link_label,
            "created_at": now,
            "due_at": due_at or now,
        },
    )
    return message


def call_back(*, key: str) -> None:
    """Send no more what nobody needs any more, and drop the link of what was sent."""
    message = Message.objects.filter(key=key)
    message.update(link="", link_label="")
    message.filter(status=Message.Status.WAITING).update(status=Message.Status.CANCELLED)
