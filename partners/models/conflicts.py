from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from partners.querysets import DeclaredConflictQuerySet
from workflow.stamps import paired


def _one_of(*fields: str) -> Q:
    """Exactly one of `fields` is filled."""
    found = Q()
    for chosen in fields:
        found |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return found


@audited()
class DeclaredConflict(models.Model):
    """Two people, or a person and a team, who are not to work together.

    A yes is all that is kept. Who treats whom, who complained, manages, loves or avoids whom is
    asked for as a whole and never stored. Either side may declare it; the other is not told.
    """

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="declared_conflicts"
    )
    partner = models.ForeignKey(
        "partners.Partner",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conflicts",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    with_partner = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    with_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    with_team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DeclaredConflictQuerySet.as_manager()

    class Meta:
        ordering = ("-declared_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=_one_of("partner", "person"),
                name="declared_conflict_whose",
                violation_error_message="Say whose conflict it is.",
            ),
            models.CheckConstraint(
                condition=_one_of("with_partner", "with_person", "with_team"),
                name="declared_conflict_with_whom",
                violation_error_message="Choose one person or one team.",
            ),
            models.CheckConstraint(
                condition=~Q(partner=F("with_partner")) & ~Q(person=F("with_person")),
                name="declared_conflict_with_another",
                violation_error_message="Choose somebody else.",
            ),
            models.UniqueConstraint(
                fields=(
                    "programme",
                    "partner",
                    "person",
                    "with_partner",
                    "with_person",
                    "with_team",
                ),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="declared_conflict_once",
                violation_error_message="This is declared already.",
            ),
            paired("ended_at", "ended_by", name="declared_conflict_ended_pair"),
        )

    def __str__(self) -> str:
        return f"Conflict {self.pk}"

    @property
    def whose(self) -> str:
        """The name of whom it is declared for."""
        return str(self.partner or self.person)

    @property
    def other(self) -> str:
        """The name of the person or team that they are not to work with."""
        return str(self.with_partner or self.with_person or self.with_team)
