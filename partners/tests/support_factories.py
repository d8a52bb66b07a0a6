"""Rows about how partners are supported, and what became of what they raised."""

from datetime import date, datetime
from typing import Any

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from partners.models import Impact, Partner
from partners.services import impact
from partners.tests.factories import NOW


def lead_of(programme: Programme, **values: Any) -> User:
    """Somebody of the staff who hears the concerns of `programme`."""
    lead = person(Role.STAFF, programme, **{"name": "Lena Frost", **values})
    programme.concern_lead = lead
    programme.save()
    return lead


def raised(
    programme: Programme, *, by: User | None = None, now: datetime = NOW, **facts: Any
) -> Impact:
    """Something raised, that nobody has heard yet."""
    return impact.record(
        programme=programme,
        by=by,
        now=now,
        **{
            "title": "Chairs in the waiting room",
            "raised": "The chairs are too low to get up from.",
            "category": "waiting_rooms",
            "raised_on": date(2026, 9, 1),
            **facts,
        },
    )


def heard(programme: Programme, **facts: Any) -> Impact:
    """Something raised that somebody heard, and has not answered."""
    heard_on = facts.pop("heard_on", date(2026, 9, 8))
    owner, owner_name = facts.pop("owner", None), facts.pop("owner_name", "Mr Vale, estates")
    row = raised(programme, **facts)
    return impact.hear(
        impact=row, owner=owner, owner_name=owner_name, heard_on=heard_on, by=None, now=NOW
    )


def answered(programme: Programme, decision: str = "accepted", **facts: Any) -> Impact:
    """Something raised that has an answer."""
    row = heard(programme, **facts)
    return impact.decide(
        impact=row,
        decision=decision,
        answer="We looked at it together.",
        decided_on=date(2026, 10, 1),
        by=None,
        now=NOW,
    )


def made(programme: Programme, **facts: Any) -> Impact:
    """Something raised that changed something."""
    row = answered(programme, **facts)
    return impact.make(
        impact=row,
        made_on=date(2026, 10, 20),
        change="There are six higher chairs.",
        by=None,
        now=NOW,
    )


def at_stage(partner: Partner, status: str) -> Partner:
    """`partner`, put at a stage without its history."""
    Partner.objects.filter(pk=partner.pk).update(status=status)
    partner.refresh_from_db()
    return partner
