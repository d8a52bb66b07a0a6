"""What somebody may do with rounds, proposals, ballots and advice: predicates without HTTP."""

from datetime import date
from typing import Any

from accounts.models import Programme
from accounts.rules import coordinates
from partners.models import Advice, Challenger, Proposal, Round
from partners.querysets.codesign import TAKING_PART, taking_part

__all__ = [
    "TAKING_PART",
    "checks_and_challenges",
    "is_voting",
    "may_advise",
    "may_answer",
    "may_change_proposal",
    "may_decide",
    "may_propose",
    "may_run_rounds",
    "may_take_proposal_off",
    "may_vote",
]

_Status = Round.Status


def may_run_rounds(user: Any, programme: Programme | int) -> bool:
    """Open, change, close and let go rounds, and name the check and challenge group."""
    return coordinates(user, programme)


def may_propose(user: Any, asked: Round, today: date) -> bool:
    """Whoever takes part, from the day the round opens until votes are."""
    return (
        asked.programme_id in taking_part(user)
        and asked.status == _Status.PROPOSING
        and asked.opens_on <= today
    )


def may_change_proposal(user: Any, proposal: Proposal) -> bool:
    """Whoever proposed it, and still takes part, until votes are open."""
    return (
        proposal.proposed_by_id == user.pk
        and proposal.withdrawn_at is None
        and proposal.round.status == _Status.PROPOSING
        and proposal.round.programme_id in taking_part(user)
    )


def may_take_proposal_off(user: Any, proposal: Proposal) -> bool:
    """Whoever may change it; coordinators until the round is counted, should it harm somebody."""
    return may_change_proposal(user, proposal) or (
        proposal.withdrawn_at is None
        and proposal.round.status in {_Status.PROPOSING, _Status.VOTING}
        and coordinates(user, proposal.round.programme_id)
    )


def is_voting(asked: Round, today: date) -> bool:
    """Votes are open, and the last day to vote is not over, whether it was counted or not."""
    return asked.status == _Status.VOTING and today <= asked.closes_on


def may_vote(user: Any, asked: Round, today: date) -> bool:
    """Whoever takes part, while votes are open."""
    return asked.programme_id in taking_part(user) and is_voting(asked, today)


def may_answer(user: Any, proposal: Proposal) -> bool:
    """Coordinators say what is being done about a proposal of a round that was not let go."""
    return (
        proposal.withdrawn_at is None
        and proposal.round.status != _Status.DROPPED
        and coordinates(user, proposal.round.programme_id)
    )


def checks_and_challenges(user: Any, programme_pk: int, today: date) -> bool:
    """Somebody has a place in the programme's check and challenge group, and still takes part."""
    group = Challenger.objects.filter(programme=programme_pk, user=user).on(today)
    return programme_pk in taking_part(user) and group.exists()


def may_advise(user: Any, proposal: Proposal, today: date) -> bool:
    """The check and challenge group, on what somebody else proposed."""
    return (
        proposal.withdrawn_at is None
        and proposal.round.status != _Status.DROPPED
        and proposal.proposed_by_id != user.pk
        and checks_and_challenges(user, proposal.round.programme_id, today)
    )


def may_decide(user: Any, advice: Advice) -> bool:
    """Coordinators, but never on their own advice, and once."""
    return (
        not advice.decision
        and advice.given_by_id != user.pk
        and coordinates(user, advice.proposal.round.programme_id)
    )
