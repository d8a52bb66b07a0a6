"""Long work that a person waits for: a row that says how far it is."""

from django.conf import settings
from django.db import models

from workflow.facts import known


class JobStatus(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting", "Waiting"
    WORKING = "working", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Not made"


class Job(models.Model):
    """Base of rows that a worker makes something for: asked, under way, ready or failed.

    The truth of how far it is lies here, so that the page that shows it survives a reload, and
    another worker takes up what a killed one left: `seen_at` is the last sign of life.
    """

    Status = JobStatus

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField("last sign of life", null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-asked_at", "-pk")
        constraints = (
            known("status", JobStatus.values, name="%(app_label)s_%(class)s_status_known"),
        )

    @property
    def is_under_way(self) -> bool:
        """Waiting for a worker, or being made."""
        return self.status in {self.Status.WAITING, self.Status.WORKING}
