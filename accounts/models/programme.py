from django.conf import settings
from django.db import models

from accounts.audit import audited
from accounts.querysets import ProgrammeQuerySet, TeamQuerySet
from workflow.facts import filled


@audited()
class Programme(models.Model):
    """One organisation's patient-partner programme: the boundary that every row stays inside."""

    class Accent(models.TextChoices):
        BLUE = "blue", "Blue"
        TEAL = "teal", "Teal"
        PURPLE = "purple", "Purple"
        GREEN = "green", "Green"
        PLUM = "plum", "Plum"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    partner_term = models.CharField(
        "word for a partner", max_length=60, default="Patient and Carer Partner"
    )
    partner_term_plural = models.CharField(
        "word for partners", max_length=60, default="Patient and Carer Partners"
    )
    partner_term_short = models.CharField("short form", max_length=20, default="PCP")
    accent = models.CharField(max_length=10, choices=Accent, default=Accent.BLUE)
    contact_name = models.CharField("who to ring", max_length=120, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    # Who hears of a concern: one named person, never "the coordinators".
    concern_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="who hears of concerns",
    )
    is_demo = models.BooleanField("fictional people only", default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            filled("name", name="programme_has_name", words="Give the programme a name."),
        )

    def __str__(self) -> str:
        return self.name


@audited()
class Team(models.Model):
    """A clinical team of a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                models.F("programme"),
                models.functions.Lower("name"),
                name="team_name_once",
                violation_error_message="The programme already has a team of this name.",
            ),
        )

    def __str__(self) -> str:
        return self.name
