"""Registers that somebody uploaded and never finished: personal data is not kept for that."""

from contextlib import suppress
from datetime import datetime, timedelta

from partners.models import RegisterImport
from partners.services.register_import import drop_import
from workflow.transitions import IllegalMoveError

KEPT_FOR = timedelta(days=30)


def drop_abandoned(*, now: datetime) -> int:
    """Let go of every import that was uploaded `KEPT_FOR` ago and not finished; returns how many.

    Each in a transaction of its own: one that somebody finishes at this moment is left to them.
    """
    dropped = 0
    abandoned = RegisterImport.objects.unfinished().filter(uploaded_at__lt=now - KEPT_FOR)
    for one in abandoned.defer("rows", "outcome").order_by("pk"):
        with suppress(IllegalMoveError):
            drop_import(
                register_import=one,
                by=None,
                now=now,
                why=f"Nobody finished it in {KEPT_FOR.days} days",
            )
            dropped += 1
    return dropped
