"""What observers rated: one row a sheet, blind until both have submitted."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from observations.models.instruments import InstrumentVersion, Item
from observations.models.sessions import Consultation, Observer
from observations.querysets import (
    CommentQuerySet,
    ConsensusQuerySet,
    ObservationQuerySet,
)
from workflow.facts import filled, known
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


class ObservationHistory(HistoryRow):
    """What became of an observation."""

    subject = models.ForeignKey(
        "observations.Observation", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


# Marks stand in the order of the items' numbers; one that was not given is NULL. Whoever writes,
# a sheet is of the session it was opened in, has a place for each item, and no mark off the scale.
_MARKS_FIT = """
        SELECT v.lowest, v.highest,
               (SELECT count(*) FROM observations_item i WHERE i.version_id = v.id) AS items
        INTO wanted FROM observations_instrumentversion v WHERE v.id = NEW.version_id;
        IF cardinality(NEW.marks) <> wanted.items THEN
            RAISE EXCEPTION 'A sheet has a mark for each item';
        END IF;
        IF EXISTS (SELECT 1 FROM unnest(NEW.marks) AS mark
                   WHERE mark < wanted.lowest OR mark > wanted.highest) THEN
            RAISE EXCEPTION 'A mark is off the scale';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM observations_consultation c
            JOIN observations_observer o ON o.session_id = c.session_id
            WHERE c.id = NEW.consultation_id AND o.id = NEW.observer_id
        ) THEN
            RAISE EXCEPTION 'The observer is not of this session';
        END IF;
        RETURN NEW;
"""


@audited(without=["worked", "to_try"], by_statement=True)
class Observation(Stateful):
    """One observer's ratings of one consultation. What is submitted is never rewritten."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Begun"
        SUBMITTED = "submitted", "Submitted"

    class Decision(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNCLEAR = "unclear", "I could not tell"

    HISTORY: ClassVar[type[HistoryRow]] = ObservationHistory
    MOVES: ClassVar[Moves] = {
        Status.DRAFT: frozenset({Status.SUBMITTED}),
        Status.SUBMITTED: frozenset(),
    }

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="observations"
    )
    # A sheet is its observer's: what becomes of the seat becomes of it.
    observer = models.ForeignKey(Observer, on_delete=models.CASCADE, related_name="observations")
    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="observations"
    )
    decision = models.CharField(
        "was there a decision to share", max_length=10, choices=Decision, blank=True
    )
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=40)
    worked = models.TextField("what worked", max_length=1000, blank=True)
    to_try = models.TextField("one thing to try", max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Counts what was kept of it, so that a phone that comes back knows whether it is behind.
    edition = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    contribution = models.OneToOneField(
        "partners.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ("consultation", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "observer"),
                name="observation_once",
                violation_error_message="You have a sheet for this consultation already.",
            ),
            known("decision", ["", "yes", "no", "unclear"], name="observation_decision_known"),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at__isnull=True, contribution__isnull=True)
                | Q(status="submitted", submitted_at__isnull=False),
                name="observation_submitted_has_date",
                violation_error_message="What is submitted says when.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(decision=""),
                name="observation_submitted_has_decision",
                violation_error_message="Say whether there was a decision to share.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=480),
                name="observation_minutes_known",
                violation_error_message="Enter between 1 minute and 8 hours.",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="marks_fit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("marks", "version_id", "consultation_id", "observer_id"),
                declare=[("wanted", "record")],
                func=_MARKS_FIT,
            ),
            pgtrigger.Protect(
                name="submitted_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="submitted"),
            ),
            pgtrigger.Protect(
                name="submitted",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="submitted")
                & (
                    pgtrigger.Q(old__marks__df=pgtrigger.F("new__marks"))
                    | pgtrigger.Q(old__decision__df=pgtrigger.F("new__decision"))
                    | pgtrigger.Q(old__version_id__df=pgtrigger.F("new__version_id"))
                    | pgtrigger.Q(old__observer_id__df=pgtrigger.F("new__observer_id"))
                    | pgtrigger.Q(old__consultation_id__df=pgtrigger.F("new__consultation_id"))
                    | pgtrigger.Q(old__submitted_at__df=pgtrigger.F("new__submitted_at"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.consultation}, {self.observer}"


@audited(without=["text"])
class Comment(models.Model):
    """Words of an observer for the clinician, read first by a coordinator: who is in them?

    The words as they were written stay on the observation; here is what the clinician reads.
    """

    class Kind(models.TextChoices):
        WORKED = "worked", "What worked"
        TO_TRY = "to_try", "One thing to try"

    class Status(models.TextChoices):
        WAITING = "waiting", "To be read"
        CLEARED = "cleared", "Tells on nobody"
        HELD_BACK = "held_back", "Held back"

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(max_length=1000)
    # What it is about, for what leads read of many: never the words.
    theme = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("observation", "kind")
        indexes = (
            models.Index(
                fields=("id",), condition=Q(status="waiting"), name="observation_comment_waiting"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("observation", "kind"),
                name="observation_comment_once",
                violation_error_message="There is a comment of this kind already.",
            ),
            known("kind", ["worked", "to_try"], name="observation_comment_kind_known"),
            known(
                "status",
                ["waiting", "cleared", "held_back"],
                name="observation_comment_status_known",
            ),
            filled("text", name="observation_comment_has_text", words="Write something."),
            paired("read_at", "read_by", name="observation_comment_read_pair"),
            models.CheckConstraint(
                condition=Q(status="waiting", read_at__isnull=True)
                | (~Q(status="waiting") & Q(read_at__isnull=False)),
                name="observation_comment_read_has_stamp",
                violation_error_message="What was read says by whom.",
            ),
        )

    def __str__(self) -> str:
        return f"Comment {self.pk}"


@audited(without=["note"])
class Consensus(models.Model):
    """What the observers of one consultation agree on afterwards. Their own sheets stand."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="consensus"
    )
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=40)
    note = models.TextField("what you talked about", max_length=2000, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        ordering = ("consultation", "-written_at", "-pk")
        verbose_name_plural = "consensus notes"

    def __str__(self) -> str:
        return f"Consensus {self.pk}"
