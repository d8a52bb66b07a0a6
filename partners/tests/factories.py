"""Minimal valid rows. What is sealed is made by its service."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Contribution, Expertise, Partner
from partners.services import ledger
from partners.services.register import sort_key

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Robin Partner{n}")
    sort_key = factory.LazyAttribute(lambda partner: sort_key(partner.name))
    email = factory.Sequence(lambda n: f"partner{n}@example.org")


class ExpertiseFactory(DjangoModelFactory):
    class Meta:
        model = Expertise

    partner = factory.SubFactory(PartnerFactory)
    kind = Expertise.Kind.JEWEL
    text = "Years of living with pain"
    added_at = NOW
    changed_at = NOW


def signed_up_partner(programme: Programme, **values: Any) -> Partner:
    """A partner with a sign-in and the partner's role in `programme`."""
    user = person(Role.PARTNER, programme)
    partner: Partner = PartnerFactory(
        **{"programme": programme, "user": user, "email": user.email, "name": user.name, **values}
    )
    return partner


def contribution(
    partner: Partner, *, by: User | None = None, now: datetime = NOW, **facts: Any
) -> Contribution:
    """A contribution that waits to be confirmed."""
    return ledger.record(
        partner=partner,
        by=by,
        now=now,
        **{
            "kind": Contribution.Kind.PANEL,
            "happened_on": date(2026, 11, 2),
            "minutes": 90,
            "title": "Expert panel",
            **facts,
        },
    )


def confirmed_contribution(
    partner: Partner, *, by: User | None = None, now: datetime = NOW, **facts: Any
) -> Contribution:
    """A contribution that a coordinator of the partner's programme confirmed."""
    coordinator = by or person(Role.COORDINATOR, partner.programme)
    row = contribution(partner, now=now, **facts)
    return ledger.confirm(contribution=row, by=coordinator, now=now)
