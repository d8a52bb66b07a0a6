from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.models.contribution import Contribution
from partners.querysets import ImpactQuerySet
from workflow.facts import filled, in_order, known
from workflow.transitions import HistoryRow, Moves, Stateful


class ImpactHistory(HistoryRow):
    """What became of something raised."""

    subject = models.ForeignKey("partners.Impact", on_delete=models.PROTECT, related_name="history")

    class Meta(HistoryRow.Meta):
        abstract = False


class ImpactCategory(models.TextChoices):
    """What something raised is about."""

    POLICY = "policy", "Policy and practice"
    SELF_MANAGEMENT = "self_management", "Self-management"
    SHARED_DECISIONS = "shared_decisions", "Shared decisions"
    ACCESS = "access", "Access to clinics"
    WAITING_ROOMS = "waiting_rooms", "Waiting rooms"
    INFORMATION = "information", "Information"
    STAFF = "staff", "Staff"
    OTHER = "other", "Something else"


@audited(without=["raised", "answer", "change"])
class Impact(Stateful):
    """What partners raised, who heard it, what was decided, and what changed because of it."""

    Category = ImpactCategory

    class Status(models.TextChoices):
        RAISED = "raised", "Raised"
        HEARD = "heard", "Heard, no answer yet"
        ACCEPTED = "accepted", "Accepted"
        ADAPTED = "adapted", "Accepted in another form"
        DECLINED = "declined", "Declined"
        PLANNED = "planned", "Change planned"
        MADE = "made", "Change made"
        CHECKED = "checked", "Change made and checked"

    HISTORY: ClassVar[type[HistoryRow]] = ImpactHistory
    MOVES: ClassVar[Moves] = {
        Status.RAISED: frozenset({Status.HEARD}),
        # Heard again by somebody else: whoever was named to answer hands it over.
        Status.HEARD: frozenset({Status.HEARD, Status.ACCEPTED, Status.ADAPTED, Status.DECLINED}),
        Status.ACCEPTED: frozenset({Status.PLANNED, Status.MADE, Status.DECLINED}),
        Status.ADAPTED: frozenset({Status.PLANNED, Status.MADE, Status.DECLINED}),
        # A "no" may become a "yes" when it is asked again.
        Status.DECLINED: frozenset({Status.HEARD}),
        Status.PLANNED: frozenset({Status.MADE, Status.DECLINED}),
        Status.MADE: frozenset({Status.CHECKED}),
        Status.CHECKED: frozenset({Status.CHECKED}),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="impacts"
    )
    title = models.CharField("in a few words", max_length=150)
    raised = models.TextField("what was raised", max_length=4000)
    # Praise and information ask for nothing: they stay out of the public share of answers.
    is_ask = models.BooleanField("asks for something to change", default=True)
    category = models.CharField(max_length=20, choices=Category)
    contributions = models.ManyToManyField(Contribution, blank=True, related_name="impacts")
    raised_on = models.DateField("raised on")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField("who is to answer", max_length=150, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    answer = models.TextField("the answer, and why", max_length=4000, blank=True)
    planned_for = models.DateField("change planned for", null=True, blank=True)
    made_on = models.DateField("change made on", null=True, blank=True)
    change = models.TextField("what changed", max_length=4000, blank=True)
    checked_on = models.DateField("looked at again on", null=True, blank=True)
    # In the words of the public page; empty keeps it off that page.
    public_text = models.TextField("what the public page says", max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RAISED)

    objects = ImpactQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_on", "-pk")
        verbose_name_plural = "impact"
        indexes = (
            models.Index(fields=("programme", "-raised_on", "-id"), name="impact_ledger"),
            models.Index(
                fields=("programme", "heard_on"),
                condition=Q(status="heard"),
                name="impact_unanswered",
            ),
        )
        constraints = (
            filled("title", name="impact_has_title", words="Say in a few words what it is."),
            filled("raised", name="impact_has_raised", words="Write what was raised."),
            known("category", ImpactCategory.values, name="impact_category_known"),
            models.CheckConstraint(
                condition=Q(status="raised") | (Q(heard_on__isnull=False) & ~Q(owner_name="")),
                name="impact_heard_has_owner",
                violation_error_message="Say who heard it, and when.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["raised", "heard"])
                | (Q(decided_on__isnull=False) & ~Q(answer="")),
                name="impact_decided_has_answer",
                violation_error_message="Say what the answer is, and why.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["made", "checked"])
                | (Q(made_on__isnull=False) & ~Q(change="")),
                name="impact_made_has_change",
                violation_error_message="Say what changed, and when.",
            ),
            models.CheckConstraint(
                condition=~Q(status="checked") | Q(checked_on__isnull=False),
                name="impact_checked_has_date",
                violation_error_message="Say when it was looked at again.",
            ),
            in_order(
                "raised_on",
                "heard_on",
                name="impact_heard_after_raised",
                words="It is heard on the day it is raised or later.",
            ),
        )

    def __str__(self) -> str:
        return self.title
