from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role


@require_GET
@audience(Role.PARTNER)
def diary(request: HttpRequest) -> HttpResponse:
    return render(request, "assignments/diary.html")
