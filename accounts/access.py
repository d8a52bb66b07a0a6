"""Who a page is for. Every view of ours says so; a test finds the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.querysets import programmes_of

PUBLIC = "public"
SIGNED_IN = "signed_in"

View = Callable[..., HttpResponseBase]


def audience(*who: str) -> Callable[[View], View]:
    """Declare, and see to it, that a view is for `who`.

    `who` is PUBLIC alone, SIGNED_IN alone, or roles: somebody who holds one of them in any
    programme passes, others get a 403. Which rows they see is `visible_to`'s matter.
    """
    if not who:
        raise ValueError("Say who the page is for.")

    def decorate(view: View) -> View:
        if who == (PUBLIC,):
            wrapped: Any = login_not_required(view)
        elif who == (SIGNED_IN,):
            wrapped = view
        else:

            @wraps(view)
            def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if not programmes_of(request.user, *who):
                    raise PermissionDenied
                return view(request, *args, **kwargs)

        wrapped.audience = frozenset(who)
        return wrapped

    return decorate
