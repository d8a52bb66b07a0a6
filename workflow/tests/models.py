from typing import ClassVar

from django.conf import settings
from django.db import models

from workflow.sealed import Sealed, SealedQuerySet
from workflow.stamps import paired, stamped_in
from workflow.transitions import HistoryRow, Moves, Stateful


class LetterHistory(HistoryRow):
    subject = models.ForeignKey(
        "workflow_tests.Letter", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


class Letter(Sealed, Stateful):
    """A letter that is written, sent and answered."""

    class Status(models.TextChoices):
        WRITTEN = "written", "Written"
        SENT = "sent", "Sent"
        ANSWERED = "answered", "Answered"

    HISTORY: ClassVar[type[HistoryRow]] = LetterHistory
    MOVES: ClassVar[Moves] = {
        Status.WRITTEN: frozenset({Status.SENT}),
        Status.SENT: frozenset({Status.ANSWERED}),
        Status.ANSWERED: frozenset(),
    }

    status = models.CharField(max_length=10, choices=Status, default=Status.WRITTEN)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = (
            paired("read_at", "read_by", name="letter_read_pair"),
            stamped_in("status", ["sent", "answered"], "sent_at", name="letter_sent_has_time"),
        )

    def __str__(self) -> str:
        return "A letter"
