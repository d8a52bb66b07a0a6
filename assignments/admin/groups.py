"""Work groups: the list, a group's page, and giving places and planning meetings from there."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Programme, Role, Team
from accounts.querysets import programmes_of
from assignments import rules, services
from assignments.admin.base import ArrangingAdmin
from assignments.admin.coverage import coverage_page
from assignments.admin.series import RepeatsMeetings
from assignments.forms import PlaceForm, PlanMeetingForm, WorkGroupForm
from assignments.models import Assignment, Meeting, WorkGroup
from assignments.services import pacing
from assignments.services.groups import possible_leads
from nhsuk.pages import page_of
from partners.models import Partner
from partners.services.register import named

PLACES_SHOWN = 50
MEETINGS_SHOWN = 5
MATCHES_SHOWN = 20
MOST_WORDS = 5


@admin.register(WorkGroup)
class WorkGroupAdmin(RepeatsMeetings, ArrangingAdmin):
    """MDTs, projects, committees, panels, studies and events."""

    starts = (
        ("Place a partner, or plan a meeting", "admin:assignments_workgroup_changelist"),
        ("See where partners are missing", "admin:assignments_workgroup_coverage"),
    )
    list_display = ("name", "kind", "team", "lead_name", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("team",)
    found_with = ("programme", "team")
    search_fields = ("name", "lead_name")
    search_help_text = "Search by the group’s name or who leads it"

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("coverage/", self.page(self.coverage), name="assignments_workgroup_coverage"),
            path("<int:pk>/edit/", self.page(self.edit), name="assignments_workgroup_edit"),
            path("<int:pk>/place/", self.page(self.place), name="assignments_workgroup_place"),
            path("<int:pk>/plan/", self.page(self.plan), name="assignments_workgroup_plan"),
            path("<int:pk>/repeat/", self.page(self.repeat), name="assignments_workgroup_repeat"),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a group."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._form(request, WorkGroup())
        if form.is_valid():
            try:
                group = services.create_work_group(
                    programme=form.cleaned_data["programme"],
                    by=request.user,
                    now=timezone.now(),
                    **form.facts,
                )
            except services.GroupError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"{group.name} is there. Now give partners a place.")
                return redirect("admin:assignments_workgroup_change", group.pk)
        return self.show(request, "form", title="A new work group", form=form, crumbs=[])

    def record(self, request: HttpRequest, group: WorkGroup) -> HttpResponse:
        """A group's page: facts, who has a place, the next meetings."""
        places = (
            Assignment.objects.visible_to(request.user)
            .filter(work_group=group)
            .select_related("partner")
            .order_by("status", "partner__sort_key", "pk")
        )
        meetings = (
            Meeting.objects.visible_to(request.user)
            .filter(work_group=group)
            .select_related("work_group")
        )
        page = page_of(request, places, PLACES_SHOWN)
        loads = pacing.standing_of([place.partner for place in page], timezone.localdate())
        return self.show(
            request,
            "group",
            title=group.name,
            group=group,
            page=page,
            places=[(place, loads[place.partner_id]) for place in page],
            meetings=meetings.planned().order_by("starts_at", "pk")[:MEETINGS_SHOWN],
        )

    def coverage(self, request: HttpRequest) -> HttpResponse:
        """Team by kind by partner, the gaps first."""
        return self.show(request, "coverage", **coverage_page(request))

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is told of a group."""
        group = self._to_look_after(request, pk)
        form = self._form(request, group)
        if form.is_valid():
            try:
                services.change_work_group(
                    work_group=group, by=request.user, now=timezone.now(), **form.facts
                )
            except services.GroupError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Saved.")
                return redirect("admin:assignments_workgroup_change", group.pk)
        return self.show(
            request, "form", title=f"Change {group.name}", form=form, crumbs=_crumbs(group)
        )

    def place(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a partner a place: search, choose, and say from when."""
        group = self._to_look_after(request, pk)
        partners = (
            Partner.objects.visible_to(request.user)
            .filter(programme=group.programme_id)
            .placeable()
        )
        asked = " ".join(request.GET.get("q", "").split())
        chosen = partners.filter(pk=number_in(request.GET.get("partner"))).first()
        form = PlaceForm(
            request.POST if request.method == "POST" else None,
            partners=partners,
            initial={"partner": chosen, "starts_on": timezone.localdate()},
        )
        if form.is_valid():
            try:
                services.place_partner(
                    work_group=group, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except services.PlaceError as error:
                form.add_error(None, str(error))
            else:
                partner = form.cleaned_data["partner"]
                told = "and has been told" if partner.email else "and has no e-mail: please ring"
                messages.success(request, f"{partner.name} is down for {group.called} {told}.")
                return redirect("admin:assignments_workgroup_change", group.pk)
        if form.is_bound and chosen is None:
            chosen = partners.filter(pk=number_in(form.data.get("partner"))).first()
        return self.show(
            request,
            "place",
            title=f"Place {chosen.name} in {group.name}"
            if chosen
            else f"Place a partner in {group.name}",
            form=form,
            group=group,
            chosen=chosen,
            asked=asked,
            matches=None if chosen else _matches(partners, asked),
            crumbs=_crumbs(group),
        )

    def plan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan a meeting of the group."""
        group = self._to_look_after(request, pk)
        form = PlanMeetingForm(
            request.POST if request.method == "POST" else None,
            initial={"place": group.place, "join_link": group.join_link},
        )
        if form.is_valid():
            try:
                meeting = services.plan_meeting(
                    work_group=group,
                    starts_at=form.starts_at,
                    ends_at=form.ends_at,
                    by=request.user,
                    now=timezone.now(),
                    **form.facts,
                )
            except services.MeetingError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"{meeting} is planned: {meeting.when}.")
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "form",
            title=f"Plan a meeting of {group.called}",
            form=form,
            crumbs=_crumbs(group),
        )

    def repeat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan meetings of the group that repeat."""
        return self.repeat_meetings(request, self._to_look_after(request, pk))

    def _to_look_after(self, request: HttpRequest, pk: int) -> WorkGroup:
        group: WorkGroup = self.found(request, pk)
        if not rules.may_look_after(request.user, group):
            raise PermissionDenied
        return group

    @staticmethod
    def _form(request: HttpRequest, group: WorkGroup) -> WorkGroupForm:
        mine = programmes_of(request.user, Role.COORDINATOR)
        return WorkGroupForm(
            request.POST if request.method == "POST" else None,
            instance=group,
            programmes=Programme.objects.visible_to(request.user).filter(pk__in=mine),
            leads=possible_leads({group.programme_id} if group.pk else mine),
            teams=Team.objects.visible_to(request.user).filter(
                programme__in={group.programme_id} if group.pk else mine
            ),
        )


def _crumbs(group: WorkGroup) -> list[tuple[str, str, int]]:
    return [(group.name, "admin:assignments_workgroup_change", group.pk)]


def _matches(partners: Any, asked: str) -> list[Partner]:
    """The first partners that the register finds by the first words asked for."""
    found = partners.filter(named(" ".join(asked.split()[:MOST_WORDS])))
    return list(found.order_by("sort_key", "pk")[: MATCHES_SHOWN + 1])
