"""Open events: a public page for a meeting, and who registered on it."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.audit import audited
from assignments.models.meetings import Meeting
from assignments.querysets import EventPageQuerySet, RegistrationQuerySet
from workflow.facts import filled


@audited()
class EventPage(models.Model):
    """A public page for a meeting: anybody may read it and register."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="event_page")
    slug = models.SlugField("address", max_length=60, unique=True)
    intro = models.TextField("what it is about", max_length=3000)
    access = models.TextField("what is there for access", max_length=1000, blank=True)
    places = models.PositiveSmallIntegerField("how many places")
    closes_at = models.DateTimeField("registration closes", null=True, blank=True)
    is_open = models.BooleanField("people can register", default=True)
    published_at = models.DateTimeField()
    thanked_at = models.DateTimeField(null=True, blank=True)

    objects = EventPageQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        constraints = (
            filled("intro", name="event_page_has_intro", words="Say what the event is about."),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=2000),
                name="event_page_places_known",
                violation_error_message="Enter between 1 and 2,000 places.",
            ),
        )

    def __str__(self) -> str:
        return str(self.meeting)

    @property
    def last_day(self) -> date | None:
        """London's last day on which people can register, when there is one."""
        return self.closes_at and timezone.localdate(self.closes_at - timedelta(microseconds=1))


@audited(without=["name", "email", "access_needs", "token_hash"])
class Registration(models.Model):
    """Somebody who wants to come to an open event; no sign-in, and gone a month after it.

    Not confirmed by e-mail yet: without `confirmed_at`. Confirmed with a seat: coming. Confirmed
    without: on the waiting list, in the order of `confirmed_at`. Each seat is held once.
    """

    page = models.ForeignKey(EventPage, on_delete=models.PROTECT, related_name="registrations")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    access_needs = models.TextField("what would help you take part", max_length=500, blank=True)
    # Of the secret in the confirming letter; the same one opens the page to cancel.
    token_hash = models.CharField(max_length=64, unique=True)
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    came = models.BooleanField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ("registered_at", "pk")
        indexes = (
            models.Index(
                fields=("page", "confirmed_at", "id"),
                condition=Q(cancelled_at__isnull=True),
                name="registration_queue",
            ),
        )
        constraints = (
            filled("name", name="registration_has_name", words="Enter your name."),
            models.UniqueConstraint(
                F("page"),
                Lower("email"),
                condition=Q(cancelled_at__isnull=True),
                name="registration_once",
                violation_error_message="This address is registered already.",
            ),
            models.UniqueConstraint(
                fields=("page", "seat"),
                name="registration_seat_once",
                violation_error_message="This place was taken a moment ago.",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True)
                | Q(seat__gte=1, confirmed_at__isnull=False, cancelled_at__isnull=True),
                name="registration_seat_is_confirmed",
                violation_error_message="Only who confirmed and did not cancel has a place.",
            ),
        )

    def __str__(self) -> str:
        return self.name
