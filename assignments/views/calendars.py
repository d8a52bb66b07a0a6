"""A person's diary in their own calendar: the feed, and the page that keeps its address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import condition, require_GET, require_POST, require_safe

from accounts.access import PUBLIC, SIGNED_IN, audience
from assignments.models import CalendarFeed
from assignments.services import calendars

_TYPE = "text/calendar; charset=utf-8"


def _etag(request: HttpRequest, pk: int, token: str) -> str | None:
    feed = calendars.opened(pk=pk, token=token)
    request.feed = feed  # type: ignore[attr-defined]
    return f'"{calendars.state_of(feed, timezone.now())}"' if feed else None


@require_safe
@audience(PUBLIC)
@condition(etag_func=_etag)
def feed(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The feed, to a calendar program: no sign-in, the address is the secret."""
    found = request.feed  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    response = HttpResponse(calendars.feed_of(found, timezone.now()), content_type=_TYPE)
    response["Content-Disposition"] = 'attachment; filename="diary.ics"'
    # Asked for again each time, and answered by 304 where nothing has changed.
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
@audience(SIGNED_IN)
def calendar(request: HttpRequest) -> HttpResponse:
    """How to have one's diary in one's own calendar, and the address once it is made."""
    found = CalendarFeed.objects.visible_to(request.user).first()
    address = calendars.address_of(found) if found else ""
    return render(
        request,
        "assignments/calendar.html",
        {
            "title": "Your calendar",
            "feed": found,
            "address": address,
            # Most calendar programs take this one by themselves when it is pressed.
            "subscribe": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        },
    )


@require_POST
@audience(SIGNED_IN)
def open_calendar(request: HttpRequest) -> HttpResponse:
    """Make the address."""
    calendars.open_feed(user=request.user, by=request.user, now=timezone.now())
    messages.success(request, "Your calendar address is ready.")
    return redirect("assignments:calendar")


@require_POST
@audience(SIGNED_IN)
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Make another address; the one before stops."""
    calendars.renew(user=request.user, by=request.user, now=timezone.now())
    messages.success(request, "This is your new address. The old one has stopped working.")
    return redirect("assignments:calendar")


@require_POST
@audience(SIGNED_IN)
def close_calendar(request: HttpRequest) -> HttpResponse:
    """Close the feed."""
    if calendars.close(user=request.user, by=request.user, now=timezone.now()):
        messages.success(request, "The address has stopped working. Your diary here is unchanged.")
    return redirect("assignments:calendar")
