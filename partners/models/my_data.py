from datetime import datetime
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
    """Everything that the portal holds about a person, as a zip that they asked for.

    Of somebody who signs in (`user`), or of a `partner` without a sign-in: a coordinator asks for
    that one, and hands it over. `taken_at` is when they last did.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="data_copies",
    )
    partner = models.ForeignKey(
        "partners.Partner",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="data_copies",
    )
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField("handed over", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

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
            models.UniqueConstraint(
                fields=("partner",),
                condition=Q(status__in=["waiting", "working"]),
                name="data_copy_one_at_a_time_for_partner",
                violation_error_message="Their copy is being made already.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, partner__isnull=True)
                | Q(user__isnull=True, partner__isnull=False),
                name="data_copy_of_one_person",
                violation_error_message="Say of whom the copy is.",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False, partner__isnull=False),
                name="data_copy_taken_by_somebody",
                violation_error_message="Say who took the copy, and when.",
            ),
        )

    def __str__(self) -> str:
        return f"Copy of {self.asked_at:%-d %B %Y}"

    def is_over(self, now: datetime) -> bool:
        """It was made, and may not be had any more."""
        is_ready = self.status == self.Status.READY
        return is_ready and (
            self.file_id is None or self.expires_at is None or self.expires_at <= now
        )


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
