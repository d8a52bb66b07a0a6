"""What happens to every request: unreadable ones refused, sessions bounded, writes attributed.

In the order of settings.MIDDLEWARE: RefuseUnreadable, RequestLog, SessionLimits, SecondFactor,
KeptForms, Audit.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pghistory.middleware
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect
from django_structlog.middlewares import RequestMiddleware

from accounts import rules, second_factor
from accounts.services.unsent import is_kept, keep_unsent, let_go, unsent_for, unsent_paths
from accounts.sessions import BEGAN_AT

GetResponse = Callable[[HttpRequest], HttpResponse]


def _route(request: HttpRequest) -> str:
    """The pattern that an address fits. Not the address: it may carry a secret or a name."""
    if not hasattr(request, "route"):  # asked for by the log, twice, and by the audit
        try:
            request.route = str(resolve(request.path_info).route)  # type: ignore[attr-defined]
        except Resolver404:
            request.route = "(no such page)"  # type: ignore[attr-defined]
    return str(request.route)  # type: ignore[attr-defined]


# --- Bytes that no page of ours sends ------------------------------------------------------------

_UNREADABLE = "We could not read what your browser sent. Go back, reload the page and try again."
_TOO_BIG = "What was sent is too big. Choose a smaller file or write less, and try again."
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_BROKEN_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def _plain(sentence: str, status: int) -> HttpResponse:
    # No template: whatever cannot be read must not be able to spoil the answer.
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _is_text(raw: bytes) -> bool:
    if b"\0" in raw:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_encoded_text(raw: bytes) -> bool:
    return not _BROKEN_PERCENT.search(raw) and _is_text(unquote_to_bytes(raw.replace(b"+", b" ")))


class RefuseUnreadable:
    """Answer 400 to bytes that no page of ours could have sent, and 413 to too many of them.

    A NUL reaches PostgreSQL as an error, a lone surrogate cannot be encoded, and a form in a
    charset other than UTF-8 makes Django's own refusal fail again inside the CSRF check. A body
    of files is judged once it is parsed, never held in memory whole.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._refusal(request) or self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.content_type not in _FORMS:
            return None
        try:
            fields, files = request.POST, request.FILES
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return _plain(_TOO_BIG, 413)
        except (MultiPartParserError, UnreadablePostError):
            return _plain(_UNREADABLE, 400)
        if request.content_type != "multipart/form-data":
            return None
        # Django puts U+FFFD in the place of bytes that are no UTF-8.
        said = [*fields, *(value for values in fields.lists() for value in values[1]), *files]
        said += [file.name or "" for _, found in files.lists() for file in found]
        if any("\0" in text or "\ufffd" in text for text in said):
            return _plain(_UNREADABLE, 400)
        return None

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse | None:
        charset = (request.content_params or {}).get("charset", "utf-8")
        query = request.META.get("QUERY_STRING", "").encode("utf-8", "surrogateescape")
        # Django leaves percent signs where a path's bytes are no UTF-8; no address of ours has any.
        path = request.path_info
        if (
            charset.lower().replace("_", "-") not in {"utf-8", "utf8"}
            or not _is_encoded_text(query)
            or "\0" in path
            or "%" in path
        ):
            return _plain(_UNREADABLE, 400)
        if not _content_length(request):
            return None
        if request.content_type not in _FORMS:
            return _plain(_UNREADABLE, 400)
        if request.content_type == "application/x-www-form-urlencoded":
            try:
                body = request.body
            except RequestDataTooBig:
                return _plain(_TOO_BIG, 413)
            except UnreadablePostError:
                return _plain(_UNREADABLE, 400)
            if not _is_encoded_text(body):
                return _plain(_UNREADABLE, 400)
        return None


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class RequestLog(RequestMiddleware):
    """django-structlog's lines, with the route in the place of the address."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {_route(request)}"


# --- Sessions ------------------------------------------------------------------------------------

SEEN_AT = "seen_at"
ENDED_OWNER = "ended_owner"
UNSENT = "unsent"
# Written at most twice a minute: a page that polls must not write a row a second.
GRAIN_SECONDS = 30


class SessionLimits:
    """End a session that was left alone too long or is twelve hours old, and keep what was typed.

    An ended session becomes an empty one that remembers whose it was, so that a form sent from
    another tab is kept as well. Keeping and sending away come after the CSRF check.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        request.ended_owner = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            request.ended_owner = request.session.get(ENDED_OWNER)  # type: ignore[attr-defined]
        elif self._is_over(request, now):
            self._end(request)
        else:
            self._go_on(request, now)
        response = self.get_response(request)
        if request.user.is_authenticated:
            # A shared computer's Back button must show nothing of who sat there before.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        owner = request.ended_owner  # type: ignore[attr-defined]
        if owner is None or not getattr(view, "login_required", True):
            return None
        if request.method == "POST" and is_kept(request.resolver_match):
            keep_unsent(request=request, owner=owner, now=timezone.now())
        return _away(request, reverse(settings.LOGIN_URL), ended="1")

    @staticmethod
    def _is_over(request: HttpRequest, now: datetime) -> bool:
        began, seen = request.session.get(BEGAN_AT), request.session.get(SEEN_AT)
        if began is None or seen is None:
            return False
        # What was not written for up to a grain may still have happened.
        idle = now.timestamp() - seen - GRAIN_SECONDS
        whole = now.timestamp() - began
        return bool(idle > rules.idle_seconds(request.user) or whole > settings.SESSION_COOKIE_AGE)

    @staticmethod
    def _end(request: HttpRequest) -> None:
        owner = request.user.pk
        request.session.flush()
        request.session[ENDED_OWNER] = owner
        request.ended_owner = owner  # type: ignore[attr-defined]
        request.user = AnonymousUser()

    @staticmethod
    def _go_on(request: HttpRequest, now: datetime) -> None:
        if BEGAN_AT not in request.session:
            request.session[BEGAN_AT] = now.timestamp()
            request.session.pop(ENDED_OWNER, None)
            request.session[UNSENT] = unsent_paths(user=request.user, now=now)
        seen = request.session.get(SEEN_AT)
        if seen is None or now.timestamp() - seen > GRAIN_SECONDS:
            request.session[SEEN_AT] = now.timestamp()


def _away(request: HttpRequest, target: str, **extra: str) -> HttpResponse:
    """Send somebody to `target` and from there back to where they are."""
    htmx = getattr(request, "htmx", None)
    back = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path()
    pairs = [f"{name}={value}" for name, value in extra.items()]
    address = f"{target}?{'&'.join([*pairs, 'next=' + quote(back)])}"
    # htmx would put the sign-in page into a corner of the page.
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


class SecondFactor:
    """Whoever sees other people's data passes a second factor before anything else."""

    ALWAYS = frozenset({"account_logout", "accounts:extend_session", "healthz"})
    SETTING_UP = frozenset(
        {
            "accounts:second_factor",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "account_reauthenticate",
        }
    )
    PASSING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if (
            not request.user.is_authenticated
            or not rules.needs_second_factor(request.user)
            or second_factor.passed(request)
        ):
            return None
        here = request.resolver_match.view_name if request.resolver_match else ""
        # Somebody who has a factor must show it: setting up another would go round it.
        has_one = second_factor.is_set_up(request.user)
        if here in self.ALWAYS | (self.PASSING if has_one else self.SETTING_UP):
            return None
        return _away(
            request, reverse("mfa_reauthenticate" if has_one else "accounts:second_factor")
        )


class KeptForms:
    """Show what was kept of a form when its session ended, at the form's own address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400 and self._waits_here(request):
            forget_unsent(request, request.get_full_path())
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "GET" or not self._waits_here(request):
            return None
        kept = unsent_for(user=request.user, path=request.get_full_path(), now=timezone.now())
        if kept is None:
            forget_unsent(request, request.get_full_path())
            return None
        return render(request, "accounts/unsent.html", {"kept": kept})

    @staticmethod
    def _waits_here(request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.get_full_path() in request.session.get(
            UNSENT, ()
        )


def forget_unsent(request: HttpRequest, path: str) -> None:
    """Let what was kept at `path` go, in the database and in this session."""
    let_go(user=request.user, path=path)
    request.session[UNSENT] = [p for p in request.session.get(UNSENT, ()) if p != path]


# --- Who wrote -----------------------------------------------------------------------------------


class Audit(pghistory.middleware.HistoryMiddleware):
    """Say in the audit who wrote and by which route."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        user = request.user.pk if request.user.is_authenticated else None
        return {"user": user, "route": _route(request)}
