from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from accounts.querysets import MessageQuerySet


@audited(without=["body", "subject", "link", "to_address", "to_name", "calendar", "error"])
class Message(models.Model):
    """One delivery of something a person should be told: a row written with its cause.

    `key` says what it is about and makes it unique, so that asking twice queues once. The
    Message-ID is made from the key and stays the same whenever it is sent again.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        CANCELLED = "cancelled", "Not needed"

    MAX_ATTEMPTS: ClassVar[int] = 8
    # Kinds that are between two people: the coordinators' queue does not show that there are any.
    CONFIDENTIAL_KINDS: ClassVar[frozenset[str]] = frozenset({"concern"})
    # Kinds whose link lets in whoever has it: kept until the message is sent, and no longer.
    SECRET_LINKS: ClassVar[frozenset[str]] = frozenset(
        {
            "invitation",
            "thanks_request",
            "event_confirm",
            "event_known",
            "event_place",
            "event_queue",
            "event_changed",
        }
    )

    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=40)
    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="messages"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_name = models.CharField(max_length=150)
    to_address = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    link_label = models.CharField(max_length=60, blank=True)
    # A calendar entry to go with it (RFC 5545), as it was when the message was queued.
    calendar = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-due_at", "-pk")
        indexes = (
            models.Index(
                fields=("due_at", "id"),
                condition=Q(status__in=["waiting", "claimed"]),
                name="message_due",
            ),
            models.Index(fields=("programme", "-due_at", "-id"), name="message_by_programme"),
            models.Index(
                fields=("programme", "id"), condition=Q(status="failed"), name="message_failed"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
                violation_error_message="A sent message has the time it was sent.",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(claimed_at__isnull=False),
                name="message_claimed_has_time",
                violation_error_message="A claimed message has the time it was claimed.",
            ),
        )

    def __str__(self) -> str:
        return self.subject
