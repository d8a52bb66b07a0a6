"""The page of a work group."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from assignments.models import Assignment, Meeting, WorkGroup
from assignments.rules import organiser

NEXT_SHOWN = 5


@require_GET
@audience(
    Role.PARTNER,
    Role.COORDINATOR,
    Role.CLINICAL_LEAD,
    Role.CLINICIAN,
    Role.PEER_OBSERVER,
    Role.STAFF,
)
def work_group(request: HttpRequest, pk: int) -> HttpResponse:
    """What a group is for, who leads it, and one's own place in it; nobody else's."""
    group = get_object_or_404(
        WorkGroup.objects.visible_to(request.user).select_related("programme", "team"), pk=pk
    )
    coming = Meeting.objects.visible_to(request.user).filter(work_group=group)
    return render(
        request,
        "assignments/work_group.html",
        {
            "title": group.name,
            "group": group,
            "places": Assignment.objects.of(request.user).filter(work_group=group),
            "meetings": coming.ahead(timezone.now())[:NEXT_SHOWN],
            "leads": organiser.leads(request.user, group),
        },
    )
