"""Clinics that are observed: who, where, which half-day. Nothing in them tells who a patient is."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from observations.models.instruments import InstrumentVersion
from observations.querysets import (
    ClinicSessionQuerySet,
    ConsultationQuerySet,
    DebriefQuerySet,
    ObserverQuerySet,
    SelfRatingQuerySet,
)
from workflow.facts import known
from workflow.transitions import HistoryRow, Moves, Stateful


class ClinicSessionHistory(HistoryRow):
    """What became of a clinic session."""

    subject = models.ForeignKey(
        "observations.ClinicSession", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class ClinicSession(Stateful):
    """One half-day of one clinician's clinic that is observed, once the clinician agrees."""

    class Status(models.TextChoices):
        ASKED = "asked", "Waiting for the clinician"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Not this time"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    class Half(models.TextChoices):
        AM = "am", "Morning"
        PM = "pm", "Afternoon"
        EVENING = "evening", "Evening"

    HISTORY: ClassVar[type[HistoryRow]] = ClinicSessionHistory
    MOVES: ClassVar[Moves] = {
        Status.ASKED: frozenset({Status.AGREED, Status.DECLINED, Status.CANCELLED}),
        # Until the first sheet is begun the clinician may think again, without giving a reason.
        Status.AGREED: frozenset({Status.HELD, Status.DECLINED, Status.CANCELLED}),
        Status.DECLINED: frozenset({Status.AGREED, Status.CANCELLED}),
        Status.HELD: frozenset(),
        Status.CANCELLED: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="clinic_sessions"
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, related_name="clinic_sessions"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clinic_sessions"
    )
    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="clinic_sessions"
    )
    day = models.DateField()
    half = models.CharField("half-day", max_length=10, choices=Half)
    place = models.CharField(max_length=120, blank=True)
    # How many patients were asked whether somebody may sit in, and what they said.
    asked = models.PositiveSmallIntegerField("patients asked", null=True, blank=True)
    said_yes = models.PositiveSmallIntegerField("patients who agreed", null=True, blank=True)
    said_no = models.PositiveSmallIntegerField("patients who declined", null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    planned_at = models.DateTimeField()

    objects = ClinicSessionQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "half", "pk")
        indexes = (
            models.Index(fields=("programme", "-day", "-id"), name="clinic_session_diary"),
            models.Index(fields=("clinician", "day"), name="clinic_session_of_clinician"),
            models.Index(fields=("team", "-day", "-id"), name="clinic_session_of_team"),
        )
        constraints = (
            known("half", ["am", "pm", "evening"], name="clinic_session_half_known"),
            models.UniqueConstraint(
                fields=("team", "clinician", "day", "half"),
                condition=~Q(status="cancelled"),
                name="clinic_session_once",
                violation_error_message="This clinic is planned already.",
            ),
            models.CheckConstraint(
                condition=Q(asked__isnull=True, said_yes__isnull=True, said_no__isnull=True)
                | Q(asked__isnull=False, said_yes__isnull=False, said_no__isnull=False)
                & Q(asked__gte=F("said_yes") + F("said_no"), asked__lte=100),
                name="clinic_session_counts_add_up",
                violation_error_message="At most as many patients agreed and declined as were "
                "asked.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clinician}, {self.day:%-d %B %Y}, {self.get_half_display().lower()}"


@audited()
class Observer(models.Model):
    """Somebody invited to observe a clinic: a partner, or a peer of the clinician."""

    class Answer(models.TextChoices):
        INVITED = "invited", "No answer yet"
        YES = "yes", "Coming"
        NO = "no", "Not this time"

    session = models.ForeignKey(ClinicSession, on_delete=models.PROTECT, related_name="observers")
    partner = models.ForeignKey(
        "partners.Partner",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observer_seats",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observer_seats",
    )
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # Taken back by a coordinator before anything was rated.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ObserverQuerySet.as_manager()

    class Meta:
        ordering = ("session", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(partner__isnull=False, person__isnull=True)
                | Q(partner__isnull=True, person__isnull=False),
                name="observer_is_one",
                violation_error_message="An observer is a partner or a peer.",
            ),
            known("answer", ["invited", "yes", "no"], name="observer_answer_known"),
            models.UniqueConstraint(
                fields=("session", "partner"),
                name="observer_partner_once",
                violation_error_message="This partner is invited already.",
            ),
            models.UniqueConstraint(
                fields=("session", "person"),
                name="observer_person_once",
                violation_error_message="This person is invited already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.partner or self.person)

    @property
    def is_partner(self) -> bool:
        return self.partner_id is not None


@audited(by_statement=True)
class Consultation(models.Model):
    """One consultation of a session, known by its number of that half-day and by nothing else."""

    session = models.ForeignKey(
        ClinicSession, on_delete=models.PROTECT, related_name="consultations"
    )
    number = models.PositiveSmallIntegerField()

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ("session", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "number"),
                name="consultation_once",
                violation_error_message="There is a consultation of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=60),
                name="consultation_number_known",
                violation_error_message="Enter a number between 1 and 60.",
            ),
        )

    def __str__(self) -> str:
        return f"Consultation {self.number}"


@audited(without=["note"])
class Debrief(models.Model):
    """How it was to observe: the observer's own, but for the wish to talk."""

    class Feeling(models.TextChoices):
        GOOD = "good", "It went well"
        MIXED = "mixed", "Mixed"
        HARD = "hard", "It was hard"

    observer = models.OneToOneField(Observer, on_delete=models.PROTECT, related_name="debrief")
    feeling = models.CharField(max_length=10, choices=Feeling)
    note = models.TextField("anything you want to keep", max_length=2000, blank=True)
    wants_talk = models.BooleanField("I would like to talk to the coordinator", default=False)
    said_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True, blank=True)

    objects = DebriefQuerySet.as_manager()

    class Meta:
        ordering = ("-said_at", "-pk")
        constraints = (known("feeling", ["good", "mixed", "hard"], name="debrief_feeling_known"),)

    def __str__(self) -> str:
        return f"Debrief {self.pk}"


@audited()
class SelfRating(models.Model):
    """How the clinician rates the same clinic, as a whole."""

    session = models.OneToOneField(
        ClinicSession, on_delete=models.PROTECT, related_name="self_rating"
    )
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=40)
    rated_at = models.DateTimeField()

    objects = SelfRatingQuerySet.as_manager()

    class Meta:
        ordering = ("-rated_at", "-pk")

    def __str__(self) -> str:
        return f"Self-rating {self.pk}"
