"""Places that partners of the small world were offered, wait for, hold and had."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Programme
from assignments import services as assignments
from assignments.models import WorkGroup
from assignments.services import offers, opportunities
from partners.models import Partner

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "assignments:offer": "offer",
    "assignments:accept_offer": "offer",
    "assignments:stand_in": "offer",
    "assignments:decline_offer": "offer",
    "assignments:give_back": "held offer",
    "assignments:place": "assignment",
    "admin:assignments_offer_make": "opportunity",
    "admin:assignments_offer_now": "offer that waits",
    "admin:assignments_assignment_thank": "ended assignment",
}


def add_offers(world: "World", partner: Partner, whose: str, *, by: Any) -> None:
    """One offer to answer, one that waits, one accepted, and two places that ended.

    All in groups of their own: nobody takes a place after them, so nobody reads their notes.
    """
    programme, now = partner.programme, world.now
    for kind in ("offer", "held offer", "offer that waits"):
        group = _group(programme, f"Project of an {kind}, {partner.called}", by=by, now=now)
        opportunity = opportunities.publish(
            work_group=group,
            title=f"Help us, {partner.called}",
            why="It matters",
            influence="consult",
            places=1,
            audience="some",
            by=by,
            now=now,
        )
        (row,) = offers.offer(
            opportunity=opportunity, partners=[partner], answer_by=None, by=by, now=now
        )
        if kind == "held offer":
            row = offers.accept(offer=row, by=partner.user, now=now)
        world.keep(kind, whose, row)
        if kind == "offer that waits":
            # A place is free, and was offered to nobody: one who waits may be offered it.
            type(row).objects.filter(pk=row.pk).update(status="waiting")
    today = timezone.localdate(now)
    for name, thanks in (("Past place", ""), ("Thanked place", "You made us laugh")):
        group = _group(programme, f"{name} of {partner.called}", by=by, now=now)
        place = assignments.place_partner(
            work_group=group,
            partner=partner,
            starts_on=today - timedelta(days=200),
            by=by,
            now=now,
        )
        assignments.end_assignment(
            assignment=place,
            ends_on=today - timedelta(days=100),
            by=by,
            now=now,
            handover="Ring Jo first",
            thanks=thanks,
        )
        if not thanks:
            world.keep("ended assignment", whose, place)


def _group(programme: Programme, name: str, *, by: Any, now: Any) -> WorkGroup:
    return assignments.create_work_group(
        programme=programme, kind="project", name=name, by=by, now=now
    )
