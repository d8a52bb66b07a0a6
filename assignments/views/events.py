"""Open events, for anybody: the public page, and the page behind the link of a letter.

Nobody signs in here. What a stranger types is answered alike whether we know the address or not.
"""

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import PUBLIC, audience
from assignments.forms.events import RegisterForm
from assignments.models import EventPage, Registration
from assignments.rules.events import Standing, is_ahead, kept_until, places_left, standing
from assignments.services import calendars, events, registrations
from assignments.services.registrations import RegistrationOverError
from partners.services.refusal import Refusal
from partners.views.pages import get_or_post, saved

TOO_MANY = (
    "There were too many tries. Wait an hour and try again, or ask us to register you. Nothing "
    "else is wrong."
)


@never_cache
@get_or_post
@audience(PUBLIC)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """What the event is, and the form to ask for a place while there is one to ask for."""
    now = timezone.now()
    page = _page(slug)
    how = standing(page, now)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid() and how == Standing.OPEN:
        facts = form.cleaned_data
        if not ratelimit.consume(
            request,
            action="event_registration",
            key=f"{page.pk}:{facts['email'].strip().lower()}",
        ):
            form.add_error(None, TOO_MANY)
            status = 429
        elif saved(form, lambda: registrations.register(page=page, now=now, **facts)):
            return redirect("assignments:event_asked", page.slug)
    return render(
        request,
        "assignments/events/event.html",
        {
            **_told(page),
            "form": form if how == Standing.OPEN else None,
            "row": None,
            "standing": how,
            "left": places_left(registrations.free_places(page)),
            "kept_until": kept_until(page.meeting),
        },
        status=status,
    )


@require_GET
@audience(PUBLIC)
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """Look into your letters: the same for everybody who asked."""
    return render(request, "assignments/events/asked.html", _told(_page(slug)))


@never_cache
@get_or_post
@audience(PUBLIC)
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of a letter: confirm, or see what one has."""
    now = timezone.now()
    refusal = ""
    try:
        if request.method == "POST":
            try:
                registrations.confirm(token=token, now=now)
            except Refusal as error:
                refusal = str(error)
            else:
                return redirect("assignments:registration", token)
        row = registrations.registered(token=token, now=now)
    except RegistrationOverError:
        return _over(request)
    return render(
        request,
        "assignments/events/registration.html",
        {**_of(row, token), "refusal": refusal, "is_ahead": is_ahead(row.page.meeting, now)},
    )


@never_cache
@get_or_post
@audience(PUBLIC)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the place back."""
    now = timezone.now()
    refusal = ""
    try:
        row = registrations.registered(token=token, now=now)
        if request.method == "POST":
            try:
                row = registrations.cancel(token=token, now=now)
            except Refusal as error:
                refusal = str(error)
            else:
                return render(request, "assignments/events/cancelled.html", _told(row.page))
    except RegistrationOverError:
        return _over(request)
    return render(
        request,
        "assignments/events/cancel.html",
        {**_of(row, token), "refusal": refusal},
    )


@never_cache
@require_GET
@audience(PUBLIC)
def entry(request: HttpRequest, token: str) -> HttpResponse:
    """The event for one's calendar."""
    try:
        row = registrations.registered(token=token, now=timezone.now())
    except RegistrationOverError:
        return _over(request)
    if row.seat is None:
        return _over(request)
    read_at = reverse("assignments:event", args=[row.page.slug])
    return HttpResponse(
        calendars.entry([row.page.meeting], page=read_at),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{row.page.slug}.ics"'},
    )


def _page(slug: str) -> EventPage:
    page = events.page_called(slug)
    if page is None:
        raise Http404
    return page


def _told(page: EventPage) -> dict[str, Any]:
    programme = page.meeting.programme
    return {"title": str(page), "page": page, "meeting": page.meeting, "programme": programme}


def _of(row: Registration, token: str) -> dict[str, Any]:
    kept = kept_until(row.page.meeting)
    return {**_told(row.page), "row": row, "token": token, "kept_until": kept}


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "assignments/events/over.html", status=404)
