from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.audit import audited
from partners.querysets import RegisterImportQuerySet
from workflow.transitions import HistoryRow, Moves, Stateful


class RegisterImportHistory(HistoryRow):
    """What became of an import."""

    subject = models.ForeignKey(
        "partners.RegisterImport", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["rows", "outcome"])
class RegisterImport(Stateful):
    """A coordinator's workbook on its way in: read, mapped, tried out, confirmed.

    `rows` holds the cells as text and is emptied once the import is applied or let go.
    """

    class Status(models.TextChoices):
        READ = "read", "Columns to check"
        MAPPED = "mapped", "Ready to confirm"
        APPLIED = "applied", "Brought in"
        DROPPED = "dropped", "Let go"

    HISTORY: ClassVar[type[HistoryRow]] = RegisterImportHistory
    MOVES: ClassVar[Moves] = {
        Status.READ: frozenset({Status.MAPPED, Status.DROPPED}),
        Status.MAPPED: frozenset({Status.MAPPED, Status.APPLIED, Status.DROPPED}),
        Status.APPLIED: frozenset(),
        Status.DROPPED: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="register_imports"
    )
    filename = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100)
    header_row = models.PositiveIntegerField()
    headers = models.JSONField(default=list)
    rows = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.READ)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=["applied", "dropped"]) | Q(rows=[]),
                name="register_import_ended_is_empty",
                violation_error_message="An import that has ended keeps no rows.",
            ),
        )

    def __str__(self) -> str:
        return self.filename


@audited()
class RememberedColumn(models.Model):
    """Which field a programme's column header meant last time."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.CASCADE, related_name="remembered_columns"
    )
    header = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                models.F("programme"), Lower("header"), name="remembered_column_once"
            ),
        )

    def __str__(self) -> str:
        return self.header
