"""What was found, kept in step with the sheets; what the clinician makes of it; and the paper."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from observations.models.instruments import InstrumentVersion
from observations.querysets import (
    AppraisalPdfQuerySet,
    ObserverTallyQuerySet,
    PairTallyQuerySet,
    ReflectionQuerySet,
    TallyQuerySet,
)
from partners.models import StoredFile
from workflow.facts import filled, in_order, known
from workflow.jobs import Job
from workflow.transitions import HistoryRow, Moves, Stateful


def _counts() -> ArrayField:
    return ArrayField(models.BigIntegerField(), default=list)


def _sums() -> ArrayField:
    return ArrayField(models.DecimalField(max_digits=24, decimal_places=6), default=list)


class Side(models.TextChoices):
    """Who rated. The three are never averaged together."""

    PARTNER = "partner", "Partners"
    PEER = "peer", "Peers"
    SELF = "self", "Yourself"


class Counted(models.Model):
    """Base of what is counted of one month and version: of a clinician in a team, of a team
    (without a clinician), or of a programme (without a team).

    Written by `observations.services.tallies` alone, in the transaction that submits, and equal
    at any time to what it would make of the sheets anew. Holds nothing that the sheets do not.
    """

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="+")
    # Its first day.
    month = models.DateField()

    class Meta:
        abstract = True


class Tally(Counted):
    """The sheets of one side: how many, and the sums of their marks and scores.

    consultations: those of which the side has a sheet that counts; of the clinician, the clinics
    rated. themes: by item in order of number, how many cleared comments on what to try are about
    it. items_n, items_sum: by item in order of number. scales_n, scales_sum, scales_squares: by
    scale in order of number; a scale's score is 0 to 100, but a mean, which is on the marks' scale.
    """

    side = models.CharField(max_length=10, choices=Side)
    # Sheets with a decision to share or an unclear one; those without are counted beside them.
    sheets = models.BigIntegerField(default=0)
    no_decision = models.BigIntegerField(default=0)
    consultations = models.BigIntegerField(default=0)
    themes = _counts()
    items_n = _counts()
    items_sum = _counts()
    scales_n = _counts()
    scales_sum = _sums()
    scales_squares = _sums()

    objects = TallyQuerySet.as_manager()

    class Meta:
        ordering = ("month", "side", "pk")
        verbose_name_plural = "tallies"
        indexes = (
            models.Index(fields=("clinician", "month"), name="tally_of_clinician"),
            models.Index(fields=("team", "month"), name="tally_of_team"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "team", "clinician", "version", "month", "side"),
                nulls_distinct=False,
                name="tally_once",
            ),
            known("side", ["partner", "peer", "self"], name="tally_side_known"),
        )

    def __str__(self) -> str:
        return f"Tally {self.pk}"


class PairTally(Counted):
    """Consultations that a partner and a peer both rated: their marks against each other.

    The first partner and the first peer to submit are the pair of a consultation. table: for each
    item in order of number, the square of marks (partner down, peer across, lowest first), row by
    row. By scale in order of number: how many were scored by both, the sums of the partner's and
    the peer's scores, of their squares, and of their products.
    """

    pairs = models.BigIntegerField(default=0)
    table = _counts()
    scales_n = _counts()
    partner_sum = _sums()
    peer_sum = _sums()
    partner_squares = _sums()
    peer_squares = _sums()
    products = _sums()

    objects = PairTallyQuerySet.as_manager()

    class Meta:
        ordering = ("month", "pk")
        verbose_name_plural = "pair tallies"
        indexes = (
            models.Index(fields=("clinician", "month"), name="pair_tally_of_clinician"),
            models.Index(fields=("team", "month"), name="pair_tally_of_team"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "team", "clinician", "version", "month"),
                nulls_distinct=False,
                name="pair_tally_once",
            ),
        )

    def __str__(self) -> str:
        return f"Pairs {self.pk}"


class ObserverTally(Counted):
    """What one observer rated: of one clinician in a month, or (without team) in all.

    gaps: consultations of which they are one of the pair; gap_sum, gap_squares: their first
    scale's score minus the other's.
    """

    partner = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sheets = models.BigIntegerField(default=0)
    gaps = models.BigIntegerField(default=0)
    gap_sum = models.DecimalField(max_digits=24, decimal_places=6, default=0)
    gap_squares = models.DecimalField(max_digits=24, decimal_places=6, default=0)

    objects = ObserverTallyQuerySet.as_manager()

    class Meta:
        ordering = ("month", "pk")
        verbose_name_plural = "observer tallies"
        indexes = (models.Index(fields=("clinician", "month"), name="observer_tally_clinician"),)
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "programme",
                    "team",
                    "clinician",
                    "version",
                    "month",
                    "partner",
                    "person",
                ),
                nulls_distinct=False,
                name="observer_tally_once",
            ),
        )

    def __str__(self) -> str:
        return f"Observer {self.pk}"


class ReflectionHistory(HistoryRow):
    """When a reflection was released, taken back, used."""

    subject = models.ForeignKey(
        "observations.Reflection", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["words"])
class Reflection(Stateful):
    """What a clinician makes of the results of some months, and whether the lead may see them."""

    class Status(models.TextChoices):
        PRIVATE = "private", "Yours alone"
        RELEASED = "released", "Released to your clinical lead"
        USED = "used", "Used in an appraisal"

    HISTORY: ClassVar[type[HistoryRow]] = ReflectionHistory
    MOVES: ClassVar[Moves] = {
        Status.PRIVATE: frozenset({Status.RELEASED}),
        Status.RELEASED: frozenset({Status.PRIVATE, Status.USED}),
        Status.USED: frozenset(),
    }

    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reflections"
    )
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="+")
    # The first days of the first and the last month.
    first_month = models.DateField("from")
    last_month = models.DateField("until")
    words = models.TextField("what I take from it", max_length=5000)
    written_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PRIVATE)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        ordering = ("-last_month", "-pk")
        constraints = (
            filled("words", name="reflection_has_words", words="Write what you take from it."),
            in_order(
                "first_month",
                "last_month",
                name="reflection_months_in_order",
                words="The last month comes after the first.",
            ),
            models.UniqueConstraint(
                fields=("clinician", "team", "version", "first_month", "last_month"),
                name="reflection_once",
                violation_error_message="You wrote about these months already: change that one.",
            ),
            models.CheckConstraint(
                condition=Q(first_month__day=1, last_month__day=1),
                name="reflection_of_whole_months",
                violation_error_message="A reflection is about whole months.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_month:%B %Y} to {self.last_month:%B %Y}"


@audited()
class AppraisalPdf(Job):
    """Results and reflection as a paper for an appraisal: asked for, made, fetched."""

    reflection = models.ForeignKey(Reflection, on_delete=models.CASCADE, related_name="papers")
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AppraisalPdfQuerySet.as_manager()

    class Meta(Job.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Paper of {self.asked_at:%-d %B %Y}"
