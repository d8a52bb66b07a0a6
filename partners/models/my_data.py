from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.models.files import StoredFile
from partners.querysets import CorrectionQuerySet, DataCopyQuerySet
from workflow.facts import filled
from workflow.jobs import Job
from workflow.transitions import HistoryRow, Moves, Stateful


@audited()
class DataCopy(Job):
    """Everything that the portal holds about a person, as a zip that they asked for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_copies"
    )
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = DataCopyQuerySet.as_manager()

    class Meta(Job.Meta):
        abstract = False
        verbose_name = "copy of somebody's data"
        verbose_name_plural = "copies of people's data"
        constraints = (
            *Job.Meta.constraints,
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(status__in=["waiting", "working"]),
                name="data_copy_one_at_a_time",
                violation_error_message="Your copy is being made already.",
            ),
        )

    def __str__(self) -> str:
        return f"Copy of {self.asked_at:%-d %B %Y}"


class CorrectionHistory(HistoryRow):
    """What became of a request to put something right."""

    subject = models.ForeignKey(
        "partners.Correction", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["about", "text", "answer"])
class Correction(Stateful):
    """Somebody asks that what is held about them be put right (UK GDPR, article 16)."""

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        MADE = "made", "Put right"
        REFUSED = "refused", "Not changed"

    HISTORY: ClassVar[type[HistoryRow]] = CorrectionHistory
    MOVES: ClassVar[Moves] = {
        Status.ASKED: frozenset({Status.MADE, Status.REFUSED}),
        Status.MADE: frozenset(),
        Status.REFUSED: frozenset(),
    }

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="corrections"
    )
    about = models.CharField("what it is about", max_length=150)
    text = models.TextField("what is wrong, and what would be right", max_length=4000)
    asked_at = models.DateTimeField()
    answer = models.TextField("what was done, and why", max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            filled("about", name="correction_has_about", words="Say what it is about."),
            filled("text", name="correction_has_text", words="Say what would be right."),
            models.CheckConstraint(
                condition=Q(status="asked", answered_at__isnull=True)
                | (~Q(status="asked") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="correction_answered_has_answer",
                violation_error_message="Say what was done, and why.",
            ),
        )

    def __str__(self) -> str:
        return self.about
