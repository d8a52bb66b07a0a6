"""Verbs of signing in and belonging: small predicates, readable without HTTP."""

from typing import Any

from django.conf import settings

from accounts.models import Programme, Role, RoleGrant
from accounts.querysets import programmes_of


def has_role(user: Any, programme: Programme | int, *roles: str) -> bool:
    """Somebody holds one of `roles` in `programme` (any role when none is named)."""
    pk = programme if isinstance(programme, int) else programme.pk
    return pk in programmes_of(user, *roles)


def coordinates(user: Any, programme: Programme | int) -> bool:
    """Somebody coordinates `programme`."""
    return has_role(user, programme, Role.COORDINATOR)


def does_finances(user: Any, programme: Programme | int) -> bool:
    """Somebody does the finances of `programme`."""
    return has_role(user, programme, Role.FINANCE)


def looks_after_installation(user: Any) -> bool:
    """Somebody manages programmes, roles and sign-ins; this opens no partner's page."""
    return bool(user.is_active and user.is_superuser)


def may_open_admin(user: Any) -> bool:
    """Coordinators, finance, and who looks after the installation."""
    return looks_after_installation(user) or bool(programmes_of(user, *RoleGrant.ADMIN_ROLES))


def needs_second_factor(user: Any) -> bool:
    """Whoever holds a role that sees other people's data, or looks after the installation."""
    return looks_after_installation(user) or bool(
        programmes_of(user, *RoleGrant.SECOND_FACTOR_ROLES)
    )


def idle_seconds(user: Any) -> int:
    """How long a session may be left alone: shorter for staff than for partners."""
    if needs_second_factor(user):
        return int(settings.SESSION_IDLE_SECONDS_STAFF)
    return int(settings.SESSION_IDLE_SECONDS_PARTNER)


def may_manage_people(user: Any, programme: Programme | int) -> bool:
    """Invite, give and end roles in `programme`: its coordinators, and who looks after it all."""
    return looks_after_installation(user) or coordinates(user, programme)


def may_mark_as_left(user: Any, person: Any) -> bool:
    """Close somebody's sign-in: not one's own, and not while another programme needs it."""
    return _answers_for(user, person)


def may_reset_second_step(user: Any, person: Any) -> bool:
    """Take away the second step of somebody who lost theirs: not one's own, nor a sign-in that
    opens more than one manages oneself."""
    return _answers_for(user, person)


def _answers_for(user: Any, person: Any) -> bool:
    if user.pk == person.pk or not person.is_active:
        return False
    if looks_after_installation(user):
        return True
    held = programmes_of(person)
    return bool(held) and not person.is_superuser and held <= programmes_of(user, Role.COORDINATOR)
