"""What happens to every request: unreadable ones refused, sessions bounded, writes attributed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import pghistory.middleware
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts import rules
from accounts.services.unsent import keep_unsent

GetResponse = Callable[[HttpRequest], HttpResponse]

_UNREADABLE = (
    "We could not read what your browser sent. Go back, reload the page and try again."
)


class RefuseUnreadable:
    """Answer 400 to bytes that no page of ours could have sent.

    A NUL reaches PostgreSQL as an error, a lone surrogate cannot be encoded, and a form in a
    charset other than UTF-8 makes Django's own refusal fail again inside the CSRF check.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._readable(request):
            return HttpResponseBadRequest(_UNREADABLE, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    @staticmethod
    def _readable(request: HttpRequest) -> bool:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else ""
        if charset and charset.lower().replace("_", "-") not in {"utf-8", "utf8"}:
            return False
        raw = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        try:
            raw.decode("utf-8")
            request.path.encode("utf-8")
        except UnicodeError:
            return False
        if b"\0" in raw or "\0" in request.path or "\ufffd" in request.path:
            return False
        if request.content_type == "application/x-www-form-urlencoded":
            body = unquote_to_bytes(request.body.replace(b"+", b" "))
            try:
                body.decode("utf-8")
            except UnicodeError:
                return False
            return b"\0" not in body
        return True


class SessionLimits:
    """End a session that was left alone too long, and keep what was typed meanwhile.

    The twelve hours in all are SESSION_COOKIE_AGE; the idle time is told by role.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        seen = request.session.get("seen_at")
        limit = rules.idle_seconds(request.user)
        if seen is not None and now.timestamp() - seen > limit:
            return self._end(request, now)
        # Written at most twice a minute: a page that polls must not write a row a second.
        if seen is None or now.timestamp() - seen > 30:
            request.session["seen_at"] = now.timestamp()
        return self.get_response(request)

    @staticmethod
    def _end(request: HttpRequest, now: Any) -> HttpResponse:
        if request.method == "POST":
            keep_unsent(request=request, now=now)
        request.session.flush()
        target = f"{reverse(settings.LOGIN_URL)}?ended=1"
        if request.method in {"GET", "POST"}:
            target += f"&next={request.get_full_path()}"
        return redirect(target)


class SecondFactor:
    """Whoever sees other people's data sets up a second factor before anything else."""

    OPEN_PREFIXES = ("/account/", "/static/", "/healthz")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and not request.path.startswith(self.OPEN_PREFIXES)
            and rules.needs_second_factor(user)
            and not request.session.get("second_factor_set_up")
        ):
            if not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
            request.session["second_factor_set_up"] = True
        return self.get_response(request)


class Audit(pghistory.middleware.HistoryMiddleware):
    """Say in the audit who wrote and by which route. The route, not the address: an address may
    carry a secret."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        try:
            route = resolve(request.path_info).route
        except Resolver404:
            route = ""
        user = request.user.pk if request.user.is_authenticated else None
        return {"user": user, "route": route}
