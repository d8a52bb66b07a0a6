"""The secret address of a person's calendar feed."""

from django.conf import settings
from django.db import models

from accounts.audit import audited
from assignments.querysets import CalendarFeedQuerySet


@audited(without=["nonce"])
class CalendarFeed(models.Model):
    """A person's calendar feed. The address is made of `nonce`; a new one closes the old."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed"
    )
    nonce = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
