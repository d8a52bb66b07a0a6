"""Sign-in and security, display, programmes, invitations."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PUBLIC, SIGNED_IN, audience


@require_GET
@audience(SIGNED_IN)
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/security.html")


@audience(SIGNED_IN)
def display(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/display.html")


@audience(SIGNED_IN)
def programmes(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/programmes.html")


@require_POST
@audience(SIGNED_IN)
def extend_session(request: HttpRequest) -> JsonResponse:
    request.session["seen_at"] = timezone.now().timestamp()
    return JsonResponse({"extended": True})


@audience(PUBLIC)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "accounts/invitation.html")
