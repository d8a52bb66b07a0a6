"""Minimal rows of opportunities and offers."""

from datetime import UTC, date, datetime
from typing import Any

from assignments.models import Offer, Opportunity, WorkGroup
from assignments.services import offers
from assignments.tests.factories import WorkGroupFactory
from partners.models import Partner
from partners.tests.factories import PartnerFactory

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANSWER_BY = date(2026, 12, 1)


def opportunity(work_group: WorkGroup | None = None, **values: Any) -> Opportunity:
    """An opportunity with one place, open to all partners."""
    group = work_group or WorkGroupFactory()
    return Opportunity.objects.create(
        **{
            "programme": group.programme,
            "work_group": group,
            "title": "Two partners for the leaflet",
            "why": "To make it easy to read",
            "influence": "co_design",
            "audience": "all",
            "published_at": NOW,
            **values,
        }
    )


def people(opportunity: Opportunity, *names: str) -> list[Partner]:
    """Partners of its programme, each with an address of their own."""
    return [
        PartnerFactory(
            programme=opportunity.programme, name=name, email=f"{name.lower()}@example.org"
        )
        for name in names
    ]


def offered(opportunity: Opportunity, *names: str, **values: Any) -> list[Offer]:
    """Offers to new partners of these names."""
    return offers.offer(
        opportunity=opportunity,
        partners=people(opportunity, *names),
        by=None,
        **{"answer_by": ANSWER_BY, "now": NOW, **values},
    )
