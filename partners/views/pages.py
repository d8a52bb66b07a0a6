"""What the pages of this app share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.current import current_programme
from accounts.models import User
from nhsuk.forms import NhsukForm
from partners.models import Partner
from partners.services.refusal import Refusal

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def signed_in(request: HttpRequest) -> User:
    """Who asks; a page that asks for this has an audience, so somebody does."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def own_partner(request: HttpRequest, *together_with: str) -> Partner:
    """One's own partner row in the programme whose pages are open, or a 404.

    together_with: rows beside it that the page shows, read in the same query.
    """
    user = signed_in(request)
    programme = current_programme(user, request.session)
    rows = Partner.objects.visible_to(user).select_related("programme", *together_with)
    found = rows.own(user, programme)
    if found is None:
        raise Http404
    return found


def saved(form: NhsukForm, save: Callable[[], Any]) -> Any:
    """What `save` gave; where the service refuses, its sentence stands beside the field."""
    try:
        return save() or True
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def saved_or_told(request: HttpRequest, save: Callable[[], Any]) -> Any:
    """What `save` of a button gave; where the service refuses, its sentence heads the next page."""
    try:
        return save() or True
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return None


def form_page(
    request: HttpRequest, form: NhsukForm, title: str, back: str, **context: Any
) -> HttpResponse:
    """A page that asks for one thing."""
    values = {"title": title, "form": form, "back_url": back, "cancel_url": back}
    return render(request, "partners/form.html", {**values, **context})
