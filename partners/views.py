"""A partner's profile and portfolio."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role


@require_GET
@audience(Role.PARTNER)
def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/profile.html")


@require_GET
@audience(Role.PARTNER)
def portfolio(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/portfolio.html")
