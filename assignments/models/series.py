"""Meetings that repeat, and the papers of a meeting."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from assignments.models.groups import WorkGroup
from assignments.querysets import MeetingSeriesQuerySet, PaperQuerySet
from workflow.facts import filled


@audited()
class MeetingSeries(models.Model):
    """A meeting that comes back, by a rule of RFC 5545 in London's time.

    Its meetings are rows of their own from the start, so that one may be moved or cancelled.
    """

    work_group = models.ForeignKey(WorkGroup, on_delete=models.PROTECT, related_name="series")
    # An RRULE that ends (COUNT or UNTIL), without DTSTART: that is first_on and begins.
    rule = models.CharField(max_length=200)
    first_on = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    made_at = models.DateTimeField()

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        verbose_name_plural = "meeting series"
        constraints = (
            filled("rule", name="meeting_series_has_rule", words="Say how it repeats."),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="meeting_series_ends_later",
                violation_error_message="The meeting must end after it starts.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.work_group}, from {self.first_on}"


@audited()
class Paper(models.Model):
    """Something to read for a meeting: a file or a link."""

    meeting = models.ForeignKey(
        "assignments.Meeting", on_delete=models.PROTECT, related_name="papers"
    )
    title = models.CharField(max_length=150)
    link = models.URLField(max_length=500, blank=True)
    file = models.OneToOneField(
        "partners.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "pk")
        constraints = (
            filled("title", name="paper_has_title", words="Give the paper a title."),
            models.CheckConstraint(
                condition=(Q(file__isnull=True) & ~Q(link=""))
                | (Q(file__isnull=False) & Q(link="")),
                name="paper_is_file_or_link",
                violation_error_message="Choose a file or give a link, not both.",
            ),
        )

    def __str__(self) -> str:
        return self.title
