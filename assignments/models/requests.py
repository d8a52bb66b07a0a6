"""Requests for partners, the opportunities they become, and the partners' answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from assignments.models.groups import Influence, WorkGroup
from assignments.querysets import (
    InterestQuerySet,
    InviteQuerySet,
    OpportunityQuerySet,
    RequestQuerySet,
)
from workflow.facts import filled, in_order, known
from workflow.transitions import HistoryRow, Moves, Stateful


class RequestHistory(HistoryRow):
    """What became of a request."""

    subject = models.ForeignKey(
        "assignments.Request", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


class Piece(models.Model):
    """Base of what says what a piece of work is: the request, and the opportunity made of it."""

    title = models.CharField("what", max_length=150)
    why = models.TextField(max_length=2000)
    influence = models.CharField("how much influence", max_length=10, choices=Influence)
    starts_on = models.DateField("from", null=True, blank=True)
    ends_on = models.DateField("until", null=True, blank=True)
    effort = models.CharField("how much time it takes", max_length=200, blank=True)
    # What pacing reckons with; `effort` is what people read.
    minutes_a_month = models.PositiveIntegerField(null=True, blank=True)
    longest_minutes = models.PositiveSmallIntegerField("longest stint", null=True, blank=True)
    place = models.CharField("where, or online", max_length=200, blank=True)
    places = models.PositiveSmallIntegerField("how many partners", default=1)
    budget_code = models.CharField(max_length=40, blank=True)
    access = models.TextField("what is there for access", max_length=1000, blank=True)

    class Meta:
        abstract = True
        constraints = (
            filled("title", name="%(class)s_has_title", words="Say in a few words what it is."),
            known("influence", Influence.values, name="%(class)s_influence_known"),
            in_order(
                "starts_on",
                "ends_on",
                name="%(class)s_ends_after_start",
                words="The last day must be on or after the first day.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=100),
                name="%(class)s_places_known",
                violation_error_message="Enter between 1 and 100 partners.",
            ),
        )

    def __str__(self) -> str:
        return self.title


@audited()
class Request(Piece, Stateful):
    """Somebody asks for partners, or a partner proposes work: what, why, and what became of it."""

    class Status(models.TextChoices):
        ASKED = "asked", "Asked"
        LOOKED_AT = "looked_at", "Being looked at"
        PUBLISHED = "published", "Partners are being asked"
        DONE = "done", "Partners are in place"
        REFUSED = "refused", "Not this time"
        WITHDRAWN = "withdrawn", "Withdrawn"

    HISTORY: ClassVar[type[HistoryRow]] = RequestHistory
    MOVES: ClassVar[Moves] = {
        Status.ASKED: frozenset(
            {Status.LOOKED_AT, Status.PUBLISHED, Status.REFUSED, Status.WITHDRAWN}
        ),
        Status.LOOKED_AT: frozenset({Status.PUBLISHED, Status.REFUSED, Status.WITHDRAWN}),
        Status.PUBLISHED: frozenset({Status.DONE, Status.REFUSED, Status.WITHDRAWN}),
        Status.DONE: frozenset(),
        Status.REFUSED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="requests"
    )
    team = models.ForeignKey(
        "accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    kind = models.CharField(max_length=15, choices=WorkGroup.Kind)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    # A proposal of a partner's own; a coordinator may have written it down for them.
    proposed_by = models.ForeignKey(
        "partners.Partner",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_work",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    # The reason of a no, as it is told to whoever asked.
    answer = models.TextField(max_length=1000, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("programme", "-asked_at", "-id"), name="request_newest"),
            models.Index(
                fields=("programme", "asked_at", "id"),
                condition=Q(status__in=["asked", "looked_at"]),
                name="request_waiting",
            ),
        )
        constraints = (
            *Piece.Meta.constraints,
            filled("why", name="request_has_why", words="Say why you would like partners."),
            known("kind", WorkGroup.Kind.values, name="request_kind_known"),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(answer=""),
                name="request_refused_has_reason",
                violation_error_message="A no needs its reason.",
            ),
        )


class OpportunityHistory(HistoryRow):
    """What became of an opportunity."""

    subject = models.ForeignKey(
        "assignments.Opportunity", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Opportunity(Piece, Stateful):
    """Partners are asked to join a work group: the published ask."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Audience(models.TextChoices):
        ALL = "all", "All partners"
        SOME = "some", "The partners chosen"

    HISTORY: ClassVar[type[HistoryRow]] = OpportunityHistory
    MOVES: ClassVar[Moves] = {
        Status.OPEN: frozenset({Status.CLOSED, Status.WITHDRAWN}),
        Status.CLOSED: frozenset({Status.OPEN, Status.WITHDRAWN}),
        Status.WITHDRAWN: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="opportunities"
    )
    request = models.OneToOneField(
        Request, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunity"
    )
    work_group = models.ForeignKey(
        WorkGroup, on_delete=models.PROTECT, related_name="opportunities"
    )
    role = models.ForeignKey(
        "partners.PathwayRole",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opportunities",
    )
    themes = models.ManyToManyField("partners.Theme", blank=True, related_name="opportunities")
    audience = models.CharField("who is asked", max_length=5, choices=Audience)
    closes_on = models.DateField("last day to answer", null=True, blank=True)
    published_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        verbose_name_plural = "opportunities"
        indexes = (
            models.Index(
                fields=("programme", "status", "-published_at", "-id"), name="opportunity_newest"
            ),
        )
        constraints = (
            *Piece.Meta.constraints,
            known("audience", ["all", "some"], name="opportunity_audience_known"),
        )


@audited()
class Invite(models.Model):
    """A partner who was chosen to be asked, where not all are."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="invites")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="opportunity_invites"
    )
    invited_at = models.DateTimeField()

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ("invited_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("opportunity", "partner"),
                name="invite_once",
                violation_error_message="This partner is asked already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.opportunity}"


@audited(without=["line"])
class Interest(models.Model):
    """A partner's answer to an opportunity, changeable while it is open."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes, I would like to"
        MAYBE = "maybe", "Maybe"
        NOT_NOW = "not_now", "Not now"

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="interests")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="interests"
    )
    answer = models.CharField(max_length=10, choices=Answer)
    line = models.CharField("anything to add", max_length=300, blank=True)
    said_at = models.DateTimeField()

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ("said_at", "pk")
        constraints = (
            known("answer", ["yes", "maybe", "not_now"], name="interest_answer_known"),
            models.UniqueConstraint(
                fields=("opportunity", "partner"),
                name="interest_once",
                violation_error_message="There is an answer already: change that one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.opportunity}"
