"""Rounds, proposals and votes, as their services make them."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Programme, User
from partners.models import Ballot, Proposal, Round
from partners.services import codesign, codesign_proposals
from partners.tests.factories import NOW

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)


def round_of(programme: Programme, *, by: User, now: datetime = NOW, **facts: Any) -> Round:
    """A round that takes proposals today; people can vote for a week."""
    return codesign.open_round(
        programme=programme,
        by=by,
        now=now,
        **{
            "title": "What matters most in 2027",
            "question": "What should we work on first?",
            "opens_on": TODAY,
            "votes_from": TODAY,
            "closes_on": TODAY + 7 * DAY,
            **facts,
        },
    )


def proposals_in(asked: Round, *titles: str, by: User, now: datetime = NOW) -> list[Proposal]:
    """One proposal of each title."""
    return [
        codesign_proposals.propose(asked=asked, title=title, text="", by=by, now=now)
        for title in titles
    ]


def put_to_the_vote(
    programme: Programme, *titles: str, by: User, now: datetime = NOW, **facts: Any
) -> tuple[Round, list[Proposal]]:
    """A round open for votes on proposals of these titles."""
    asked = round_of(programme, by=by, now=now, **facts)
    proposals = proposals_in(asked, *titles, by=by, now=now)
    return codesign.open_votes(asked=asked, by=by, now=now), proposals


def vote(asked: Round, voter: User, *proposals: Proposal, now: datetime = NOW) -> Ballot:
    """A ballot with these from first to last."""
    ranks = {proposal.pk: number for number, proposal in enumerate(proposals, start=1)}
    return codesign_proposals.cast(asked=asked, ranks=ranks, by=voter, now=now)
