from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper

from accounts.audit import audited
from partners.querysets import PartnerQuerySet
from workflow.facts import filled, known
from workflow.transitions import HistoryRow, Moves, Stateful


class PartnerHistory(HistoryRow):
    """The stages that a partner went through."""

    subject = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


class Stage(models.TextChoices):
    """The stages of taking part."""

    ENQUIRY = "enquiry", "Enquiry"
    CONVERSATION = "conversation", "Conversation"
    CHECKS = "checks", "Checks"
    INDUCTION = "induction", "Induction"
    ACTIVE = "active", "Active"
    ON_BREAK = "on_break", "On a break"
    STEPPING_DOWN = "stepping_down", "Stepping down"
    LEFT = "left", "Alumni"


@audited(without=["access_needs", "availability"])
class Partner(Stateful):
    """A person in the programme. May predate or outlive a sign-in; may have no e-mail."""

    Status = Stage

    class Channel(models.TextChoices):
        """How the programme reaches somebody."""

        UNSAID = "", "Not said"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Telephone"
        POST = "post", "Post"

    class Per(models.TextChoices):
        NOTHING = "", "Not said"
        WEEK = "week", "a week"
        MONTH = "month", "a month"

    HISTORY: ClassVar[type[HistoryRow]] = PartnerHistory
    MOVES: ClassVar[Moves] = {
        Status.ENQUIRY: frozenset({Status.CONVERSATION, Status.LEFT}),
        Status.CONVERSATION: frozenset({Status.CHECKS, Status.ENQUIRY, Status.LEFT}),
        Status.CHECKS: frozenset({Status.INDUCTION, Status.CONVERSATION, Status.LEFT}),
        Status.INDUCTION: frozenset({Status.ACTIVE, Status.CHECKS, Status.ON_BREAK, Status.LEFT}),
        Status.ACTIVE: frozenset({Status.ON_BREAK, Status.STEPPING_DOWN, Status.LEFT}),
        Status.ON_BREAK: frozenset({Status.ACTIVE, Status.STEPPING_DOWN, Status.LEFT}),
        Status.STEPPING_DOWN: frozenset({Status.ACTIVE, Status.LEFT}),
        # Somebody who comes back begins where it makes sense.
        Status.LEFT: frozenset(
            {Status.CONVERSATION, Status.CHECKS, Status.INDUCTION, Status.ACTIVE, Status.ON_BREAK}
        ),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="partners"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="partners",
        verbose_name="sign-in",
    )
    name = models.CharField(max_length=150)
    known_as = models.CharField(max_length=60, blank=True, help_text="What they like to be called")
    # Lower case without accents, surname first: code-point order of it is the order people expect.
    sort_key = models.CharField(max_length=160, editable=False)
    email = models.EmailField("e-mail address", null=True, blank=True)  # noqa: DJ001 (unique)
    phone = models.CharField(max_length=30, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    status = models.CharField("stage", max_length=15, choices=Status, default=Status.ACTIVE)
    access_needs = models.TextField("access and communication needs", max_length=2000, blank=True)
    say_name = models.CharField("how to say it", max_length=100, blank=True)
    preferred_channel = models.CharField(max_length=10, choices=Channel, blank=True)
    phone_hours = models.CharField("good times to ring", max_length=100, blank=True)
    address = models.TextField("postal address", max_length=300, blank=True)
    # Pacing: what they want, never what they owe.
    hours_wanted = models.PositiveSmallIntegerField("hours wanted", null=True, blank=True)
    hours_per = models.CharField(max_length=5, choices=Per, blank=True)
    longest_minutes = models.PositiveSmallIntegerField(
        "longest stint, in minutes", null=True, blank=True
    )
    rest_days = models.PositiveSmallIntegerField(
        "rest days after a long one", null=True, blank=True
    )
    availability = models.TextField("days and times that suit", max_length=500, blank=True)
    dbs_expires_on = models.DateField("DBS check to be renewed by", null=True, blank=True)
    # After they left: from here on there is only what the records of payments need.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=("programme", "sort_key", "id"), name="partner_register"),
            models.Index(
                fields=("programme", "id"),
                condition=Q(status__in=["enquiry", "conversation", "checks", "induction"]),
                name="partner_arriving",
            ),
            # Any part of a name or an address, as the register is searched.
            GinIndex(
                OpClass(F("sort_key"), name="gin_trgm_ops"),
                OpClass(F("email"), name="gin_trgm_ops"),
                OpClass(Upper("known_as"), name="gin_trgm_ops"),
                name="partner_search",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                F("programme"),
                Lower("email"),
                name="partner_email_once",
                violation_error_message="A partner of this programme already has this e-mail.",
            ),
            models.UniqueConstraint(
                fields=("programme", "user"),
                name="partner_user_once",
                violation_error_message="This sign-in already belongs to a partner.",
            ),
            filled("name", name="partner_has_name", words="Enter the partner's name."),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | ~Q(email=""),
                name="partner_email_empty_is_null",
                violation_error_message="Leave the e-mail address out altogether.",
            ),
            known("status", Stage.values, name="partner_status_known"),
            models.CheckConstraint(
                condition=Q(hours_wanted__isnull=True, hours_per="")
                | (Q(hours_wanted__isnull=False) & ~Q(hours_per="")),
                name="partner_hours_have_period",
                violation_error_message="Say how many hours, and whether a week or a month.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What to call them: the name they like, else their first name."""
        return self.known_as or self.name.split()[0]
