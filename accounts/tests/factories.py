"""Minimal valid rows. What is sealed is made by its service."""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Programme, Team, User
from accounts.services.people import grant_role

LONG_AGO = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    # No password can be guessed or checked: tests sign in through `client_for`.
    password = "!"


def person(
    role: str, programme: Programme, *, now: datetime = LONG_AGO, team: Team | None = None, **values: Any
) -> User:
    """Somebody who holds `role` in `programme` (or in one team of it)."""
    user: User = UserFactory(**values)
    grant_role(user=user, programme=programme, role=role, by=None, now=now, team=team)
    return user
