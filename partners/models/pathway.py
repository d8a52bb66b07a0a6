from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.audit import audited
from partners.querysets import (
    OfPartnerQuerySet,
    PathwayLinkQuerySet,
    PathwayRoleQuerySet,
    RoleHeldQuerySet,
    RoleSkillQuerySet,
)
from workflow.facts import filled, in_order, known, once_at_a_time


@audited()
class PathwayRole(models.Model):
    """A part that a partner may take in the programme: a place on the pathway, never a rank."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="pathway_roles"
    )
    name = models.CharField(max_length=80)
    purpose = models.TextField("what it is for", max_length=600, blank=True)
    # Where it stands on the picture; the order says nothing of worth.
    position = models.PositiveSmallIntegerField(default=0)

    objects = PathwayRoleQuerySet.as_manager()

    class Meta:
        ordering = ("position", "name")
        verbose_name = "pathway role"
        constraints = (
            filled("name", name="pathway_role_has_name", words="Give the role a name."),
            models.UniqueConstraint(
                F("programme"),
                Lower("name"),
                name="pathway_role_once",
                violation_error_message="The programme already has this role.",
            ),
        )

    def __str__(self) -> str:
        return self.name


@audited()
class PathwayLink(models.Model):
    """From one role people often go on to another; each way is a link of its own."""

    from_role = models.ForeignKey(PathwayRole, on_delete=models.CASCADE, related_name="links")
    to_role = models.ForeignKey(PathwayRole, on_delete=models.CASCADE, related_name="+")

    objects = PathwayLinkQuerySet.as_manager()

    class Meta:
        ordering = ("from_role", "to_role__position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("from_role", "to_role"),
                name="pathway_link_once",
                violation_error_message="These two roles are linked already.",
            ),
            models.CheckConstraint(
                condition=~Q(from_role=F("to_role")),
                name="pathway_link_elsewhere",
                violation_error_message="A link leads to another role.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_role} to {self.to_role}"


class SkillKind(models.TextChoices):
    """Core, or specific to a setting."""

    CORE = "core", "Core"
    CONTEXT = "context", "For this setting"


@audited()
class RoleSkill(models.Model):
    """A skill that a role calls for: core, or specific to its setting."""

    Kind = SkillKind

    role = models.ForeignKey(PathwayRole, on_delete=models.CASCADE, related_name="skills")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField("skill", max_length=200)

    objects = RoleSkillQuerySet.as_manager()

    class Meta:
        ordering = ("role", "kind", "pk")
        constraints = (
            filled("text", name="role_skill_has_text", words="Name the skill."),
            known("kind", SkillKind.values, name="role_skill_kind_known"),
        )

    def __str__(self) -> str:
        return self.text


@audited()
class RoleHeld(models.Model):
    """A role that a partner has or had, with its days."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="roles_held"
    )
    role = models.ForeignKey(PathwayRole, on_delete=models.PROTECT, related_name="holders")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    where = models.CharField("where, or with whom", max_length=150, blank=True)

    objects = RoleHeldQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        verbose_name_plural = "roles held"
        constraints = (
            in_order(
                "starts_on",
                "ends_on",
                name="role_held_ends_after_start",
                words="A role ends on the day it begins or later.",
            ),
            once_at_a_time(
                "partner",
                "role",
                first="starts_on",
                last="ends_on",
                name="role_held_once_at_a_time",
                words="This role is down for some of these days already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.role)


@audited()
class RoleWish(models.Model):
    """A role that a partner would like to try."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="role_wishes"
    )
    role = models.ForeignKey(PathwayRole, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    objects = OfPartnerQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "pk")
        verbose_name_plural = "role wishes"
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "role"),
                name="role_wish_once",
                violation_error_message="You have said so already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.role)
