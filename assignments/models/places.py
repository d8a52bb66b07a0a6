"""Places of partners in work groups."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from accounts.audit import audited
from assignments.models.groups import WorkGroup
from assignments.querysets import AssignmentQuerySet
from workflow.transitions import HistoryRow, Moves, Stateful


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
    pathway_role = models.ForeignKey(
        "partners.PathwayRole",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    # Asked when somebody cannot come; takes none of the group's places.
    stands_in = models.BooleanField("stands in", default=False)
    handover = models.TextField("handover note", max_length=2000, blank=True)
    thanks = models.CharField("a line of thanks", max_length=500, blank=True)
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
