"""What one asked for or proposed, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from assignments.models import Request
from assignments.rules import requests as rules
from assignments.services import requests as services
from assignments.services.opportunities import holders
from assignments.services.refusals import RequestError
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners.views.pages import get_or_post, signed_in

REQUESTS_PAGE = 20
WHO = (Role.PARTNER, *rules.ASKING)


@require_GET
@audience(*WHO)
def mine(request: HttpRequest) -> HttpResponse:
    """Everything one asked for or proposed, newest first."""
    user = signed_in(request)
    rows = Request.objects.visible_to(user).of(user).select_related("proposed_by")
    roles = {grant.role for grant in user.grants}
    return render(
        request,
        "assignments/requests/list.html",
        {
            "title": "Your requests for partners" if roles - {Role.PARTNER} else "Your proposals",
            "filter": None,
            "page": page_of(request, rows, REQUESTS_PAGE),
            "may_ask": bool(roles & set(rules.ASKING)),
            "may_propose": Role.PARTNER in roles,
        },
    )


@require_GET
@audience(*WHO)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, where it stands, who took a place, and what happened."""
    row = _request(request, pk)
    return render(
        request,
        "assignments/requests/request.html",
        {
            "title": row.title,
            "back_url": reverse("assignments:requests"),
            "asked": row,
            "may_take_back": rules.may_take_back(request.user, row),
            "in_place": _in_place(row),
            "events": [_event(line) for line in row.history.select_related("by").order_by("-pk")],
            "coordinates": rules.may_see_in_admin(request.user, row),
        },
    )


@require_GET
@audience(*WHO)
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """It has arrived, and this is what happens next."""
    row = _request(request, pk)
    title = "Your proposal is sent" if row.proposed_by_id else "Your request is sent"
    return render(request, "assignments/requests/sent.html", {"title": title, "asked": row})


@get_or_post
@audience(*WHO)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one asked for."""
    row = _request(request, pk)
    if not rules.is_askers(request.user, row):
        raise PermissionDenied
    back = reverse("assignments:request", args=[row.pk])
    if not rules.may_take_back(request.user, row):
        messages.info(request, "This has come to an end already, so nothing is to be taken back.")
        return redirect(back)
    if request.method == "POST":
        try:
            services.withdraw(request=row, by=signed_in(request), now=timezone.now())
        except RequestError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"“{row.title}” is taken back.")
        return redirect(back)
    published = row.status == Request.Status.PUBLISHED
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take back “{row.title}”?",
            "text": "Partners who said yes or maybe are told that it does not go ahead."
            if published
            else "Nobody will work on it any more. You can ask again at any time.",
            "form": None,
            "danger": True,
            "submit_text": "Take it back",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


def _request(request: HttpRequest, pk: int) -> Request:
    row: Request = get_object_or_404(
        Request.objects.visible_to(signed_in(request)).select_related(
            "programme", "team", "asked_by", "proposed_by", "opportunity__work_group"
        ),
        pk=pk,
    )
    return row


def _in_place(row: Request) -> list[str]:
    """The names of those who have a place, for staff who asked: of another partner's offer no
    partner hears here."""
    if row.proposed_by_id is not None or not hasattr(row, "opportunity"):
        return []
    return list(
        holders(row.opportunity).order_by("seat", "pk").values_list("partner__name", flat=True)
    )


_SAID = {
    Request.Status.ASKED: "This was sent by {who}",
    Request.Status.LOOKED_AT: "{who} began to look at it",
    Request.Status.PUBLISHED: "Partners were asked by {who}",
    Request.Status.DONE: "Partners are in place",
    Request.Status.REFUSED: "{who} answered: not this time",
    Request.Status.WITHDRAWN: "{who} took it back",
}


def _event(line: Any) -> Event:
    return Event(_SAID[line.to_status].format(who=line.by or "the portal"), line.at)
