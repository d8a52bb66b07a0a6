"""Requests and opportunities as their services make them."""

from datetime import datetime
from typing import Any

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from assignments.models import Opportunity, Request
from assignments.services import opportunities, requests
from assignments.tests.factories import WorkGroupFactory
from partners.models import Partner

PIECE = {
    "title": "Two partners for the pain pathway",
    "why": "We write its letters again and want them to be read.",
    "influence": "co_design",
}


def asked(programme: Programme, now: datetime, *, by: User | None = None, **facts: Any) -> Request:
    """Somebody of staff asks for partners."""
    return requests.ask(
        programme=programme,
        by=by or person(Role.STAFF, programme),
        now=now,
        **{**PIECE, "kind": "project", **facts},
    )


def proposed(partner: Partner, now: datetime, **facts: Any) -> Request:
    """`partner` proposes work of their own."""
    return requests.propose(
        partner=partner,
        by=partner.user or person(Role.COORDINATOR, partner.programme),
        now=now,
        **{**PIECE, "kind": "project", "title": "A walk for newcomers", **facts},
    )


def opened(programme: Programme, now: datetime, **facts: Any) -> Opportunity:
    """An opportunity that asks all partners of `programme`."""
    group = facts.pop("work_group", None) or WorkGroupFactory(programme=programme)
    values = {**PIECE, "places": 2, "audience": "all", "by": None, **facts}
    return opportunities.publish(work_group=group, now=now, **values)
