"""Minimal valid rows of this app, and messages that wait."""

from datetime import UTC, datetime
from typing import Any

from accounts.models import Message, Programme
from accounts.services.messages import queue_message
from accounts.tests.factories import ProgrammeFactory

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def waiting_message(
    key: str = "note:1", *, programme: Programme | None = None, **values: Any
) -> Message:
    """A message of no special kind that is due now."""
    message = queue_message(
        **{
            "key": key,
            "kind": "note",
            "programme": programme or ProgrammeFactory(),
            "to_name": "Maureen Okafor",
            "to_address": "mo@example.org",
            "subject": "Your claim is approved",
            "body": "Hello Mo,\n\nYour claim is approved. <Thank> you.",
            "link": "/money/",
            "link_label": "See your claim",
            "now": NOW,
            **values,
        }
    )
    assert message is not None
    return message
