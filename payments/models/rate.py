from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.models import Contribution
from payments.querysets import PaymentChoiceQuerySet, RateQuerySet
from workflow.facts import in_order, once_at_a_time


@audited()
class Rate(models.Model):
    """What a programme pays for a kind of work from a day on. Never changed once used: ended.

    By the day: a partner's payable minutes of one day are added up; up to and including
    `half_day_minutes` earn `half_amount`, more earn `amount`. By the hour: `amount` an hour.
    By the session: `amount` each.
    """

    class Basis(models.TextChoices):
        DAY = "day", "By the day"
        HOUR = "hour", "By the hour"
        SESSION = "session", "By the session"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="rates"
    )
    kind = models.CharField(
        "kind of work",
        max_length=15,
        choices=[("", "Every kind without a rate of its own"), *Contribution.Kind.choices],
        blank=True,
        default="",
    )
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.DAY)
    amount = models.DecimalField(
        "pounds", max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    half_amount = models.DecimalField(
        "pounds for a half day",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    half_day_minutes = models.PositiveSmallIntegerField(
        "a half day is up to (minutes)", default=240
    )
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ("programme", "kind", "-starts_on")
        constraints = (
            once_at_a_time(
                "programme",
                "kind",
                first="starts_on",
                last="ends_on",
                name="rate_one_a_day",
                words=(
                    "There is already a rate for this kind of work on some of these days. "
                    "End it first."
                ),
            ),
            in_order(
                "starts_on",
                "ends_on",
                name="rate_ends_after_start",
                words="The last day must be on or after the first day.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(half_amount__isnull=True) | Q(half_amount__gte=0)),
                name="rate_not_negative",
                violation_error_message="A rate cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(basis="day", half_amount__isnull=False)
                | (~Q(basis="day") & Q(half_amount__isnull=True)),
                name="rate_by_day_has_half",
                violation_error_message="A rate by the day, and only that, has a half-day amount.",
            ),
        )

    def __str__(self) -> str:
        return f"£{self.amount} {self.get_basis_display().lower()}"


@audited()
class PaymentChoice(models.Model):
    """What a partner chose to do with the money from a day on, before the work."""

    class Choice(models.TextChoices):
        TAKE = "take", "Take it"
        PART = "part", "Take part of it"
        DONATE = "donate", "Give it away"
        DECLINE = "decline", "Decline it"

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="payment_choices"
    )
    choice = models.CharField(max_length=10, choices=Choice, default=Choice.TAKE)
    percent = models.PositiveSmallIntegerField("part to take, in per cent", default=100)
    starts_on = models.DateField("from")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PaymentChoiceQuerySet.as_manager()

    class Meta:
        ordering = ("partner", "-starts_on")
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "starts_on"),
                name="payment_choice_one_a_day",
                violation_error_message="There is already a choice from this day on.",
            ),
            models.CheckConstraint(
                condition=(Q(choice="part") & Q(percent__gte=1, percent__lte=99))
                | (~Q(choice="part") & Q(percent=100)),
                name="payment_choice_part_has_percent",
                violation_error_message="A part is between 1 and 99 per cent.",
            ),
        )

    def __str__(self) -> str:
        return self.get_choice_display()
