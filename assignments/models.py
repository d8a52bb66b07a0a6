"""Work groups, places in them, their meetings, and who came."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from assignments.querysets import (
    AssignmentQuerySet,
    AttendanceQuerySet,
    MeetingQuerySet,
    WorkGroupQuerySet,
)
from assignments.words import length_in_minutes, lowered, spoken_time
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


@audited()
class WorkGroup(models.Model):
    """What partners join: an MDT, a project, a committee, a panel, a study or an event."""

    class Kind(models.TextChoices):
        MDT = "mdt", "MDT"
        PROJECT = "project", "Project"
        COMMITTEE = "committee", "Committee"
        RECRUITMENT = "recruitment", "Recruitment panel"
        RESEARCH = "research", "Research study"
        EDUCATION = "education", "Teaching or learning"
        EVENT = "event", "Event"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="work_groups"
    )
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="work_groups"
    )
    kind = models.CharField(max_length=15, choices=Kind)
    name = models.CharField(max_length=150)
    purpose = models.TextField(max_length=2000, blank=True)
    lead_name = models.CharField("who leads it", max_length=120, blank=True)
    contact_phone = models.CharField("who to ring", max_length=60, blank=True)
    place = models.CharField(max_length=200, blank=True)
    join_link = models.URLField("link to join online", max_length=500, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects = WorkGroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=("programme", "name", "id"), name="work_group_list"),)
        constraints = (
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                name="work_group_name_once",
                violation_error_message="The programme already has a work group of this name.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="work_group_ends_after_start",
                violation_error_message="The last day must be on or after the first day.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The group in the middle of a sentence: "the upper limb MDT", "“Patient stories”"."""
        if self.kind != self.Kind.MDT:
            return f"“{self.name}”"
        name = lowered(self.name)
        return f"the {name}" if name.lower().endswith("mdt") else f"the {name} MDT"


class AssignmentHistory(HistoryRow):
    """What became of a place."""

    subject = models.ForeignKey(
        "assignments.Assignment", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Assignment(Stateful):
    """A partner's place in a work group, with a role and dates."""

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        ENDED = "ended", "Ended"

    HISTORY: ClassVar[type[HistoryRow]] = AssignmentHistory
    MOVES: ClassVar[Moves] = {
        Status.CURRENT: frozenset({Status.ENDED}),
        Status.ENDED: frozenset(),
    }

    work_group = models.ForeignKey(WorkGroup, on_delete=models.PROTECT, related_name="assignments")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField(max_length=80, default="Patient and Carer Partner")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.CURRENT)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("work_group", "starts_on", "pk")
        indexes = (
            models.Index(fields=("partner", "starts_on"), name="assignment_of_partner"),
            models.Index(fields=("-starts_on", "-id"), name="assignment_newest"),
        )
        constraints = (
            ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=(
                    ("work_group", RangeOperators.EQUAL),
                    ("partner", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                violation_error_message="This partner already has a place in this group then.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
                violation_error_message="The last day must be on or after the first day.",
            ),
            models.CheckConstraint(
                condition=Q(status="current") | Q(ends_on__isnull=False),
                name="assignment_ended_has_day",
                violation_error_message="A place that ended has a last day.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.work_group}"


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
        Status.HELD: frozenset(),
        Status.CANCELLED: frozenset(),
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
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = (
            models.Index(fields=("programme", "starts_at", "id"), name="meeting_diary"),
            models.Index(fields=("work_group", "starts_at"), name="meeting_of_group"),
            models.Index(
                fields=("starts_at", "id"), condition=Q(status="planned"), name="meeting_planned"
            ),
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

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="attendances"
    )
    plan = models.CharField(max_length=15, choices=Plan, default=Plan.UNANSWERED)
    planned_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.UNKNOWN)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
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
                condition=Q(contribution__isnull=True) | Q(outcome__in=["there", "part"]),
                name="attendance_contribution_was_there",
                violation_error_message="Only somebody who was there contributed.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.meeting}"
