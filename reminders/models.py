"""Something a person should be told, with the reason it exists."""

from django.db import models

from accounts.audit import audited
from reminders.querysets import ReminderQuerySet


@audited()
class Reminder(models.Model):
    """One person, one rule, one occurrence: exists once, whatever runs twice.

    The delivery is an `accounts.Message`; a reminder whose reason went away is withdrawn.
    """

    class Rule(models.TextChoices):
        MEETING_TOMORROW = "meeting_tomorrow", "Your meeting is tomorrow"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="reminders"
    )
    rule = models.CharField(max_length=30, choices=Rule)
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="reminders"
    )
    # Whoever is taken off a meeting needs no reminder of it; the audit keeps that there was one.
    attendance = models.ForeignKey(
        "assignments.Attendance", on_delete=models.CASCADE, related_name="reminders"
    )
    # A moved meeting is another occurrence and reminds again.
    occurs_at = models.DateTimeField()
    due_at = models.DateTimeField()
    message = models.OneToOneField(
        "accounts.Message", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ("-due_at", "-pk")
        # Each minute asks for those of today's and tomorrow's meetings.
        indexes = (models.Index(fields=("occurs_at",), name="reminder_by_meeting_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "attendance", "occurs_at"),
                name="reminder_once_per_occurrence",
                violation_error_message="This reminder exists already.",
            ),
        )

    def __str__(self) -> str:
        return self.get_rule_display()
