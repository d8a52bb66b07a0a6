"""What may be done with requests, opportunities and answers: predicates without HTTP."""

from datetime import date
from typing import Any

from accounts.models import Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from assignments.models import Opportunity, Request
from partners.models import Partner
from partners.rules.support import may_have_place

# Whoever works with the programme may ask for partners; finance does not.
ASKING = (Role.STAFF, Role.CLINICAL_LEAD, Role.CLINICIAN, Role.PEER_OBSERVER, Role.COORDINATOR)
_WAITING = frozenset({Request.Status.ASKED, Request.Status.LOOKED_AT})


def may_ask(user: Any, programme: int) -> bool:
    """Staff of every role ask for partners."""
    return programme in programmes_of(user, *ASKING)


def takes_part(partner: Partner) -> bool:
    """Who may have a place may be asked, answer, and propose work."""
    return may_have_place(partner)


def is_waiting(request: Request) -> bool:
    """Neither published nor answered."""
    return request.status in _WAITING


def is_askers(user: Any, request: Request) -> bool:
    """This person asked for it, or proposed it."""
    proposer = request.proposed_by.user_id if request.proposed_by else None
    return user.pk in {request.asked_by_id, proposer}


def may_take_back(user: Any, request: Request) -> bool:
    """Whoever asked takes it back until it has come to an end."""
    return is_askers(user, request) and (Request.Status.WITHDRAWN in Request.MOVES[request.status])


def may_see_in_admin(user: Any, request: Request) -> bool:
    """Coordinators answer what was asked."""
    return coordinates(user, request.programme_id)


def may_look_at(user: Any, request: Request) -> bool:
    """Coordinators say that they have begun to look at what was asked."""
    return request.status == Request.Status.ASKED and coordinates(user, request.programme_id)


def may_publish(user: Any, request: Request) -> bool:
    """Coordinators publish what waits."""
    return is_waiting(request) and coordinates(user, request.programme_id)


def may_refuse(user: Any, request: Request) -> bool:
    """Coordinators answer with no, until it has come to an end."""
    return Request.Status.REFUSED in Request.MOVES[request.status] and coordinates(
        user, request.programme_id
    )


def may_finish(user: Any, request: Request) -> bool:
    """Coordinators say that partners are in place, once they were asked."""
    return request.status == Request.Status.PUBLISHED and coordinates(user, request.programme_id)


def may_look_after(user: Any, opportunity: Opportunity) -> bool:
    """Coordinators change, close and withdraw an opportunity that stands."""
    return opportunity.status != Opportunity.Status.WITHDRAWN and coordinates(
        user, opportunity.programme_id
    )


def is_open(opportunity: Opportunity, today: date) -> bool:
    """Answers are taken; `OpportunityQuerySet.open` for one in hand."""
    return opportunity.status == Opportunity.Status.OPEN and (
        opportunity.closes_on is None or opportunity.closes_on >= today
    )
