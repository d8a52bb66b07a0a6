from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.querysets import ContributionQuerySet
from workflow.facts import filled, known
from workflow.sealed import Sealed
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


class Kind(models.TextChoices):
    """What kind of work a contribution is."""

    MDT = "mdt", "MDT meeting"
    MEETING = "meeting", "Meeting"
    PROJECT = "project", "Project work"
    EVENT = "event", "Event"
    PANEL = "panel", "Panel"
    TALK = "talk", "Talk"
    RECRUITMENT = "recruitment", "Recruitment"
    OBSERVATION = "observation", "Clinic observation"
    MENTORING = "mentoring", "Mentoring"
    RESEARCH = "research", "Research"
    EDUCATION = "education", "Teaching or learning"
    READING = "reading", "Reading and comments"
    WRITING = "writing", "Blog or other writing"
    PEER_SUPPORT = "peer_support", "Peer support"
    OTHER = "other", "Something else"


class ContributionHistory(HistoryRow):
    """What became of a contribution."""

    subject = models.ForeignKey(
        "partners.Contribution", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited(without=["reflection"])
class Contribution(Sealed, Stateful):
    """One piece of work by one partner on one day: the ledger.

    Written by `partners.services.ledger` only. The portfolio is the list of these; claims are
    made of them. What brought it about (an attendance, an observation) points down to it.
    """

    Kind = Kind

    class Status(models.TextChoices):
        RECORDED = "recorded", "Recorded"
        CONFIRMED = "confirmed", "Confirmed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    HISTORY: ClassVar[type[HistoryRow]] = ContributionHistory
    MOVES: ClassVar[Moves] = {
        # Recorded to recorded is an amendment.
        Status.RECORDED: frozenset({Status.RECORDED, Status.CONFIRMED, Status.WITHDRAWN}),
        Status.CONFIRMED: frozenset({Status.WITHDRAWN}),
        Status.WITHDRAWN: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="contributions"
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="contributions"
    )
    kind = models.CharField(max_length=15, choices=Kind)
    happened_on = models.DateField("day")
    minutes = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    source_path = models.CharField(max_length=200, blank=True, editable=False)
    reflection = models.TextField(max_length=20000, blank=True)
    payable = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECORDED)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Payments says so: while a live claim line stands on it, it cannot be withdrawn.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_on", "-pk")
        indexes = (
            models.Index(fields=("partner", "-happened_on", "-id"), name="contribution_portfolio"),
            models.Index(
                fields=("partner", "happened_on", "id"),
                condition=Q(status="confirmed", payable=True, claimed_at__isnull=True),
                name="contribution_claimable",
            ),
            models.Index(
                fields=("programme", "happened_on", "id"),
                condition=Q(status="recorded"),
                name="contribution_to_confirm",
            ),
            models.Index(fields=("programme", "-happened_on", "-id"), name="contribution_ledger"),
            GinIndex(SearchVector("title", config="english"), name="contribution_words"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="contribution_minutes_in_a_day",
                violation_error_message="Enter between 1 minute and 24 hours.",
            ),
            known(
                "kind",
                Kind.values,
                name="contribution_kind_known",
                words="Choose a kind of work from the list.",
            ),
            filled("title", name="contribution_has_title", words="Say in a few words what it was."),
            paired("confirmed_at", "confirmed_by", name="contribution_confirmed_pair"),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="contribution_confirmed_has_stamp",
                violation_error_message="A confirmed contribution says who confirmed it.",
            ),
            models.CheckConstraint(
                condition=~Q(status="recorded") | Q(confirmed_at__isnull=True),
                name="contribution_recorded_no_stamp",
                violation_error_message="Only a confirmed contribution carries a confirmation.",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True) | Q(status="confirmed", payable=True),
                name="contribution_claimed_is_payable",
                violation_error_message="Only confirmed, payable work can be claimed.",
            ),
        )

        triggers = (
            # What was confirmed is what is paid: whoever writes, these stand.
            pgtrigger.Protect(
                name="facts_freeze",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__confirmed_at__isnull=False)
                & (
                    pgtrigger.Q(old__partner_id__df=pgtrigger.F("new__partner_id"))
                    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                    | pgtrigger.Q(old__happened_on__df=pgtrigger.F("new__happened_on"))
                    | pgtrigger.Q(old__minutes__df=pgtrigger.F("new__minutes"))
                ),
            ),
        )

    def __str__(self) -> str:
        return self.title
