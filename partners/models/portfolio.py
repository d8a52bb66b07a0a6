from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.audit import audited
from partners.models.contribution import Contribution
from partners.models.expertise import Visibility
from partners.models.files import StoredFile
from partners.querysets import (
    EvidenceQuerySet,
    PortfolioEntryQuerySet,
    PortfolioPdfQuerySet,
    ThankYouQuerySet,
)
from workflow.facts import known
from workflow.jobs import Job


@audited(without=["role", "brought", "changed", "search"])
class PortfolioEntry(models.Model):
    """What a partner says about a contribution, beside its facts; shared entry by entry.

    The visibility also holds for the reflection on the contribution and for the evidence.
    """

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="entry"
    )
    role = models.CharField("my part in it", max_length=150, blank=True)
    brought = models.TextField("what I brought", max_length=4000, blank=True)
    changed = models.TextField("what changed", max_length=4000, blank=True)
    visibility = models.CharField(max_length=15, choices=Visibility, default=Visibility.ONLY_ME)
    changed_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector("role", "brought", "changed", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = PortfolioEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "portfolio entries"
        indexes = (
            GinIndex(fields=("search",), name="portfolio_entry_search"),
            GinIndex(
                OpClass(Upper("role"), name="gin_trgm_ops"),
                OpClass(Upper("brought"), name="gin_trgm_ops"),
                OpClass(Upper("changed"), name="gin_trgm_ops"),
                name="portfolio_entry_similar",
            ),
        )
        constraints = (
            known("visibility", Visibility.values, name="portfolio_entry_visibility_known"),
        )

    def __str__(self) -> str:
        return str(self.contribution)


@audited(without=["link"])
class Evidence(models.Model):
    """A link or a file that shows what an entry tells."""

    entry = models.ForeignKey(PortfolioEntry, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField("what it is", max_length=150)
    link = models.URLField(max_length=500, blank=True)
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(
                condition=(~Q(link="") & Q(file__isnull=True)) | Q(link="", file__isnull=False),
                name="evidence_link_or_file",
                violation_error_message="Give either a link or a file.",
            ),
            models.CheckConstraint(
                condition=Q(link="")
                | Q(link__startswith="http://")
                | Q(link__startswith="https://"),
                name="evidence_link_is_web",
                violation_error_message="Give an address that begins with https:// or http://.",
            ),
        )

    def __str__(self) -> str:
        return self.title


@audited(without=["token_hash", "words"])
class ThankYou(models.Model):
    """A member of staff is asked by link for a line of thanks; the partner decides if it shows.

    Only the SHA-256 of the link's token is kept.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="thank_yous"
    )
    name = models.CharField("who is asked", max_length=150)
    email = models.EmailField("their e-mail address")
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    words = models.TextField(max_length=600, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)

    objects = ThankYouQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(words="", given_at__isnull=True)
                | (~Q(words="") & Q(given_at__isnull=False)),
                name="thank_you_given_has_words",
                violation_error_message="Write a line of thanks.",
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(given_at__isnull=False),
                name="thank_you_shown_was_given",
                violation_error_message="Only thanks that were given can be shown.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")),
                name="thank_you_expires_later",
                violation_error_message="The link ends after it is sent.",
            ),
        )

    def __str__(self) -> str:
        return f"Thanks from {self.name}"


@audited(without=["entries"])
class PortfolioPdf(Job):
    """A portfolio to take along, of the entries chosen: asked for, made by a worker, fetched."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    entries = models.JSONField(default=list)
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PortfolioPdfQuerySet.as_manager()

    class Meta(Job.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Portfolio of {self.asked_at:%-d %B %Y}"
