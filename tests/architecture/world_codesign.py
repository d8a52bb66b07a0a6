"""Rounds of the small world: one for proposals, one for votes, one that is counted."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Programme
from partners.models import Partner, Proposal, Round
from partners.services import codesign, codesign_group, codesign_proposals

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "partners:round": "round",
    "partners:propose": "round",
    "partners:vote": "voting round",
    "partners:own_vote": "voting round",
    "partners:round_result": "counted round",
    "partners:proposal": "proposal",
    "partners:change_proposal": "proposal",
    "partners:withdraw_proposal": "proposal",
    "partners:advise": "proposal",
}


def add_rounds(
    world: "World", programme: Programme, whose: str, partners: dict[str, Partner], *, by: Any
) -> None:
    """Rounds of `programme`; the first of `partners`, told by whose, checks and challenges."""
    asked = _round(world, programme, by=by)
    world.keep("round", whose, asked)
    for mine, partner in partners.items():
        world.keep("proposal", mine, _proposal(world, asked, "Shorter waits", partner))
    voting = _voted(world, programme, partners, by=by)
    world.keep("voting round", whose, voting)
    counted = _voted(world, programme, partners, by=by)
    codesign.close_round(asked=counted, by=by, now=world.now, why="Everybody voted")
    world.keep("counted round", whose, counted)
    member = next(iter(partners.values()))
    challenger = codesign_group.name_challenger(
        programme=programme,
        person=member.user,
        starts_on=timezone.localdate(world.now),
        by=by,
        now=world.now,
    )
    world.keep("challenger", whose, challenger)
    proposal = codesign_proposals.propose(
        asked=asked, title="Parking", text="", by=by, now=world.now
    )
    advice = codesign_group.advise(
        proposal=proposal, text="Ask the porters", by=member.user, now=world.now
    )
    world.keep("advice", whose, advice)


def _round(world: "World", programme: Programme, *, by: Any) -> Round:
    today = timezone.localdate(world.now)
    return codesign.open_round(
        programme=programme,
        title="What matters most",
        question="What should we work on?",
        opens_on=today,
        votes_from=today,
        closes_on=today + timedelta(days=7),
        by=by,
        now=world.now,
    )


def _proposal(world: "World", asked: Round, title: str, partner: Partner) -> Proposal:
    return codesign_proposals.propose(
        asked=asked,
        title=f"{title} for {partner.called}",
        text="",
        by=partner.user,
        now=world.now,
    )


def _voted(world: "World", programme: Programme, partners: dict[str, Partner], *, by: Any) -> Round:
    asked = _round(world, programme, by=by)
    first = next(iter(partners.values()))
    found = [_proposal(world, asked, title, first) for title in ("Waits", "Parking")]
    codesign.open_votes(asked=asked, by=by, now=world.now)
    for partner in partners.values():
        ranks = {proposal.pk: number for number, proposal in enumerate(found, start=1)}
        codesign_proposals.cast(asked=asked, ranks=ranks, by=partner.user, now=world.now)
    return asked
