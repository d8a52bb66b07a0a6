"""Practice on recordings, and until when somebody's marks are close enough to be relied on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from observations.models.instruments import InstrumentVersion
from observations.querysets import (
    CalibrationQuerySet,
    PracticeRatingQuerySet,
    PracticeRecordingQuerySet,
)
from workflow.facts import filled, in_order


def _one_person(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(partner__isnull=False, person__isnull=True)
        | Q(partner__isnull=True, person__isnull=False),
        name=f"{model}_is_ones",
        violation_error_message="Choose a partner or a peer.",
    )


@audited()
class PracticeRecording(models.Model):
    """A recorded consultation that people practise on: where to find it, and how it was rated.

    The recording itself is never held here.
    """

    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="recordings"
    )
    title = models.CharField(max_length=150)
    where = models.TextField("where to find it", max_length=500)
    minutes = models.PositiveSmallIntegerField("how long it is, in minutes", default=10)
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=40)
    agreed_by = models.CharField("who agreed on the marks", max_length=300)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = PracticeRecordingQuerySet.as_manager()

    class Meta:
        ordering = ("version", "title", "pk")
        constraints = (
            filled("title", name="practice_recording_has_title", words="Give it a title."),
            filled("where", name="practice_recording_has_where", words="Say where to find it."),
        )

    def __str__(self) -> str:
        return self.title


@audited(by_statement=True)
class PracticeRating(models.Model):
    """One person's marks of one recording, and how far they are from its consensus."""

    recording = models.ForeignKey(
        PracticeRecording, on_delete=models.PROTECT, related_name="ratings"
    )
    partner = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=40)
    # Mean of |mark - consensus| over the items; total minus consensus total, of 100.
    distance = models.DecimalField(max_digits=7, decimal_places=4)
    bias = models.DecimalField(max_digits=8, decimal_places=4)
    rated_at = models.DateTimeField()

    objects = PracticeRatingQuerySet.as_manager()

    class Meta:
        ordering = ("-rated_at", "-pk")
        indexes = (
            models.Index(fields=("partner", "-rated_at"), name="practice_rating_of_partner"),
            models.Index(fields=("person", "-rated_at"), name="practice_rating_of_person"),
        )
        constraints = (_one_person("practice_rating"),)

    def __str__(self) -> str:
        return f"Practice {self.pk}"


@audited()
class Calibration(models.Model):
    """Somebody's marks on a version are close enough to consensus, until a day."""

    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="calibrations"
    )
    partner = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_on = models.DateField("from")
    until_on = models.DateField("until")
    recordings = models.PositiveSmallIntegerField("recordings rated")
    distance = models.DecimalField("mean distance", max_digits=7, decimal_places=4)
    bias = models.DecimalField("bias on the total", max_digits=8, decimal_places=4)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ("-until_on", "-pk")
        indexes = (
            models.Index(fields=("version", "partner", "until_on"), name="calibration_partner"),
            models.Index(fields=("version", "person", "until_on"), name="calibration_person"),
        )
        constraints = (
            _one_person("calibration"),
            in_order(
                "from_on",
                "until_on",
                name="calibration_ends_after_start",
                words="A calibration ends after it began.",
            ),
        )

    def __str__(self) -> str:
        return f"Calibration {self.pk}"
