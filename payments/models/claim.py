from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from payments.querysets import ClaimLineQuerySet, ClaimQuerySet, ExpenseQuerySet
from workflow.facts import known
from workflow.sealed import Sealed
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


class ClaimHistory(HistoryRow):
    """What became of a claim."""

    subject = models.ForeignKey("payments.Claim", on_delete=models.PROTECT, related_name="history")

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Claim(Sealed, Stateful):
    """What a partner asks to be paid, line by line. Written by `payments.services` only."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        SUBMITTED = "submitted", "With the coordinator"
        QUERIED = "queried", "A question for you"
        APPROVED = "approved", "Approved"
        PAID = "paid", "Paid"
        WITHDRAWN = "withdrawn", "Withdrawn"

    WITH_PARTNER: ClassVar[frozenset[str]] = frozenset({Status.DRAFT, Status.QUERIED})
    HISTORY: ClassVar[type[HistoryRow]] = ClaimHistory
    MOVES: ClassVar[Moves] = {
        Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
        Status.SUBMITTED: frozenset({Status.APPROVED, Status.QUERIED, Status.WITHDRAWN}),
        Status.QUERIED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
        Status.APPROVED: frozenset({Status.PAID}),
        Status.PAID: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="claims"
    )
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="claims")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    query = models.CharField("question to the partner", max_length=500, blank=True)
    # The sum of the live lines, kept by the service that writes them, so that lists need no sum.
    total = models.DecimalField(max_digits=10, decimal_places=2, default=0)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        indexes = (
            models.Index(fields=("partner", "-opened_at", "-id"), name="claim_of_partner"),
            models.Index(
                fields=("programme", "submitted_at", "id"),
                condition=Q(status="submitted"),
                name="claim_waiting",
            ),
            models.Index(fields=("programme", "-opened_at", "-id"), name="claim_list"),
            models.Index(
                F("programme"),
                F("submitted_at").desc(nulls_last=True),
                F("id").desc(),
                name="claim_list_sent",
            ),
            models.Index(
                fields=("programme", "id"), condition=Q(status="approved"), name="claim_approved"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("partner",),
                condition=Q(status="draft"),
                name="claim_one_draft",
                violation_error_message="There is already a claim that has not been sent.",
            ),
            paired("approved_at", "approved_by", name="claim_approved_pair"),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "paid"]) | Q(approved_at__isnull=False),
                name="claim_approved_has_stamp",
                violation_error_message="An approved claim says who approved it.",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0),
                name="claim_total_not_negative",
                violation_error_message="A claim cannot be negative.",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="approver_is_not_claimant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("approved_by_id"),
                condition=pgtrigger.Q(new__approved_by__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM partners_partner
                        WHERE id = NEW.partner_id AND user_id = NEW.approved_by_id
                    ) THEN
                        RAISE EXCEPTION 'Nobody approves their own claim.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"Claim {self.pk}"


class Head(models.TextChoices):
    """What an expense was for."""

    PUBLIC_TRANSPORT = "public_transport", "Bus or train"
    CAR = "car", "Own car"
    TAXI = "taxi", "Taxi"
    PARKING = "parking", "Parking"
    CARE = "care", "Carer or replacement care"
    SUPPORTER = "supporter", "Somebody who came along to help"
    OVERNIGHT = "overnight", "Overnight stay"
    PRINTING = "printing", "Printing and phone"
    OTHER = "other", "Something else"


@audited()
class Expense(models.Model):
    """Money a partner laid out for a piece of work, or miles driven for it."""

    Head = Head

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="expenses"
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="expenses"
    )
    happened_on = models.DateField("day")
    head = models.CharField("what for", max_length=20, choices=Head)
    description = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(
        "pounds", max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=5000),
                name="expense_amount_in_reason",
                violation_error_message="Enter an amount between 1p and £5,000.",
            ),
            known(
                "head", Head.values, name="expense_head_known", words="Choose what you paid for."
            ),
        )

    def __str__(self) -> str:
        return self.description or self.get_head_display()


@audited(by_statement=True)
class ClaimLine(Sealed):
    """One thing to be paid: a contribution or an expense, with the amount as it was worked out.

    Minutes, rate and amount are a snapshot. What was paid is never rewritten, only topped up by
    a new line.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="claim_lines"
    )
    contribution = models.ForeignKey(
        "partners.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    expense = models.ForeignKey(
        Expense, null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    happened_on = models.DateField("day")
    description = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    rate = models.ForeignKey(
        "payments.Rate", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(default=100)
    donated = models.BooleanField(default=False)
    amount = models.DecimalField("pounds", max_digits=8, decimal_places=2)
    run = models.ForeignKey(
        "payments.PaymentRun", null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    voided_at = models.DateTimeField(null=True, blank=True)

    # Words for a page: why this amount, and when it comes. Filled by whoever shows the line.
    why: str = ""
    expected: str = ""

    objects = ClaimLineQuerySet.as_manager()

    class Meta:
        ordering = ("happened_on", "pk")
        indexes = (
            models.Index(
                fields=("claim", "happened_on", "id"),
                condition=Q(run__isnull=True, voided_at__isnull=True),
                name="claim_line_not_in_run",
            ),
            models.Index(fields=("partner", "-happened_on", "-id"), name="claim_line_money_page"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, expense__isnull=True)
                | Q(contribution__isnull=True, expense__isnull=False),
                name="claim_line_work_or_expense",
                violation_error_message="A line is for a piece of work or for an expense.",
            ),
            models.CheckConstraint(
                condition=Q(contribution__isnull=True)
                | Q(minutes__isnull=False, rate__isnull=False),
                name="claim_line_work_has_rate",
                violation_error_message="A line for work shows its minutes and its rate.",
            ),
            models.UniqueConstraint(
                fields=("contribution",),
                condition=Q(voided_at__isnull=True),
                name="contribution_claimed_once",
                violation_error_message="This work already stands on a claim.",
            ),
            models.UniqueConstraint(
                fields=("expense",),
                condition=Q(voided_at__isnull=True),
                name="expense_claimed_once",
                violation_error_message="This expense already stands on a claim.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="claim_line_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=True) | Q(voided_at__isnull=True),
                name="claim_line_in_run_is_live",
                violation_error_message="A line in a payment run cannot be taken off its claim.",
            ),
        )

    def __str__(self) -> str:
        return self.description
