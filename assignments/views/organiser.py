"""The meetings of the groups one leads: who is coming, and what to see to for them."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from assignments.filters import MeetingsLedFilter
from assignments.models import Attendance, Meeting, Paper
from assignments.rules.needs import WAS_THERE
from assignments.services.attendance import everybody_down_for
from nhsuk.pages import page_of
from partners.services.profile import to_do_for
from partners.views.pages import signed_in

PER_PAGE = 20
_COMING = (Attendance.Plan.COMING, Attendance.Plan.ONLINE)
# Anybody may lead a group, a partner too; but for finance.
_LEADS = (
    Role.PARTNER,
    Role.COORDINATOR,
    Role.CLINICAL_LEAD,
    Role.CLINICIAN,
    Role.PEER_OBSERVER,
    Role.STAFF,
)


@require_GET
@audience(*_LEADS)
def meetings_led(request: HttpRequest) -> HttpResponse:
    """The meetings one leads: what is coming, the next first; or what is past."""
    user = signed_in(request)
    mine = Meeting.objects.visible_to(user).organised_by(user).select_related("work_group")
    coming = Q(attendances__plan__in=_COMING) & ~Q(attendances__partner__status="left")
    chosen = MeetingsLedFilter(request.GET, mine, request=request)
    rows = chosen.qs.annotate(coming=Count("attendances", filter=coming))
    return render(
        request,
        "assignments/organiser/meetings.html",
        {
            "title": "Meetings you lead",
            "filter": chosen,
            "page": page_of(request, rows, PER_PAGE),
            "now": timezone.now(),
        },
    )


@require_GET
@audience(*_LEADS)
def meeting_led(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is coming and what to do for them, never why; afterwards who was there.

    Nothing about who said no, why somebody was not there, and what anybody said of it afterwards.
    """
    user = signed_in(request)
    mine = Meeting.objects.visible_to(user).organised_by(user)
    found = get_object_or_404(mine.select_related("work_group", "programme"), pk=pk)
    rows = everybody_down_for(found)
    is_planned = found.status == Meeting.Status.PLANNED
    coming = [row for row in rows if row.plan in _COMING] if is_planned else []
    silent = Attendance.Plan.UNANSWERED
    return render(
        request,
        "assignments/organiser/meeting.html",
        {
            "title": str(found),
            "meeting": found,
            "is_over": found.ends_at <= timezone.now(),
            "coming": coming,
            "silent": sum(row.plan == silent and not row.stands_in for row in rows),
            "were_there": [row for row in rows if row.outcome in WAS_THERE],
            "to_do": to_do_for(row.partner for row in coming),
            "papers": Paper.objects.visible_to(user).filter(meeting=found).select_related("file"),
        },
    )
