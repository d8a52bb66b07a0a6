"""Who was there: said once for a whole meeting, and put right for one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from assignments import rules, services
from assignments.admin.base import ArrangingAdmin, posted
from assignments.forms import OutcomeForm
from assignments.models import Attendance, Meeting
from assignments.services import Said
from workflow.transitions import IllegalMoveError


class SaysWhoWasThere(ArrangingAdmin):
    """The pages on which is said who was there."""

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say who was there: all of them in one press, or each."""
        meeting = self.found(request, pk)
        if meeting.status == Meeting.Status.PLANNED and not rules.may_arrange(
            request.user, meeting
        ):
            raise PermissionDenied
        if not rules.may_confirm(request.user, meeting, timezone.now()):
            messages.warning(request, _why_not(meeting))
            return redirect("admin:assignments_meeting_change", meeting.pk)
        rows = attendances_of(request, meeting)
        all_there = "all_there" in request.POST
        data = request.POST if request.method == "POST" and not all_there else None
        forms = [OutcomeForm(data, attendance=row) for row in rows]
        refusal = ""
        checked = [form.is_valid() for form in forms]  # all of them, to tell every mistake
        if request.method == "POST" and (all_there or all(checked)):
            outcomes = {
                form.attendance.pk: Said(str(form.initial["outcome"])) if all_there else form.said
                for form in forms
            }
            try:
                services.confirm_meeting(
                    meeting=meeting, outcomes=outcomes, by=request.user, now=timezone.now()
                )
            except services.AlreadyConfirmedError as error:
                messages.warning(request, str(error))
                return redirect("admin:assignments_meeting_change", meeting.pk)
            except (services.MeetingError, IllegalMoveError) as error:
                refusal = str(error)
            else:
                messages.success(request, "Thank you. It is in the portfolio of who was there.")
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "confirm",
            title=f"Who was at {meeting}?",
            meeting=meeting,
            people=forms,
            refusal=refusal,
            expected=[row for row in rows if rules.was_expected(row)],
            others=[row for row in rows if not rules.was_expected(row) and not _only_asked(row)],
            wrong=any(form.is_bound and form.errors for form in forms),
        )

    def correct(self, request: HttpRequest, pk: int, attendance: int) -> HttpResponse:
        """Put right what was said of one person, and what counts."""
        meeting = self.found(request, pk)
        visible = Attendance.objects.visible_to(request.user).filter(meeting=meeting)
        row = get_object_or_404(visible.select_related("partner"), pk=attendance)
        row.meeting = meeting
        if not rules.may_correct(request.user, meeting):
            messages.warning(request, "Nobody has said who was there yet.")
            return redirect("admin:assignments_meeting_change", meeting.pk)
        form = OutcomeForm(posted(request), attendance=row)
        if form.is_valid():
            said = form.said
            try:
                services.correct(
                    attendance=row,
                    outcome=said.outcome,
                    minutes=said.minutes,
                    travel_minutes=said.travel_minutes,
                    by=request.user,
                    now=timezone.now(),
                )
            except (services.MeetingError, IllegalMoveError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Put right for {row.partner.name}.")
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "form",
            title=f"Put right what we noted of {row.partner.name}",
            form=form,
            note="The partner is told what counts now. Work that stands on a claim stays.",
            crumbs=[(f"{meeting}, {meeting.when}", "admin:assignments_meeting_change", meeting.pk)],
        )


def attendances_of(request: HttpRequest, meeting: Meeting) -> list[Attendance]:
    """Who is down for `meeting`, by their names."""
    rows = list(
        Attendance.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .select_related("partner", "confirmed_by")
        .order_by("partner__sort_key", "pk")
    )
    for row in rows:
        row.meeting = meeting
    return rows


def _only_asked(row: Attendance) -> bool:
    """Asked to stand in, and did not say yes: nothing is noted of them."""
    return row.stands_in and row.plan in {
        Attendance.Plan.UNANSWERED,
        Attendance.Plan.NOT_THIS_TIME,
    }


def _why_not(meeting: Meeting) -> str:
    if meeting.status == Meeting.Status.HELD:
        return "This meeting is confirmed already."
    if meeting.status == Meeting.Status.CANCELLED:
        return "This meeting was cancelled, so nobody was there."
    return "This meeting is not over yet. Confirm it afterwards."
