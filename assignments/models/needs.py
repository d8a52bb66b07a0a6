"""Whether partners' needs were met, and the programme's rule for who could not come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from assignments.models.meetings import Attendance
from assignments.querysets import NeedsAnswerQuerySet, PayRuleQuerySet
from workflow.facts import known
from workflow.stamps import paired


@audited(without=["note", "done"])
class NeedsAnswer(models.Model):
    """A partner says after a meeting whether their needs were met; a no waits for a coordinator."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    attendance = models.OneToOneField(
        Attendance, on_delete=models.PROTECT, related_name="needs_answer"
    )
    answer = models.CharField(max_length=10, choices=Answer)
    note = models.TextField("what was missing", max_length=500, blank=True)
    answered_at = models.DateTimeField()
    done = models.TextField("what was done about it", max_length=500, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NeedsAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("answered_at", "pk")
        indexes = (
            models.Index(
                fields=("answered_at", "id"),
                condition=Q(seen_at__isnull=True) & ~Q(answer="yes"),
                name="needs_not_met",
            ),
        )
        constraints = (
            known("answer", ["yes", "partly", "no"], name="needs_answer_known"),
            paired("seen_at", "seen_by", name="needs_seen_pair"),
        )

    def __str__(self) -> str:
        return f"{self.attendance}: {self.get_answer_display()}"


@audited()
class PayRule(models.Model):
    """How much of a meeting counts for somebody who could not be there, by a programme's rule."""

    class Share(models.TextChoices):
        FULL = "full", "All of it"
        HALF = "half", "Half"
        NONE = "none", "Nothing"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="pay_rules"
    )
    outcome = models.CharField(
        max_length=10,
        choices=[
            (Attendance.Outcome.UNWELL, "Missed because of health"),
            (Attendance.Outcome.CALLED_OFF, "Cancelled late by us"),
        ],
    )
    share = models.CharField(max_length=5, choices=Share)
    # For a meeting that was called off: later than this before its start is late.
    notice_hours = models.PositiveSmallIntegerField("hours of notice", default=24)

    objects = PayRuleQuerySet.as_manager()

    class Meta:
        ordering = ("programme", "outcome")
        constraints = (
            known("outcome", ["unwell", "called_off"], name="pay_rule_outcome_known"),
            known("share", ["full", "half", "none"], name="pay_rule_share_known"),
            models.UniqueConstraint(
                fields=("programme", "outcome"),
                name="pay_rule_once",
                violation_error_message="The programme has this rule already: change that one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.get_share_display()}"
