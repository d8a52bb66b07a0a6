"""Offers of a place and the waiting list, and what suggestions weigh."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.audit import audited
from assignments.models.places import Assignment
from assignments.models.requests import Opportunity
from assignments.querysets import OfferQuerySet, SuggestionWeightsQuerySet
from workflow.stamps import stamped_in
from workflow.transitions import HistoryRow, Moves, Stateful


class OfferHistory(HistoryRow):
    """What became of an offer."""

    subject = models.ForeignKey(
        "assignments.Offer", on_delete=models.PROTECT, related_name="history"
    )

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Offer(Stateful):
    """A place of an opportunity and one partner: waiting for it, offered it, or holding it.

    Who holds a place has a seat, and each seat is held once: the places are never overfilled,
    whatever happens at once.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "On the waiting list"
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Accepted"
        STANDING_IN = "standing_in", "Stands in"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Not answered in time"
        WITHDRAWN = "withdrawn", "Taken back"
        ENDED = "ended", "Ended"

    LIVE: ClassVar[tuple[str, ...]] = ("waiting", "offered", "accepted", "standing_in")
    HISTORY: ClassVar[type[HistoryRow]] = OfferHistory
    MOVES: ClassVar[Moves] = {
        Status.WAITING: frozenset({Status.OFFERED, Status.DECLINED, Status.WITHDRAWN}),
        Status.OFFERED: frozenset(
            {
                Status.ACCEPTED,
                Status.STANDING_IN,
                Status.WAITING,
                Status.DECLINED,
                Status.LAPSED,
                Status.WITHDRAWN,
            }
        ),
        Status.STANDING_IN: frozenset({Status.ACCEPTED, Status.ENDED}),
        Status.ACCEPTED: frozenset({Status.ENDED}),
        Status.DECLINED: frozenset(),
        Status.LAPSED: frozenset(),
        Status.WITHDRAWN: frozenset(),
        Status.ENDED: frozenset(),
    }

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="offers")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="offers")
    status = models.CharField(max_length=12, choices=Status)
    # Since when in the queue: the waiting list moves in this order.
    queued_at = models.DateTimeField()
    answer_by = models.DateField("answer by", null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    assignment = models.OneToOneField(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="offer"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("queued_at", "pk")
        indexes = (
            models.Index(fields=("partner", "status"), name="offer_of_partner"),
            models.Index(
                fields=("answer_by", "id"), condition=Q(status="offered"), name="offer_unanswered"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("opportunity", "partner"),
                condition=Q(status__in=["waiting", "offered", "accepted", "standing_in"]),
                name="offer_once_at_a_time",
                violation_error_message="This partner has an offer or waits for one already.",
            ),
            models.UniqueConstraint(
                F("opportunity"),
                F("seat"),
                name="offer_seat_once",
                violation_error_message="This place was taken a moment ago.",
            ),
            stamped_in("status", ["accepted"], "seat", name="offer_accepted_has_seat"),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(seat__gte=1),
                name="offer_seats_count_from_one",
                violation_error_message="Places count from one.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "standing_in"]) | Q(assignment__isnull=False),
                name="offer_accepted_has_place",
                violation_error_message="Who accepted has a place in the group.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner}, {self.opportunity}"


@audited()
class SuggestionWeights(models.Model):
    """How much each reason counts when a programme is suggested partners: 0 not at all, 5 most."""

    programme = models.OneToOneField(
        "accounts.Programme", on_delete=models.PROTECT, related_name="suggestion_weights"
    )
    expertise = models.PositiveSmallIntegerField(default=3)
    passions = models.PositiveSmallIntegerField(default=3)
    priorities = models.PositiveSmallIntegerField(default=2)
    wishes = models.PositiveSmallIntegerField("wishes to try this role", default=3)
    free = models.PositiveSmallIntegerField("free in that period", default=2)
    pace = models.PositiveSmallIntegerField("within their pace", default=2)
    waited = models.PositiveSmallIntegerField("has waited longest", default=2)
    lightly_loaded = models.PositiveSmallIntegerField("does not carry most already", default=2)

    objects = SuggestionWeightsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "suggestion weights"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    expertise__lte=5,
                    passions__lte=5,
                    priorities__lte=5,
                    wishes__lte=5,
                    free__lte=5,
                    pace__lte=5,
                    waited__lte=5,
                    lightly_loaded__lte=5,
                ),
                name="suggestion_weights_to_five",
                violation_error_message="A weight is between 0 and 5.",
            ),
        )

    def __str__(self) -> str:
        return f"What counts in {self.programme}"
