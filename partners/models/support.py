from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.models.partner import Partner
from partners.querysets import (
    CheckInQuerySet,
    ConcernQuerySet,
    OfPartnerQuerySet,
    StageStepQuerySet,
)
from workflow.facts import filled, known
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


@audited()
class StageStep(models.Model):
    """One thing to see to while a partner is at a stage: a line of that stage's checklist."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="stage_steps"
    )
    stage = models.CharField(max_length=15, choices=Partner.Status)
    text = models.CharField("to do", max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    objects = StageStepQuerySet.as_manager()

    class Meta:
        ordering = ("stage", "position", "pk")
        constraints = (
            filled("text", name="stage_step_has_text", words="Say what is to be done."),
            known("stage", Partner.Status.values, name="stage_step_stage_known"),
            models.UniqueConstraint(
                fields=("programme", "stage", "text"),
                condition=Q(retired_on__isnull=True),
                name="stage_step_once",
                violation_error_message="The checklist has this line already.",
            ),
        )

    def __str__(self) -> str:
        return self.text


@audited()
class StageStepDone(models.Model):
    """A line of a checklist, done for a partner."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="stage_steps_done"
    )
    step = models.ForeignKey(StageStep, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfPartnerQuerySet.as_manager()

    class Meta:
        ordering = ("done_at", "pk")
        verbose_name_plural = "stage steps done"
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "step"),
                name="stage_step_done_once",
                violation_error_message="This is done already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.step)


@audited(without=["shared", "private"])
class CheckIn(models.Model):
    """A talk with a partner about how things are: a part for both, a part for its author alone."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="check_ins"
    )
    happened_on = models.DateField("day")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared = models.TextField("what we said, for both of us", max_length=4000, blank=True)
    private = models.TextField("for myself", max_length=4000, blank=True)
    next_on = models.DateField("next time", null=True, blank=True)
    written_at = models.DateTimeField()

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_on", "-pk")
        verbose_name = "check-in"

    def __str__(self) -> str:
        return f"Check-in on {self.happened_on}"


class ConcernHistory(HistoryRow):
    """What became of a concern. `why` stays empty: nothing of the matter is told here."""

    subject = models.ForeignKey(
        "partners.Concern", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["text", "outcome"])
class Concern(Stateful):
    """Something that worries somebody. It reaches the programme's named lead and nobody else."""

    class Status(models.TextChoices):
        RAISED = "raised", "Raised"
        SEEN = "seen", "Being looked into"
        CLOSED = "closed", "Closed"

    HISTORY: ClassVar[type[HistoryRow]] = ConcernHistory
    MOVES: ClassVar[Moves] = {
        Status.RAISED: frozenset({Status.SEEN, Status.CLOSED}),
        Status.SEEN: frozenset({Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="concerns"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("what worries you", max_length=10000)
    wants_call = models.BooleanField("I should like to be rung", default=False)
    raised_at = models.DateTimeField()
    outcome = models.TextField("what was done", max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RAISED)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_at", "-pk")
        constraints = (
            filled(
                "text", name="concern_has_text", words="Say what worries you, in your own words."
            ),
            paired("closed_at", "closed_by", name="concern_closed_pair"),
        )

    def __str__(self) -> str:
        return f"Concern of {self.raised_at:%-d %B %Y}"
