from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from accounts.querysets import InvitationQuerySet


@audited(without=["token_hash"])
class Invitation(models.Model):
    """The way in: a link that proves an e-mail address and opens a sign-in made beforehand.

    Only the SHA-256 of the link's token is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations"
    )
    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="invitations"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="invitation_expires_later",
                violation_error_message="An invitation ends after it is sent.",
            ),
            models.UniqueConstraint(
                fields=("user", "programme"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
                violation_error_message="This person already has an open invitation.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_ends_one_way",
                violation_error_message="An invitation is accepted or withdrawn, not both.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} to {self.programme}"

    def state(self, now: datetime) -> str:
        """One of the words "accepted", "withdrawn", "expired" and "open"."""
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        return "open" if now < self.expires_at else "expired"
