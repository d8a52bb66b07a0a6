"""Home by role, the pages that say no, and the health check."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET

from accounts import rules
from accounts.access import PUBLIC, SIGNED_IN, audience
from accounts.current import current_programme
from assignments.models import Request
from partners.models import Concern, Partner
from pcp_portal.home import clinics_home, leaver_home, partner_home

REQUESTS_SHOWN = 3


@require_GET
@audience(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Lead each person to where their work waits."""
    programme = current_programme(request.user, request.session)
    partner = Partner.objects.visible_to(request.user).own(request.user, programme)
    if partner and partner.programme == programme:
        shown = partner_home(partner, request.user, timezone.now())
        return render(request, "home/partner.html", {"home": shown})
    if rules.may_open_admin(request.user):
        return redirect("admin:index")
    grants = (
        [grant for grant in request.user.grants if grant.programme_id == programme.pk]
        if (programme)
        else []
    )
    heard = Concern.objects.visible_to(request.user).filter(lead=request.user)
    open_concerns = heard.exclude(status=Concern.Status.CLOSED).count()
    left = None if partner else leaver_home(request.user, timezone.now())
    asked = Request.objects.visible_to(request.user).of(request.user).filter(programme=programme)
    context = {
        "grants": grants,
        "concerns": open_concerns,
        "left": left,
        "requests": asked[:REQUESTS_SHOWN] if grants else [],
        "clinics": clinics_home(request.user, programme, timezone.now()) if grants else None,
        "leads": request.user.groups_led.filter(programme=programme).exists(),
    }
    return render(request, "home/staff.html", context)


@require_GET
@audience(PUBLIC)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok"})


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """No database and no session here: something is broken."""
    return render(None, "500.html", status=500)
