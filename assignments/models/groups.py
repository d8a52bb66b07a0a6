"""Work groups."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from assignments.querysets import WorkGroupQuerySet
from assignments.words import lowered


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
