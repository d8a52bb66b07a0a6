from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.querysets import (
    StoryConsentQuerySet,
    StoryQuerySet,
    StoryUseQuerySet,
    StoryWithdrawalQuerySet,
)
from workflow.facts import filled, in_order, known


@audited(without=["title", "text", "credit", "search"])
class Story(models.Model):
    """A story that somebody had the courage to tell: theirs, and used as far as they allow."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="stories"
    )
    title = models.CharField(max_length=150)
    text = models.TextField("your story", max_length=60000)
    credit = models.CharField("credited to", max_length=150, blank=True)
    take_care = models.CharField("what a reader should know first", max_length=200, blank=True)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Said at leaving: the programme may keep it, within the consents given.
    donated_at = models.DateTimeField(null=True, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("title", "text", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        verbose_name_plural = "stories"
        indexes = (GinIndex(fields=("search",), name="story_search"),)
        constraints = (
            filled("title", name="story_has_title", words="Give your story a title."),
            filled("text", name="story_has_text", words="Write your story."),
        )

    def __str__(self) -> str:
        return f"Story {self.pk}"


class StoryPurpose(models.TextChoices):
    """Where a story may be used."""

    STAFF = "staff", "Read by staff of the programme here"
    TEACHING = "teaching", "Teaching and training of staff"
    BOARD = "board", "Board and committee papers"
    DESIGN = "design", "Designing services"
    RESEARCH = "research", "Research"
    PUBLIC = "public", "Websites, leaflets and the press"


@audited()
class StoryConsent(models.Model):
    """One place where a story may be used, from when until when. Given and taken back alone."""

    Use = StoryPurpose

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="consents")
    use = models.CharField("where it may be used", max_length=10, choices=Use)
    given_at = models.DateTimeField()
    until = models.DateField("until", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = StoryConsentQuerySet.as_manager()

    class Meta:
        ordering = ("use", "pk")
        constraints = (
            known("use", StoryPurpose.values, name="story_consent_use_known"),
            models.UniqueConstraint(
                fields=("story", "use"),
                condition=Q(withdrawn_at__isnull=True),
                name="story_consent_once",
                violation_error_message="You have agreed to this already.",
            ),
            in_order(
                "given_at",
                "withdrawn_at",
                name="story_consent_withdrawn_later",
                words="Consent is taken back after it is given.",
            ),
        )

    def __str__(self) -> str:
        return self.get_use_display()


@audited(without=["where"])
class StoryUse(models.Model):
    """That a story was used: where, when and by whom. Its owner is told."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="uses")
    use = models.CharField("what for", max_length=10, choices=StoryConsent.Use)
    where = models.CharField("where it was used", max_length=200)
    used_on = models.DateField("on")
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StoryUseQuerySet.as_manager()

    class Meta:
        ordering = ("-used_on", "-pk")
        constraints = (
            filled("where", name="story_use_has_where", words="Say where it was used."),
            known("use", StoryConsent.Use.values, name="story_use_known"),
        )

    def __str__(self) -> str:
        return self.get_use_display()


@audited(without=["told"])
class StoryWithdrawal(models.Model):
    """That a story was taken back: when and by whom. It outlives a story that is erased."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="story_withdrawals"
    )
    story = models.ForeignKey(
        Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="withdrawals"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who rang or wrote, and when; empty where its owner pressed the button.
    told = models.CharField("how its owner said so", max_length=300, blank=True)

    objects = StoryWithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"Story {self.story_id} taken back"
