from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower, Upper

from accounts.audit import audited
from partners.querysets import OwnWordsQuerySet, ThemeQuerySet
from workflow.facts import filled, known


class Visibility(models.TextChoices):
    """Who may see something that a partner wrote, item by item."""

    ONLY_ME = "only_me", "Only me"
    COORDINATORS = "coordinators", "Coordinators"
    STAFF = "staff", "Staff of the programme"


@audited()
class Theme(models.Model):
    """A word that a programme sorts expertise, passions, priorities and work by."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="themes"
    )
    name = models.CharField(max_length=60)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            filled("name", name="theme_has_name", words="Give the theme a name."),
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                name="theme_once",
                violation_error_message="The programme already has this theme.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OwnWords(models.Model):
    """Something a partner says in their own words and shares item by item.

    `search` is what the words are found by; whoever searches asks `visible_to` first.
    """

    Visibility = Visibility

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="%(class)ss"
    )
    text = models.TextField(max_length=2000)
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    visibility = models.CharField(max_length=15, choices=Visibility, default=Visibility.ONLY_ME)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector("text", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("pk",)
        indexes = (
            GinIndex(fields=("search",), name="%(class)s_search"),
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="%(class)s_similar"),
        )
        constraints = (
            filled("text", name="%(class)s_has_text", words="Write a few words."),
            known("visibility", Visibility.values, name="%(class)s_visibility_known"),
        )


@audited(without=["text", "search"])
class Expertise(OwnWords):
    """What a partner brings: a frozen asset or a jewel of wisdom."""

    class Kind(models.TextChoices):
        FROZEN_ASSET = "frozen_asset", "From life before illness"
        JEWEL = "jewel", "From being a patient or carer"

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="expertise"
    )
    kind = models.CharField(max_length=15, choices=Kind)

    class Meta(OwnWords.Meta):
        abstract = False
        ordering = ("kind", "pk")
        verbose_name_plural = "expertise"

    def __str__(self) -> str:
        return self.get_kind_display()


@audited(without=["text", "search"])
class Passion(OwnWords):
    """What a partner cares about and would love to work on."""

    class Meta(OwnWords.Meta):
        abstract = False

    def __str__(self) -> str:
        return "Passion"


@audited(without=["text", "search"])
class Priority(OwnWords):
    """What a partner wants for themselves from taking part; reached, one day."""

    reached_on = models.DateField(null=True, blank=True)

    class Meta(OwnWords.Meta):
        abstract = False
        verbose_name_plural = "priorities"

    def __str__(self) -> str:
        return "Priority"
