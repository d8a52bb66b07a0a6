"""One door for every change of state: lock, check the move, write the row and its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models, transaction

from workflow.sealed import writing

Moves = Mapping[str, frozenset[str]]


class IllegalMoveError(Exception):
    """The row is not in a state from which it may go where it was asked to.

    `str(error)` is a sentence for people.
    """

    def __init__(self, row: "Stateful", to: str) -> None:
        self.row, self.to = row, to
        labels = dict(type(row)._meta.get_field("status").flatchoices)
        now_, then = labels[row.status], labels[to]
        super().__init__(
            f"This is “{str(now_).lower()}” now and cannot become “{str(then).lower()}”. "
            "Somebody may have changed it a moment ago: look at it again."
        )


class HistoryRow(models.Model):
    """What changed, when, by whom and why. Never changed and never deleted.

    A concrete history adds `subject`, a key to its model with `related_name="history"`.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("at", "pk")
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )


class Stateful(models.Model):
    """Base of models with a `status` column, a table of legal `MOVES` and a `HISTORY` model."""

    MOVES: ClassVar[Moves] = {}
    HISTORY: ClassVar[type[HistoryRow]]
    status: Any

    class Meta:
        abstract = True


def begin(row: Stateful, *, by: Any, now: datetime, why: str = "") -> None:
    """Write the first history row of a new `row`."""
    type(row).HISTORY.objects.create(subject=row, at=now, by=by, to_status=row.status, why=why)


@transaction.atomic
def transition(
    row: Stateful, to: str, *, by: Any, now: datetime, why: str = "", **stamps: Any
) -> Stateful:
    """Move `row` to the state `to`, setting `stamps` with it, and write its history.

    The row is locked and read again first, so that of two people pressing at once one wins and
    the other is told. Returns `row`, brought up to date.

    Raises IllegalMoveError when the locked row may not go there.
    """
    model = type(row)
    locked = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if to not in model.MOVES.get(locked.status, frozenset()):
        raise IllegalMoveError(locked, to)
    before = locked.status
    values = {"status": to, **stamps}
    for target in (locked, row):
        for name, value in values.items():
            setattr(target, name, value)
    with writing(model):
        locked.save(update_fields=list(values))
    model.HISTORY.objects.create(
        subject=locked, at=now, by=by, from_status=before, to_status=to, why=why
    )
    return row
