"""Meetings: what is to be confirmed first, and a meeting's page."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments import rules
from assignments.admin.attendance import SaysWhoWasThere, attendances_of
from assignments.admin.base import ArrangingAdmin, events_of
from assignments.admin.meeting_changes import ChangesMeetings
from assignments.admin.papers import KeepsPapers
from assignments.models import Meeting, WorkGroup
from assignments.rules.repeating import in_words
from partners.services.profile import to_do_for

# How the history calls what leaves the state as it is.
_AGAIN = {
    Meeting.Status.PLANNED: "Moved",
    Meeting.Status.HELD: "Put right",
    Meeting.Status.CANCELLED: "Put right",
}


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
class MeetingAdmin(ChangesMeetings, SaysWhoWasThere, KeepsPapers, ArrangingAdmin):
    """Every meeting; planned ones first."""

    list_display = ("named", "day_and_hours", "work_group", "state")
    list_filter = (ShowFilter, WhenFilter)
    list_select_related = ("work_group",)
    found_with = ("programme", "work_group", "series")
    search_fields = ("work_group__name", "title")
    search_help_text = "Search by the group’s name or the title"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word stands in the group's name, or every word in the title."""
        if not search_term.split():
            return queryset, False
        return queryset.called(search_term, WorkGroup.objects.visible_to(request.user)), False

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
            path(address, self.page(getattr(self, name)), name=f"assignments_meeting_{name}")
            for name, address in (
                ("confirm", "<int:pk>/confirm/"),
                ("correct", "<int:pk>/correct/<int:attendance>/"),
                ("edit", "<int:pk>/edit/"),
                ("move", "<int:pk>/move/"),
                ("cancel", "<int:pk>/cancel/"),
                ("paper", "<int:pk>/papers/add/"),
                ("remove_paper", "<int:pk>/papers/<int:paper>/remove/"),
            )
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        """A meeting's page: facts, answers or outcomes, history, and what can be done."""
        rows = attendances_of(request, meeting)
        coming = [row.partner for row in rows if rules.was_expected(row)]
        return self.show(
            request,
            "meeting",
            title=str(meeting),
            meeting=meeting,
            attendances=rows,
            to_do=to_do_for(coming) if meeting.status == Meeting.Status.PLANNED else [],
            may_confirm=rules.may_confirm(request.user, meeting, timezone.now()),
            may_arrange=rules.may_arrange(request.user, meeting),
            may_correct=rules.may_correct(request.user, meeting),
            may_add_papers=rules.may_add_papers(request.user, meeting),
            papers=meeting.papers.visible_to(request.user).select_related("file", "added_by"),
            repeats=in_words(meeting.series.rule) if meeting.series else "",
            events=events_of(meeting, again=_AGAIN),
        )


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
