from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from payments.querysets import PaymentReportQuerySet, PaymentRunQuerySet, ReportFileQuerySet
from workflow.sealed import Sealed
from workflow.transitions import HistoryRow, Moves, Stateful


class PaymentRunHistory(HistoryRow):
    """What became of a payment run."""

    subject = models.ForeignKey(
        "payments.PaymentRun", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class PaymentRun(Sealed, Stateful):
    """The approved lines of one programme and month, each in one run only."""

    class Status(models.TextChoices):
        OPEN = "open", "Gathering"
        CLOSED = "closed", "Sent to finance"
        PAID = "paid", "Paid"

    HISTORY: ClassVar[type[HistoryRow]] = PaymentRunHistory
    MOVES: ClassVar[Moves] = {
        Status.OPEN: frozenset({Status.CLOSED}),
        Status.CLOSED: frozenset({Status.PAID}),
        Status.PAID: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="payment_runs"
    )
    month = models.DateField(help_text="The first day of the month")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    line_count = models.PositiveIntegerField("lines", default=0)
    partner_count = models.PositiveIntegerField("partners", default=0)
    fees = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    expenses = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    objects = PaymentRunQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "month"),
                name="payment_run_one_a_month",
                violation_error_message="There is already a payment run for this month.",
            ),
            models.CheckConstraint(
                condition=Q(total=models.F("fees") + models.F("expenses")),
                name="payment_run_adds_up",
                violation_error_message="Fees and expenses must add up to the total.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="payment_run_month_is_first_day",
                violation_error_message="A month is written as its first day.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class PaymentReportHistory(HistoryRow):
    """What became of a payment report."""

    subject = models.ForeignKey(
        "payments.PaymentReport", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["done", "seen_at"])
class PaymentReport(Stateful):
    """The job that writes a month's files, with its progress; it survives a killed worker."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being written"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be written"

    HISTORY: ClassVar[type[HistoryRow]] = PaymentReportHistory
    MOVES: ClassVar[Moves] = {
        Status.WAITING: frozenset({Status.WORKING, Status.FAILED}),
        # A worker that died left it working; another takes it up again.
        Status.WORKING: frozenset({Status.WORKING, Status.READY, Status.FAILED}),
        Status.READY: frozenset(),
        # Made again, it is another report.
        Status.FAILED: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="payment_reports"
    )
    month = models.DateField(help_text="The first day of the month")
    run = models.ForeignKey(
        PaymentRun, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField("last sign of life", null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    summary = models.JSONField(default=dict, blank=True)

    objects = PaymentReportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "month"),
                condition=Q(status__in=["waiting", "working"]),
                name="payment_report_one_at_a_time",
                violation_error_message="This month's report is being written already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def is_under_way(self) -> bool:
        """Waiting for a worker, or being written."""
        return self.status in {self.Status.WAITING, self.Status.WORKING}


@audited(without=["content"])
class ReportFile(models.Model):
    """One file of a report. In the database, so that every web process can hand it out."""

    report = models.ForeignKey(PaymentReport, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("report", "name"), name="report_file_once"),)

    def __str__(self) -> str:
        return self.name
