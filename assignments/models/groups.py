"""Work groups."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from assignments.querysets import WorkGroupQuerySet
from assignments.words import lowered
from workflow.facts import known


class Influence(models.TextChoices):
    """How far what partners say goes (after the IAP2 spectrum, in the programme's words)."""

    INFORM = "inform", "Partners are kept informed"
    CONSULT = "consult", "Partners are asked for their view"
    CO_DESIGN = "co_design", "Partners design it with us"
    CO_LEAD = "co_lead", "Partners lead it with us"


@audited()
class WorkGroup(models.Model):
    """What partners join: an MDT, a project, a committee, a panel, a study or an event."""

    class Kind(models.TextChoices):
        MDT = "mdt", "MDT"
        PROJECT = "project", "Project"
        COMMITTEE = "committee", "Committee"
        RECRUITMENT = "recruitment", "Recruitment panel"
        RESEARCH = "research", "Research study"
        EDUCATION = "education", "Teaching or learning"
        EVENT = "event", "Event"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="work_groups"
    )
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="work_groups"
    )
    kind = models.CharField(max_length=15, choices=Kind)
    name = models.CharField(max_length=150)
    purpose = models.TextField(max_length=2000, blank=True)
    influence = models.CharField(
        "what influence partners have", max_length=10, choices=Influence, blank=True
    )
    # The sign-in of whoever leads it, where there is one: they organise its meetings.
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="groups_led",
    )
    wanted = models.PositiveSmallIntegerField("how many partners it should have", default=0)
    lead_name = models.CharField("who leads it", max_length=120, blank=True)
    contact_phone = models.CharField("who to ring", max_length=60, blank=True)
    place = models.CharField(max_length=200, blank=True)
    join_link = models.URLField("link to join online", max_length=500, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects = WorkGroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=("programme", "name", "id"), name="work_group_list"),)
        constraints = (
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                name="work_group_name_once",
                violation_error_message="The programme already has a work group of this name.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="work_group_ends_after_start",
                violation_error_message="The last day must be on or after the first day.",
            ),
            known("influence", ["", *Influence.values], name="work_group_influence_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The group in the middle of a sentence: "the upper limb MDT", "“Patient stories”"."""
        if self.kind != self.Kind.MDT:
            return f"“{self.name}”"
        name = lowered(self.name)
        return f"the {name}" if name.lower().endswith("mdt") else f"the {name} MDT"
