"""Registers that somebody uploaded and never finished: personal data is not kept for that."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

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


@transaction.atomic
def forget_told(*, now: datetime) -> int:
    """Of imports brought in long ago keep the counts, and nothing of single rows; returns how many.

    What was said of a row has names in it, which nobody needs once the register is in order.
    """
    old = RegisterImport.objects.filter(
        status=RegisterImport.Status.APPLIED, uploaded_at__lt=now - KEPT_FOR
    ).exclude(outcome__told=[])
    rows = old.select_for_update(of=("self",)).defer("rows").order_by("pk")
    for one in rows:
        one.outcome = {**one.outcome, "told": []}
        one.save(update_fields=["outcome"])
    return len(rows)
