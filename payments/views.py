from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role


@require_GET
@audience(Role.PARTNER)
def money(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/money.html")
