"""A partner's diary and meetings."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from assignments import rules, services
from assignments.filters import DiaryFilter
from assignments.forms import AnswerForm
from assignments.models import Attendance, Meeting, Paper
from assignments.rules import organiser
from assignments.services import needs_answers, pacing
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import minutes as in_words

DIARY_PAGE = 20
_THANKS = {
    Attendance.Plan.COMING: "Thank you. We look forward to seeing you.",
    Attendance.Plan.ONLINE: "Thank you. We will see you online.",
    Attendance.Plan.NOT_THIS_TIME: "Thank you for telling us. We will miss you this time.",
}


@require_GET
@audience(Role.PARTNER)
def diary(request: HttpRequest) -> HttpResponse:
    """What is coming, then what is past, under the months."""
    rows = (
        Attendance.objects.of(request.user)
        .select_related("meeting__work_group")
        .diary(timezone.now())
    )
    chosen = DiaryFilter(request.GET, rows, request=request)
    page = page_of(request, chosen.qs, DIARY_PAGE)
    return render(
        request,
        "assignments/diary.html",
        {"title": "Diary", "filter": chosen, "page": page, "parts": _parts(page)},
    )


def _parts(rows: Any) -> list[dict[str, Any]]:
    """The rows of a page under "Coming" and "Past", and there under their months."""

    def month(row: Attendance) -> str:
        return date_format(timezone.localdate(row.meeting.starts_at), "F Y")

    return [
        {
            "heading": "Past" if is_past else "Coming",
            "months": [
                {"heading": name, "rows": list(found)} for name, found in groupby(part, month)
            ],
        }
        for is_past, part in groupby(rows, lambda row: row.is_past)
    ]


@require_GET
@audience(Role.PARTNER, Role.COORDINATOR)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, what it asks, who to ring, and one's own answer; nobody else's."""
    found = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("work_group", "programme"), pk=pk
    )
    mine = (
        Attendance.objects.of(request.user)
        .filter(meeting=found)
        .select_related("contribution", "partner")
        .first()
    )
    if mine is not None:
        mine.meeting = found
    now = timezone.now()
    may_answer = mine is not None and rules.answerable(mine, now)
    return render(
        request,
        "assignments/meeting.html",
        {
            "title": str(found),
            "meeting": found,
            "group": found.work_group,
            "attendance": mine,
            "may_answer": may_answer,
            "pace": pacing.meeting_pace(mine) if mine is not None and may_answer else None,
            "needs": needs_answers.told(mine, now) if mine is not None else None,
            "organises": organiser.organises(request.user, found),
            "is_over": found.ends_at <= now,
            "may_arrange": rules.may_arrange(request.user, found),
            "papers": Paper.objects.visible_to(request.user)
            .filter(meeting=found)
            .select_related("file"),
            "counts": _what_counts(mine),
        },
    )


def _what_counts(row: Attendance | None) -> str:
    """What was noted of somebody who was not there as planned, kindly and without a reason."""
    if row is None or row.outcome not in {
        Attendance.Outcome.UNWELL,
        Attendance.Outcome.CALLED_OFF,
    }:
        return ""
    time = f"{in_words(row.counted)} of your time count" if row.counted else ""
    if row.outcome == Attendance.Outcome.CALLED_OFF:
        return f"We cancelled late, and are sorry. {time or 'We noted it'}."
    return f"You could not come this time. {time or 'We hope to see you next time'}."


@require_POST
@audience(Role.PARTNER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether one comes to the meeting `pk`."""
    attendance = get_object_or_404(
        Attendance.objects.visible_to(request.user).select_related("partner"),
        meeting=pk,
        partner__user=request.user,
    )
    if not rules.may_answer(request.user, attendance):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether you are coming.")
        return redirect("assignments:meeting", pk)
    plan = form.cleaned_data["plan"]
    try:
        services.answer(attendance=attendance, plan=plan, by=request.user, now=timezone.now())
    except services.AnswerError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _THANKS[plan])
    return redirect("assignments:meeting", pk)
