from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit import audited
from partners.querysets import (
    AdviceQuerySet,
    BallotQuerySet,
    ChallengerQuerySet,
    PreferenceQuerySet,
    ProposalQuerySet,
    RoundQuerySet,
)
from workflow.facts import filled, in_order, once_at_a_time
from workflow.stamps import paired
from workflow.transitions import HistoryRow, Moves, Stateful


class RoundHistory(HistoryRow):
    """What became of a round."""

    subject = models.ForeignKey("partners.Round", on_delete=models.PROTECT, related_name="history")

    class Meta(HistoryRow.Meta):
        abstract = False


@audited()
class Round(Stateful):
    """A programme asks what matters most: proposals, then ranked ballots, then a result."""

    class Status(models.TextChoices):
        PROPOSING = "proposing", "Open for proposals"
        VOTING = "voting", "Open for votes"
        CLOSED = "closed", "Counted"
        DROPPED = "dropped", "Let go"

    HISTORY: ClassVar[type[HistoryRow]] = RoundHistory
    MOVES: ClassVar[Moves] = {
        Status.PROPOSING: frozenset({Status.VOTING, Status.DROPPED}),
        Status.VOTING: frozenset({Status.CLOSED, Status.DROPPED}),
        Status.CLOSED: frozenset(),
        Status.DROPPED: frozenset(),
    }

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="priority_rounds"
    )
    title = models.CharField(max_length=150)
    question = models.TextField(max_length=1000)
    opens_on = models.DateField("proposals from")
    votes_from = models.DateField("votes from")
    closes_on = models.DateField("last day to vote")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSING)
    # The count as it was made: the order, the pairs and the steps, so that the page explains it.
    result = models.JSONField(default=dict, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_on", "-pk")
        verbose_name = "priority round"
        constraints = (
            filled("title", name="round_has_title", words="Give the round a title."),
            filled("question", name="round_has_question", words="Write the question."),
            in_order(
                "opens_on",
                "votes_from",
                name="round_votes_after_opening",
                words="Voting begins on the day the round opens or later.",
            ),
            in_order(
                "votes_from",
                "closes_on",
                name="round_closes_after_votes",
                words="The last day to vote is the day voting begins or later.",
            ),
        )

    def __str__(self) -> str:
        return self.title


@audited(without=["text"])
class Proposal(models.Model):
    """Something a partner or a member of staff wants the programme to work on."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    title = models.CharField(max_length=150)
    text = models.TextField("why it matters", max_length=2000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The work that answers it: a page of the portal or an address outside, and what it is.
    answer_link = models.CharField(max_length=300, blank=True)
    answer = models.TextField("what is being done", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            filled("title", name="proposal_has_title", words="Say in a few words what it is."),
            paired("answered_at", "answered_by", name="proposal_answered_pair"),
        )

    def __str__(self) -> str:
        return self.title


@audited()
class Ballot(models.Model):
    """One person's ranking in one round. Only they may look at it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("round", "voter"),
                name="ballot_once",
                violation_error_message="You have already voted in this round.",
            ),
        )

    def __str__(self) -> str:
        return f"Ballot in {self.round}"


# The audit keeps that somebody voted, and not how.
@audited(without=["proposal", "rank"])
class Preference(models.Model):
    """One line of a ballot: 1 is wanted most. What is left out is ranked below all that is in."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="preferences")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        ordering = ("rank", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ballot", "proposal"),
                name="preference_once",
                violation_error_message="Rank each proposal once.",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1),
                name="preference_from_one",
                violation_error_message="Ranks begin with 1.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rank}: {self.proposal}"


@audited()
class Challenger(models.Model):
    """Somebody's place in the programme's check and challenge group."""

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="challengers"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = ChallengerQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "pk")
        verbose_name = "member of the check and challenge group"
        verbose_name_plural = "check and challenge group"
        constraints = (
            in_order(
                "starts_on",
                "ends_on",
                name="challenger_ends_after_start",
                words="A place ends on the day it begins or later.",
            ),
            once_at_a_time(
                "programme",
                "user",
                first="starts_on",
                last="ends_on",
                name="challenger_once_at_a_time",
                words="This person is in the group already.",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)


@audited(without=["text", "reason"])
class Advice(models.Model):
    """What the check and challenge group says of a proposal, and what was decided, and why."""

    class Decision(models.TextChoices):
        TAKEN = "taken", "Taken up"
        PARTLY = "partly", "Taken up in part"
        NOT_TAKEN = "not_taken", "Not taken up"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="advice")
    text = models.TextField("what the group says", max_length=4000)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reason = models.TextField("why", max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AdviceQuerySet.as_manager()

    class Meta:
        ordering = ("given_at", "pk")
        verbose_name_plural = "advice"
        constraints = (
            filled("text", name="advice_has_text", words="Write what the group says."),
            paired("decided_at", "decided_by", name="advice_decided_pair"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_at__isnull=False)),
                name="advice_decision_has_reason",
                violation_error_message="Say what was decided, and why.",
            ),
            in_order(
                "given_at",
                "decided_at",
                name="advice_decided_after_given",
                words="A decision follows the advice.",
            ),
        )

    def __str__(self) -> str:
        return f"Advice on {self.proposal}"
