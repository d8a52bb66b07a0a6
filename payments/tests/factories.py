"""Minimal valid rows. What is sealed is made by its service."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Contribution, Partner
from partners.tests.factories import confirmed_contribution
from payments.models import Claim, Rate
from payments.services import claims

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 10, 6)


class RateFactory(DjangoModelFactory):
    """£150.00 a day, £75.00 up to four hours, as a new programme begins with."""

    class Meta:
        model = Rate

    programme = factory.SubFactory(ProgrammeFactory)
    basis = Rate.Basis.DAY
    amount = Decimal("150.00")
    half_amount = Decimal("75.00")
    starts_on = date(2019, 4, 1)


def coordinator_of(programme: Programme) -> User:
    """A coordinator of `programme`, the same one each time."""
    grant = programme.role_grants.filter(role=Role.COORDINATOR).first()
    return grant.user if grant else person(Role.COORDINATOR, programme)


def work(partner: Partner, minutes: int = 120, *, on: date = DAY, **facts: Any) -> Contribution:
    """A confirmed contribution, ready to claim."""
    return confirmed_contribution(
        partner,
        by=coordinator_of(partner.programme),
        now=NOW,
        minutes=minutes,
        happened_on=on,
        **facts,
    )


def submitted_claim(partner: Partner, *minutes: int, on: date = DAY) -> Claim:
    """A claim that waits, with a line for each of `minutes` (two hours when none is given)."""
    for number in minutes or (120,):
        work(partner, number, on=on)
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    return claims.submit(claim=claim, by=partner.user, now=NOW)


def approved_claim(partner: Partner, *minutes: int, on: date = DAY) -> Claim:
    """A claim whose lines can go into a run."""
    claim = submitted_claim(partner, *minutes, on=on)
    return claims.approve(claim=claim, by=coordinator_of(partner.programme), now=NOW)
