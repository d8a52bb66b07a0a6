"""Meetings: what is to be confirmed first, a meeting's page, and all that is done to one."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments import rules, services
from assignments.admin.base import ArrangingAdmin, events_of
from assignments.forms import (
    CancelMeetingForm,
    DetailsOfMeetingForm,
    OutcomeForm,
    TimeOfMeetingForm,
)
from assignments.models import Attendance, Meeting
from partners.services.profile import to_do_for
from workflow.transitions import IllegalMoveError


class ShowFilter(admin.SimpleListFilter):
    """Planned meetings unless asked for others: those to confirm come first by themselves."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("confirm", "To confirm"), ("held", "Held"), ("cancelled", "Cancelled")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Planned, to confirm first"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Meeting]:
        if self.value() == "confirm":
            return queryset.to_confirm(timezone.now())
        if self.value() in {Meeting.Status.HELD, Meeting.Status.CANCELLED}:
            return queryset.filter(status=self.value())
        return queryset.planned()


class WhenFilter(admin.SimpleListFilter):
    """Meetings of a week or a month, in London's days."""

    title = "day"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("last30", "The last 30 days"),
            ("today", "Today"),
            ("next7", "The next 7 days"),
            ("next30", "The next 30 days"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Meeting]:
        today = timezone.localdate()
        spans = {"last30": (-30, 0), "today": (0, 0), "next7": (0, 6), "next30": (0, 29)}
        if self.value() not in spans:
            return queryset
        first, last = (today + timedelta(days=days) for days in spans[str(self.value())])
        return queryset.on_days(first, last)


@admin.register(Meeting)
class MeetingAdmin(ArrangingAdmin):
    """Every meeting; planned ones first."""

    list_display = ("named", "day_and_hours", "work_group", "state")
    list_filter = (ShowFilter, WhenFilter)
    list_select_related = ("work_group",)
    found_with = ("programme", "work_group")
    search_fields = ("work_group__name", "title")
    search_help_text = "Search by the group’s name or the title"

    @admin.display(description="meeting")
    def named(self, meeting: Meeting) -> str:
        return str(meeting)

    @admin.display(description="when", ordering="starts_at")
    def day_and_hours(self, meeting: Meeting) -> str:
        return meeting.when

    @admin.display(description="state")
    def state(self, meeting: Meeting) -> str:
        if meeting.status == Meeting.Status.PLANNED and meeting.ends_at <= timezone.now():
            return "To confirm"
        return str(meeting.get_status_display())

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        if request.GET.get("show") in {Meeting.Status.HELD, Meeting.Status.CANCELLED}:
            return ("-starts_at", "-pk")
        return ("starts_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.page(getattr(self, name)),
                name=f"assignments_meeting_{name}",
            )
            for name in ("confirm", "edit", "move", "cancel")
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """A meeting's page: facts, answers or outcomes, history, and what can be done."""
        rows = _attendances(request, meeting)
        coming = [row.partner for row in rows if row.plan != Attendance.Plan.NOT_THIS_TIME]
        return self.show(
            request,
            "meeting",
            title=str(meeting),
            meeting=meeting,
            attendances=rows,
            to_do=to_do_for(coming) if meeting.status == Meeting.Status.PLANNED else [],
            may_confirm=rules.may_confirm(request.user, meeting, timezone.now()),
            may_arrange=rules.may_arrange(request.user, meeting),
            events=events_of(meeting),
        )

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
        rows = _attendances(request, meeting)
        all_there = "all_there" in request.POST
        data = request.POST if request.method == "POST" and not all_there else None
        forms = [OutcomeForm(data, attendance=row) for row in rows]
        refusal = ""
        checked = [form.is_valid() for form in forms]  # all of them, to tell every mistake
        if request.method == "POST" and (all_there or all(checked)):
            outcomes = {
                form.attendance.pk: (str(form.initial["outcome"]), None) if all_there else form.said
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
            others=[row for row in rows if not rules.was_expected(row)],
            wrong=any(form.is_bound and form.errors for form in forms),
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is told of a planned meeting."""
        meeting = self._to_arrange(request, pk)
        initial = {name: getattr(meeting, name) for name in DetailsOfMeetingForm.base_fields}
        form = DetailsOfMeetingForm(_posted(request), initial=initial)
        return self._ask(
            request,
            meeting,
            form,
            f"Change {meeting}",
            lambda: services.change_meeting(
                meeting=meeting, by=request.user, now=timezone.now(), **form.facts
            ),
            "Saved.",
        )

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a planned meeting."""
        meeting = self._to_arrange(request, pk)
        form = TimeOfMeetingForm(_posted(request), initial=TimeOfMeetingForm.times_of(meeting))
        return self._ask(
            request,
            meeting,
            form,
            f"Move {meeting}",
            lambda: services.move_meeting(
                meeting=meeting,
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                by=request.user,
                now=timezone.now(),
            ),
            "The meeting is moved. Everybody with an e-mail address is told and asked again.",
        )

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel a planned meeting."""
        meeting = self._to_arrange(request, pk)
        form = CancelMeetingForm(_posted(request))
        return self._ask(
            request,
            meeting,
            form,
            f"Cancel {meeting}",
            lambda: services.cancel_meeting(
                meeting=meeting,
                why=form.cleaned_data["why"],
                by=request.user,
                now=timezone.now(),
            ),
            "The meeting is cancelled. Whoever was expected and has an e-mail address is told.",
        )

    def _to_arrange(self, request: HttpRequest, pk: int) -> Meeting:
        meeting: Meeting = self.found(request, pk)
        if not rules.may_arrange(request.user, meeting):
            raise PermissionDenied
        return meeting

    def _ask(
        self, request: HttpRequest, meeting: Meeting, form: Any, title: str, do: Any, done: str
    ) -> HttpResponse:
        if form.is_valid():
            try:
                do()
            except (services.MeetingError, IllegalMoveError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, done)
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "form",
            title=title,
            form=form,
            crumbs=[(f"{meeting}, {meeting.when}", "admin:assignments_meeting_change", meeting.pk)],
        )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _attendances(request: HttpRequest, meeting: Meeting) -> list[Attendance]:
    rows = list(
        Attendance.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .select_related("partner", "confirmed_by")
        .order_by("partner__sort_key", "pk")
    )
    for row in rows:
        row.meeting = meeting
    return rows


def _why_not(meeting: Meeting) -> str:
    if meeting.status == Meeting.Status.HELD:
        return "This meeting is confirmed already."
    if meeting.status == Meeting.Status.CANCELLED:
        return "This meeting was cancelled, so nobody was there."
    return "This meeting is not over yet. Confirm it afterwards."


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Meetings that are over and wait for somebody to say who was there."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    found = Meeting.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=found.to_confirm(timezone.now()),
            one="meeting to confirm",
            many="meetings to confirm",
            always=True,
            url=f"{reverse('admin:assignments_meeting_changelist')}?show=confirm",
            sentence="Partners see it in their portfolio, and can claim, when you have.",
        )
    ]
