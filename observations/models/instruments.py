"""Instruments as data: what is asked of an observer, on which scale, and how it is scored."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from observations.querysets import (
    CrosswalkQuerySet,
    InstrumentQuerySet,
    InstrumentVersionQuerySet,
    ItemCommentQuerySet,
    PartOfVersionQuerySet,
)
from workflow.facts import filled, known
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


@audited()
class Instrument(models.Model):
    """A measuring tool, and on which terms the programme may use it."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="instruments"
    )
    # What it was seeded from, so that seeding again finds it; empty for the programme's own.
    key = models.SlugField(max_length=40, blank=True, editable=False)
    name = models.CharField(max_length=120)
    about = models.TextField("what it is for", max_length=2000, blank=True)
    licence = models.CharField(max_length=120)
    licence_url = models.URLField("address of the licence", max_length=300, blank=True)
    attribution = models.CharField("whom to name", max_length=300, blank=True)
    may_display = models.BooleanField("the wording may be shown", default=False)
    may_edit = models.BooleanField("the wording may be changed", default=False)
    needs_acceptance = models.BooleanField("somebody has to accept the terms", default=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            filled("name", name="instrument_has_name", words="Give the instrument a name."),
            filled("licence", name="instrument_has_licence", words="Say under which licence."),
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                name="instrument_once",
                violation_error_message="The programme has an instrument of this name.",
            ),
            models.UniqueConstraint(
                fields=("programme", "key"),
                condition=~Q(key=""),
                name="instrument_seeded_once",
                violation_error_message="This instrument is there already.",
            ),
            paired("accepted_at", "accepted_by", name="instrument_accepted_pair"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_used(self) -> bool:
        """The terms are accepted, or ask for nothing."""
        return not self.needs_acceptance or self.accepted_at is not None


class InstrumentVersionHistory(HistoryRow):
    """What became of a version."""

    subject = models.ForeignKey(
        "observations.InstrumentVersion", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class InstrumentVersion(Stateful):
    """One wording of an instrument. Sealed at its first use: from then on it never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being written"
        SEALED = "sealed", "In use"
        RETIRED = "retired", "No longer used"

    HISTORY: ClassVar[type[HistoryRow]] = InstrumentVersionHistory
    MOVES: ClassVar[Moves] = {
        Status.DRAFT: frozenset({Status.SEALED, Status.RETIRED}),
        Status.SEALED: frozenset({Status.RETIRED}),
        Status.RETIRED: frozenset({Status.SEALED}),
    }

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    # The response scale, the same for every item.
    lowest = models.PositiveSmallIntegerField("lowest mark", default=0)
    highest = models.PositiveSmallIntegerField("highest mark", default=4)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    agreed = models.TextField("who agreed what", max_length=2000, blank=True)
    comments_open = models.BooleanField("partners are asked what they think", default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    sealed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ("instrument", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("instrument", "number"),
                name="instrument_version_once",
                violation_error_message="There is a version of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(highest__gt=F("lowest"), highest__lte=10),
                name="instrument_version_scale",
                violation_error_message="The highest mark is above the lowest, and at most 10.",
            ),
            models.CheckConstraint(
                condition=~Q(status="sealed") | Q(sealed_at__isnull=False),
                name="instrument_version_sealed_has_date",
                violation_error_message="A version in use says since when.",
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(sealed_at__isnull=True),
                name="instrument_version_draft_is_open",
                violation_error_message="A draft is not in use.",
            ),
        )
        triggers = (
            # What was used is what was rated: whoever writes, the wording stands.
            pgtrigger.Protect(
                name="sealed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__sealed_at__isnull=False)
                & (
                    pgtrigger.Q(old__lowest__df=pgtrigger.F("new__lowest"))
                    | pgtrigger.Q(old__highest__df=pgtrigger.F("new__highest"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__instrument_id__df=pgtrigger.F("new__instrument_id"))
                    | pgtrigger.Q(old__sealed_at__df=pgtrigger.F("new__sealed_at"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument}, version {self.number}"


# Nothing is added to a version that is sealed, changed in it or taken away.
_SEALED = """
    IF EXISTS (
        SELECT 1 FROM observations_instrumentversion
        WHERE sealed_at IS NOT NULL AND id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.version_id END,
            CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.version_id END
        )
    ) THEN
        RAISE EXCEPTION 'This version is sealed';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def _sealed_with_version() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="sealed_with_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_SEALED,
    )


@audited()
class Item(models.Model):
    """One thing that is rated."""

    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    # Two or three words, for pictures and tables; the text is what an observer reads.
    short = models.CharField("in two or three words", max_length=40)
    text = models.CharField("what is rated", max_length=300, blank=True)
    help = models.TextField("what to look for", max_length=1000, blank=True)

    objects = PartOfVersionQuerySet.as_manager()

    class Meta:
        ordering = ("version", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "number"),
                name="item_once",
                violation_error_message="There is an item of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=40),
                name="item_number_known",
                violation_error_message="An instrument has between 1 and 40 items.",
            ),
            filled("short", name="item_has_short", words="Say in two or three words what it is."),
        )
        triggers = (_sealed_with_version(),)

    def __str__(self) -> str:
        return f"{self.number} {self.short}"


@audited()
class Anchor(models.Model):
    """What a mark means, in words."""

    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="anchors")
    mark = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=120)

    objects = PartOfVersionQuerySet.as_manager()

    class Meta:
        ordering = ("version", "mark")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "mark"),
                name="anchor_once",
                violation_error_message="This mark has its words already.",
            ),
            filled("words", name="anchor_has_words", words="Say what the mark means."),
        )
        triggers = (_sealed_with_version(),)

    def __str__(self) -> str:
        return f"{self.mark}: {self.words}"


@audited()
class Scale(models.Model):
    """A score: which items count towards it, and by which rule."""

    class Rule(models.TextChoices):
        SUM_100 = "sum_100", "Sum, as 0 to 100"
        MEAN = "mean", "Mean of the marks"
        TOP = "top", "Top score"

    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="scales")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    rule = models.CharField(max_length=10, choices=Rule)
    # The numbers of the items that count.
    items = ArrayField(models.PositiveSmallIntegerField(), size=40)

    objects = PartOfVersionQuerySet.as_manager()

    class Meta:
        ordering = ("version", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "number"),
                name="scale_once",
                violation_error_message="There is a scale of this number already.",
            ),
            filled("name", name="scale_has_name", words="Give the scale a name."),
            known("rule", ["sum_100", "mean", "top"], name="scale_rule_known"),
            models.CheckConstraint(
                condition=Q(items__len__gte=1),
                name="scale_has_items",
                violation_error_message="Choose the items that count.",
            ),
        )
        triggers = (_sealed_with_version(),)

    def __str__(self) -> str:
        return self.name


@audited()
class Crosswalk(models.Model):
    """How a score of the version before reads on this one: about factor x score + constant.

    Written when a study says so, which may be long after the version is sealed. Trends say it
    and do not apply it.
    """

    scale = models.OneToOneField(Scale, on_delete=models.PROTECT, related_name="crosswalk")
    before = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="+")
    factor = models.DecimalField(max_digits=8, decimal_places=4)
    constant = models.DecimalField(max_digits=8, decimal_places=4)
    basis = models.TextField("what it rests on", max_length=1000)

    objects = CrosswalkQuerySet.as_manager()

    class Meta:
        constraints = (
            filled("basis", name="crosswalk_has_basis", words="Say what it rests on."),
            models.CheckConstraint(
                condition=~Q(before=F("scale")),
                name="crosswalk_between_two",
                violation_error_message="Choose the scale of an earlier version.",
            ),
        )

    def __str__(self) -> str:
        return f"Crosswalk to {self.scale}"


@audited()
class ItemComment(models.Model):
    """What somebody thinks of a draft: of one item, or of the whole."""

    version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="comments"
    )
    item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("what you think", max_length=1000)
    said_at = models.DateTimeField()
    answer = models.TextField("what came of it", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemCommentQuerySet.as_manager()

    class Meta:
        ordering = ("version", "item", "said_at", "pk")
        constraints = (
            filled("text", name="item_comment_has_text", words="Write what you think."),
            paired("answered_at", "answered_by", name="item_comment_answered_pair"),
        )

    def __str__(self) -> str:
        return f"Comment {self.pk}"
