"""What somebody typed is not lost when their session ends meanwhile."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from accounts.models import UnsentForm, User

KEPT_FOR = timedelta(days=1)
_NEVER_KEPT = ("csrfmiddlewaretoken", "password", "code", "credential")
_LONGEST = 200_000


def keep_unsent(*, request: HttpRequest, now: datetime) -> None:
    """Keep the form that `request` carries for its owner; secrets and files are not kept."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if not any(part in name.lower() for part in _NEVER_KEPT)
    }
    if not fields or sum(len(v) for values in fields.values() for v in values) > _LONGEST:
        return
    UnsentForm.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
    UnsentForm.objects.update_or_create(
        user_id=request.user.pk,
        path=request.get_full_path()[:500],
        defaults={"fields": fields, "had_files": bool(request.FILES), "kept_at": now},
    )


def unsent_for(*, user: User, path: str, now: datetime) -> UnsentForm | None:
    """What was kept of `user`'s form at `path`, if anything."""
    return UnsentForm.objects.filter(
        user=user, path=path[:500], kept_at__gte=now - KEPT_FOR
    ).first()


def let_go(*, user: User, path: str) -> None:
    """Forget what was kept of `user`'s form at `path`."""
    UnsentForm.objects.filter(user=user, path=path[:500]).delete()
