from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from partners.models.contribution import Contribution
from partners.models.pathway import PathwayRole, RoleSkill
from partners.querysets import LearningItemQuerySet, LearningPlaceQuerySet, LearningSessionQuerySet
from workflow.facts import filled, known
from workflow.transitions import HistoryRow, Moves, Stateful


@audited()
class LearningItem(models.Model):
    """Something to learn: core, or for a setting, and for which roles."""

    Kind = RoleSkill.Kind

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="learning_items"
    )
    title = models.CharField(max_length=150)
    about = models.TextField("what you will learn", max_length=2000, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    roles = models.ManyToManyField(PathwayRole, blank=True, related_name="learning")
    link = models.URLField("where to learn it by oneself", max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField("how long it takes, in minutes")
    payable = models.BooleanField("time spent is paid", default=True)
    retired_on = models.DateField(null=True, blank=True)

    objects = LearningItemQuerySet.as_manager()

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            filled("title", name="learning_item_has_title", words="Give it a title."),
            known("kind", RoleSkill.Kind.values, name="learning_item_kind_known"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="learning_item_minutes_in_a_day",
                violation_error_message="Enter between 1 minute and 24 hours.",
            ),
            models.UniqueConstraint(
                fields=("programme", "title"),
                condition=Q(retired_on__isnull=True),
                name="learning_item_once",
                violation_error_message="The programme already has learning of this title.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class LearningSessionHistory(HistoryRow):
    """What became of a session."""

    subject = models.ForeignKey(
        "partners.LearningSession", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class LearningSession(Stateful):
    """A date on which something is learnt together, with so many places."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    HISTORY: ClassVar[type[HistoryRow]] = LearningSessionHistory
    MOVES: ClassVar[Moves] = {
        Status.PLANNED: frozenset({Status.HELD, Status.CANCELLED}),
        Status.HELD: frozenset(),
        Status.CANCELLED: frozenset(),
    }

    item = models.ForeignKey(LearningItem, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    join_link = models.URLField(max_length=500, blank=True)
    places = models.PositiveSmallIntegerField("number of places")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)

    objects = LearningSessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="learning_session_ends_later",
                violation_error_message="A session ends after it begins.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="learning_session_has_places",
                violation_error_message="There is at least one place.",
            ),
        )

    def __str__(self) -> str:
        return str(self.item)


class LearningPlaceHistory(HistoryRow):
    """What became of a place."""

    subject = models.ForeignKey(
        "partners.LearningPlace", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["reflection"])
class LearningPlace(Stateful):
    """A partner's place at a session, and the contribution it became."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        WAITING = "waiting", "On the waiting list"
        LET_GO = "let_go", "Given back"
        ATTENDED = "attended", "Attended"
        MISSED = "missed", "Did not attend"

    HISTORY: ClassVar[type[HistoryRow]] = LearningPlaceHistory
    MOVES: ClassVar[Moves] = {
        Status.BOOKED: frozenset({Status.LET_GO, Status.ATTENDED, Status.MISSED}),
        Status.WAITING: frozenset({Status.BOOKED, Status.LET_GO}),
        Status.LET_GO: frozenset({Status.BOOKED, Status.WAITING}),
        Status.ATTENDED: frozenset(),
        Status.MISSED: frozenset(),
    }

    session = models.ForeignKey(LearningSession, on_delete=models.PROTECT, related_name="taken")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="learning_places"
    )
    status = models.CharField(max_length=10, choices=Status)
    asked_at = models.DateTimeField()
    reflection = models.TextField(max_length=20000, blank=True)
    contribution = models.OneToOneField(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LearningPlaceQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "partner"),
                name="learning_place_once",
                violation_error_message="This partner is down for the session already.",
            ),
            models.CheckConstraint(
                condition=Q(contribution__isnull=True) | Q(status="attended"),
                name="learning_place_contribution_attended",
                violation_error_message="Only attendance becomes a contribution.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner} at {self.session}"
