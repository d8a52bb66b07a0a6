"""Minimal valid rows. What is sealed is made by its service."""

import time
from datetime import UTC, datetime
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
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
    role: str,
    programme: Programme,
    *,
    now: datetime = LONG_AGO,
    team: Team | None = None,
    **values: Any,
) -> User:
    """Somebody who holds `role` in `programme` (or in one team of it)."""
    user: User = UserFactory(**values)
    grant_role(user=user, programme=programme, role=role, by=None, now=now, team=team)
    return user


def pass_second_factor(client: Client, user: User) -> None:
    """Write into `client`'s session what allauth writes when a second factor was passed."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "at": time.time(), "type": "totp"}
    ]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def give_authenticator(user: User, secret: str = "JBSWY3DPEHPK3PXP") -> str:  # noqa: S107
    """Let `user` have an authenticator app with `secret`; returns the secret."""
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the authenticator app of `secret` shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
