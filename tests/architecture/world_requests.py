"""Proposals of partners, and opportunities that ask each of them alone."""

from typing import TYPE_CHECKING, Any

from assignments.models import WorkGroup
from assignments.services import interests, opportunities, requests
from partners.models import Partner

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "assignments:request": "request",
    "assignments:request_sent": "request",
    "assignments:take_back_request": "request",
    "assignments:opportunity": "opportunity",
    "assignments:answer_opportunity": "opportunity",
}
# Pages of a form, by their names.
FIXED = {
    "assignments:ask_step": {"step": "part"},
    "assignments:propose_step": {"step": "part"},
}


def add_requests(
    world: "World", partner: Partner, whose: str, group: WorkGroup, *, by: Any
) -> None:
    """What `partner` proposes, and what they alone are asked and said yes to."""
    piece = {"why": "It matters", "influence": "co_design"}
    request = requests.propose(
        partner=partner,
        title=f"A walk by {partner.called}",
        kind="project",
        by=partner.user,
        now=world.now,
        **piece,
    )
    world.keep("request", whose, request)
    opportunity = opportunities.publish(
        work_group=group,
        title=f"A place for {partner.called}",
        places=2,
        audience="some",
        invited=[partner],
        by=by,
        now=world.now,
        **piece,
    )
    world.keep("opportunity", whose, opportunity)
    interests.say(
        opportunity=opportunity,
        partner=partner,
        answer="yes",
        line="Gladly",
        by=partner.user,
        now=world.now,
    )
