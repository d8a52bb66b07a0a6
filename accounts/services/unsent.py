"""What somebody typed is not lost when their session ends meanwhile."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import UnsentForm, User

KEPT_FOR = timedelta(days=1)
_SECRETS = frozenset({"csrfmiddlewaretoken", "code", "credential", "token", "secret"})
_LONGEST = 200_000


def is_kept(match: ResolverMatch | None) -> bool:
    """Forms of signing in are not worth keeping, and hold secrets."""
    return match is not None and not (match.view_name or "").startswith(
        ("account_", "mfa_", "socialaccount_", "openid_connect_", "accounts:extend_session")
    )


def keep_unsent(*, request: HttpRequest, owner: int, now: datetime) -> UnsentForm | None:
    """Keep the form that `request` carries for the user of id `owner`, for a day.

    Secrets and files are not kept. Returns None when there is nothing to keep, or too much.
    """
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in _SECRETS and "password" not in name.lower()
    }
    path = request.get_full_path()
    size = sum(len(value) for values in fields.values() for value in values)
    if not fields or size > _LONGEST or len(path) > 500:
        return None
    if not User.objects.filter(pk=owner, is_active=True).exists():
        return None
    kept, _ = UnsentForm.objects.update_or_create(
        user_id=owner,
        path=path,
        defaults={
            "page": _page_of(request),
            "fields": fields,
            "had_files": bool(request.FILES),
            "kept_at": now,
        },
    )
    return kept


def _page_of(request: HttpRequest) -> str:
    """The page that the form stood on, when the browser says so and it is ours."""
    said = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return ""
    parts = urlsplit(said)
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return page if len(page) <= 500 and page.startswith("/") and "\0" not in page else ""


def unsent_paths(*, user: User, now: datetime) -> list[str]:
    """The addresses at which something of `user`'s was kept."""
    kept = UnsentForm.objects.filter(user=user, kept_at__gte=now - KEPT_FOR)
    return list(kept.order_by("path").values_list("path", flat=True))


def unsent_for(*, user: User, path: str, now: datetime) -> UnsentForm | None:
    """What was kept of `user`'s form at `path`, if anything."""
    return UnsentForm.objects.filter(user=user, path=path, kept_at__gte=now - KEPT_FOR).first()


def let_go(*, user: User, path: str) -> None:
    """Forget what was kept of `user`'s form at `path`."""
    UnsentForm.objects.filter(user=user, path=path).delete()
