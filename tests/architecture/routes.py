"""Every address of the portal, found by walking the URLs, and whom it says it is for."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# What `AdminSite.admin_view` leaves around a view: the check of may_open_admin.
_ADMIN_WRAPPERS = {
    "AdminSite.admin_view.<locals>.inner",
    "AdminSite.get_urls.<locals>.wrap.<locals>.wrapper",
    "ModelAdmin.get_urls.<locals>.wrap.<locals>.wrapper",
}

# `<int:pk>` and `(?P<key>.+)` in a pattern.
_PARAMETER = re.compile(r"\(\?P<\w+>[^()]*\)|<[^>]+>")

PUBLIC, SIGNED_IN, ADMIN = frozenset({"public"}), frozenset({"signed_in"}), frozenset({"admin"})

# Views that others wrote declare nothing: here is whom each is for.
THIRD_PARTY: dict[str, frozenset[str]] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_confirm_password_reset_code": PUBLIC,
    "account_complete_password_reset": PUBLIC,
    "account_password_reset_completed": PUBLIC,
    "account_request_login_code": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": PUBLIC,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    # allauth's older addresses of the same pages
    "account/social/login/cancelled/": PUBLIC,
    "account/social/login/error/": PUBLIC,
    "account/social/signup/": PUBLIC,
    "account/social/connections/": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "socialaccount_connections": SIGNED_IN,
    # Django's own, outside admin_view
    "admin:login": PUBLIC,
}


@dataclass(frozen=True)
class Route:
    """One address: its name (its pattern where it has none), its pattern and its view."""

    name: str
    pattern: str
    view: Callable[..., Any]
    converters: tuple[tuple[str, str], ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.converters)

    def with_values(self, values: Iterable[str]) -> str:
        """The address with these texts for its parameters, in order, as they are."""
        waiting = iter(values)
        filled = _PARAMETER.sub(lambda _: next(waiting), self.pattern)
        return "/" + re.sub(r"[\^$\\]", "", filled)

    @property
    def audience(self) -> frozenset[str] | None:
        """Whom the view says it is for; None for a view that does not say."""
        declared = getattr(self.view, "audience", None)
        if declared is not None:
            return frozenset(str(who) for who in declared)
        if self.name in THIRD_PARTY:
            return THIRD_PARTY[self.name]
        if any(code in _ADMIN_WRAPPERS for code in _layers(self.view)):
            return ADMIN
        return None


def walk(urlconf: Any = None) -> list[Route]:
    """Every route below a URL configuration (the portal's when none is given)."""
    return list(_walk(get_resolver(urlconf), "", (), ()))


def _walk(
    resolver: URLResolver,
    before: str,
    names: tuple[str, ...],
    converters: tuple[tuple[str, str], ...],
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        mine = (*converters, *_converters(entry))
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from _walk(entry, pattern, inner, mine)
        elif isinstance(entry, URLPattern):
            name = ":".join((*names, entry.name)) if entry.name else pattern
            yield Route(name, pattern, entry.callback, mine)


def _converters(entry: URLPattern | URLResolver) -> tuple[tuple[str, str], ...]:
    known = entry.pattern.converters
    if known:
        return tuple((name, type(converter).__name__) for name, converter in known.items())
    return tuple((name, "regex") for name in entry.pattern.regex.groupindex)


def _layers(view: Callable[..., Any]) -> Iterator[str]:
    """Where each function around and inside `view` was written."""
    waiting, seen = [view], set()
    while waiting:
        function = waiting.pop()
        if id(function) in seen or not isinstance(function, FunctionType):
            continue
        seen.add(id(function))
        yield function.__code__.co_qualname
        waiting += [cell.cell_contents for cell in function.__closure__ or () if _full(cell)]


def _full(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - an empty cell raises
    except ValueError:
        return False
    return True
