from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from accounts.querysets import RoleGrantQuerySet
from workflow.facts import in_order, known
from workflow.sealed import Sealed


class Role(models.TextChoices):
    """What somebody may do in a programme, or in one team of it."""

    COORDINATOR = "coordinator", "Coordinator"
    PARTNER = "partner", "Partner"
    CLINICAL_LEAD = "clinical_lead", "Clinical lead"
    CLINICIAN = "clinician", "Clinician"
    PEER_OBSERVER = "peer_observer", "Peer observer"
    FINANCE = "finance", "Finance"
    STAFF = "staff", "Staff"


@audited()
class RoleGrant(Sealed):
    """A role somebody holds. Written by `accounts.services` only; ended, never deleted."""

    ADMIN_ROLES: ClassVar[frozenset[str]] = frozenset({Role.COORDINATOR, Role.FINANCE})
    # Every role but a partner's sees other people's data.
    SECOND_FACTOR_ROLES: ClassVar[frozenset[str]] = frozenset(set(Role) - {Role.PARTNER})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="role_grants"
    )
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ("programme", "role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "programme", "team", "role"),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="role_held_once",
                violation_error_message="This person already holds this role.",
            ),
            known("role", Role.values, name="role_known", words="Choose a role from the list."),
            in_order(
                "granted_at",
                "ended_at",
                name="role_ends_after_start",
                words="A role cannot end before it began.",
            ),
        )

    def __str__(self) -> str:
        where = f", {self.team}" if self.team_id else ""
        return f"{self.get_role_display()}{where}"
