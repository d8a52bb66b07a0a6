"""Meetings, and who came."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.audit import audited
from assignments.models.groups import WorkGroup
from assignments.querysets import AttendanceQuerySet, MeetingQuerySet
from assignments.words import length_in_minutes, spoken_time
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


class MeetingHistory(HistoryRow):
    """What became of a meeting."""

    subject = models.ForeignKey(
        "assignments.Meeting", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Meeting(Stateful):
    """One meeting of a work group."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    HISTORY: ClassVar[type[HistoryRow]] = MeetingHistory
    MOVES: ClassVar[Moves] = {
        # A move keeps it planned and leaves its trace in the history.
        Status.PLANNED: frozenset({Status.PLANNED, Status.HELD, Status.CANCELLED}),
        # Who was there may be put right later, and leaves its trace too.
        Status.HELD: frozenset({Status.HELD}),
        Status.CANCELLED: frozenset({Status.CANCELLED}),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="meetings"
    )
    work_group = models.ForeignKey(WorkGroup, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=150, blank=True, help_text="Left empty: the group's name")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    join_link = models.URLField("link to join online", max_length=500, blank=True)
    asks = models.TextField("what it asks of partners", max_length=1000, blank=True)
    preparation_minutes = models.PositiveSmallIntegerField("minutes to prepare", default=0)
    # The repeating meeting it is one of, and the day that the rule gave it: moved, it keeps that.
    series = models.ForeignKey(
        "assignments.MeetingSeries",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    series_day = models.DateField(null=True, blank=True)
    # RFC 5545, 3.8.7.4: counts what changed of it for those who have it in a calendar.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = (
            models.Index(fields=("programme", "starts_at", "id"), name="meeting_diary"),
            models.Index(fields=("work_group", "starts_at"), name="meeting_of_group"),
            models.Index(fields=("status", "starts_at", "id"), name="meeting_by_state"),
            models.Index(
                Case(When(status="planned", then=F("ends_at"))), name="meeting_to_confirm"
            ),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="meeting_called"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message="The meeting must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(preparation_minutes__lte=1440),
                name="meeting_preparation_in_a_day",
                violation_error_message="Preparation is at most 24 hours.",
            ),
            models.UniqueConstraint(
                fields=("series", "series_day"),
                name="meeting_once_in_series",
                violation_error_message="The series has a meeting on this day already.",
            ),
            paired("series", "series_day", name="meeting_series_pair"),
        )

    def __str__(self) -> str:
        return self.title or str(self.work_group)

    @property
    def minutes(self) -> int:
        """What the work counts unless somebody says otherwise: its length and its preparation."""
        return length_in_minutes(self.starts_at, self.ends_at) + self.preparation_minutes

    @property
    def when(self) -> str:
        """Day and hours in London, for people."""
        return spoken_time(self.starts_at, self.ends_at)


@audited()
class Attendance(models.Model):
    """A partner and a meeting: what they said they would do, and what happened."""

    class Plan(models.TextChoices):
        UNANSWERED = "unanswered", "No answer yet"
        COMING = "coming", "Coming"
        ONLINE = "online", "Joining online"
        NOT_THIS_TIME = "not_this_time", "Not this time"

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", "Not confirmed yet"
        THERE = "there", "There"
        PART = "part", "There for part"
        MISSED = "missed", "Not there"
        UNWELL = "unwell", "Could not come because of health"
        CALLED_OFF = "called_off", "Cancelled late by us"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="attendances"
    )
    plan = models.CharField(max_length=15, choices=Plan, default=Plan.UNANSWERED)
    planned_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.UNKNOWN)
    # At the meeting and preparing for it; the way there and back besides.
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    stands_in = models.BooleanField("stands in", default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contribution = models.OneToOneField(
        "partners.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "partner"),
                name="attendance_once",
                violation_error_message="This partner is already down for this meeting.",
            ),
            paired("confirmed_at", "confirmed_by", name="attendance_confirmed_pair"),
            models.CheckConstraint(
                condition=Q(outcome="unknown", confirmed_at__isnull=True)
                | (~Q(outcome="unknown") & Q(confirmed_at__isnull=False)),
                name="attendance_outcome_has_stamp",
                violation_error_message="A confirmed attendance says who confirmed it.",
            ),
            models.CheckConstraint(
                condition=Q(contribution__isnull=True)
                | Q(outcome__in=["there", "part", "unwell", "called_off"]),
                name="attendance_contribution_counts",
                violation_error_message="Only what counts becomes a contribution.",
            ),
            models.CheckConstraint(
                condition=Q(travel_minutes__lte=1440),
                name="attendance_travel_in_a_day",
                violation_error_message="The way there and back is at most 24 hours.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.meeting}"

    @property
    def counted(self) -> int:
        """The minutes that count: at the meeting, preparing for it, and on the way."""
        return (self.minutes or 0) + self.travel_minutes
