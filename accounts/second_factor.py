"""The second step of signing in: whether this session passed it, and what a demonstration shows."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_set_up(user: Any) -> bool:
    """Somebody has an authenticator app or a passkey (recovery codes alone are none)."""
    return bool(is_mfa_enabled(user, FACTORS))


def passed(request: HttpRequest) -> bool:
    """This very session showed a second factor: a code, a passkey or a recovery code.

    That somebody has one is not enough: a session may be older than the factor, or than the role
    that asks for it.
    """
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def _passed_by_setting_up(
    request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any
) -> None:
    """Setting the first factor up showed that it works; asking again at once would be a chore."""
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def follow_set_up() -> None:
    """Count setting the first factor up as passing it."""
    authenticator_added.connect(_passed_by_setting_up, dispatch_uid="second_factor")


def demo_code(user: Any) -> str:
    """The code that `user`'s authenticator app would show now; empty outside demonstrations."""
    if not settings.DEMO or user is None:
        return ""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        return ""
    totp = TOTP(found)
    # A code works once: somebody who signs in twice within half a minute needs the next one.
    codes = _codes(decrypt(found.data["secret"]))
    return next((c for c in codes if cache.get(totp._get_used_cache_key(c)) is None), "")


def demo_code_of(secret: str) -> str:
    """The code for a secret that is being set up; empty outside demonstrations."""
    return _codes(secret)[0] if settings.DEMO else ""


def _codes(secret: str) -> list[str]:
    """The codes of now and of the next half minute."""
    before, *now_and_next = list(yield_hotp_counters_from_time())
    return [format_hotp_value(hotp_value(secret, counter)) for counter in now_and_next or [before]]
