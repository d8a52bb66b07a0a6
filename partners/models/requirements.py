from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from partners.models.files import StoredFile
from partners.models.pathway import PathwayRole
from partners.querysets import AgreementTextQuerySet, RequirementQuerySet, RequirementRecordQuerySet
from workflow.facts import filled, in_order, known
from workflow.transitions import HistoryRow, Moves, Stateful


class RequirementKind(models.TextChoices):
    """What kind of thing is required."""

    INDUCTION = "induction", "Induction"
    AGREEMENT = "agreement", "Agreement to read and accept"
    DBS = "dbs", "DBS check"
    TRAINING = "training", "Training"
    OTHER = "other", "Something else"


@audited()
class Requirement(models.Model):
    """Something that has to be in place, for everybody or for some roles, and for how long."""

    Kind = RequirementKind

    class Strength(models.TextChoices):
        WARN = "warn", "Warn when it is missing"
        BLOCK = "block", "No new work while it is missing"

    class DbsLevel(models.TextChoices):
        NONE = "", "Not a DBS check"
        BASIC = "basic", "Basic"
        STANDARD = "standard", "Standard"
        ENHANCED = "enhanced", "Enhanced"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="requirements"
    )
    name = models.CharField(max_length=120)
    about = models.TextField("what it is and how to get it", max_length=1000, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    # Everybody's when no role is named.
    roles = models.ManyToManyField(PathwayRole, blank=True, related_name="+")
    strength = models.CharField(max_length=5, choices=Strength, default=Strength.WARN)
    dbs_level = models.CharField("level", max_length=10, choices=DbsLevel, blank=True)
    valid_months = models.PositiveSmallIntegerField("lasts, in months", null=True, blank=True)
    warn_days = models.PositiveSmallIntegerField("say so before it ends, in days", default=60)
    evidence_wanted = models.BooleanField("something to show is asked for", default=False)
    retired_on = models.DateField(null=True, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            filled("name", name="requirement_has_name", words="Give it a name."),
            known("kind", RequirementKind.values, name="requirement_kind_known"),
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                condition=Q(retired_on__isnull=True),
                name="requirement_once",
                violation_error_message="The programme already has this requirement.",
            ),
            models.CheckConstraint(
                condition=Q(kind="dbs") ^ Q(dbs_level=""),
                name="requirement_dbs_has_level",
                violation_error_message="Choose the level of the check that the role allows.",
            ),
            models.CheckConstraint(
                condition=Q(valid_months__isnull=True) | Q(valid_months__gte=1),
                name="requirement_lasts",
                violation_error_message="It lasts for at least a month.",
            ),
        )

    def __str__(self) -> str:
        return self.name


@audited()
class AgreementText(models.Model):
    """A version of an agreement. A new one asks everybody again; an old one never changes."""

    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField(max_length=20000)
    from_on = models.DateField("asked for from")

    objects = AgreementTextQuerySet.as_manager()

    class Meta:
        ordering = ("requirement", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("requirement", "number"),
                name="agreement_text_once",
                violation_error_message="There is a version of this number already.",
            ),
            filled("text", name="agreement_text_has_text", words="Write the agreement."),
        )

    def __str__(self) -> str:
        return f"{self.requirement}, version {self.number}"


class RequirementRecordHistory(HistoryRow):
    """What became of a record."""

    subject = models.ForeignKey(
        "partners.RequirementRecord", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["from_elsewhere"])
class RequirementRecord(Stateful):
    """That a partner met a requirement: asked for, shown, looked at, approved.

    Of a DBS check the level and the dates alone are kept, never what it says.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "Asked for"
        SHOWN = "shown", "Waiting to be looked at"
        APPROVED = "approved", "In place"
        RETURNED = "returned", "Something is missing"

    HISTORY: ClassVar[type[HistoryRow]] = RequirementRecordHistory
    MOVES: ClassVar[Moves] = {
        Status.ASKED: frozenset({Status.SHOWN, Status.APPROVED}),
        Status.SHOWN: frozenset({Status.APPROVED, Status.RETURNED}),
        Status.RETURNED: frozenset({Status.SHOWN, Status.APPROVED}),
        Status.APPROVED: frozenset(),
    }

    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="records")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="requirement_records"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    obtained_on = models.DateField("date of it", null=True, blank=True)
    expires_on = models.DateField("good until", null=True, blank=True)
    agreement = models.ForeignKey(
        AgreementText, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Equivalence: another organisation's record counts here.
    from_elsewhere = models.CharField("from another organisation", max_length=200, blank=True)
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RequirementRecordQuerySet.as_manager()

    class Meta:
        ordering = ("-recorded_at", "-pk")
        indexes = (
            models.Index(fields=("partner", "requirement", "-expires_on"), name="record_newest"),
            models.Index(
                fields=("expires_on",), condition=Q(status="approved"), name="record_expiring"
            ),
        )
        constraints = (
            in_order(
                "obtained_on",
                "expires_on",
                name="record_expires_after_date",
                words="It ends on the day it begins or later.",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(obtained_on__isnull=False, approved_at__isnull=False),
                name="record_approved_has_date",
                violation_error_message="Say from which day it is in place.",
            ),
            models.UniqueConstraint(
                fields=("partner", "requirement"),
                condition=~Q(status="approved"),
                name="record_open_once",
                violation_error_message="This is being asked for already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.requirement)
