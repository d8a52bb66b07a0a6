"""Places: the list, and ending one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from assignments import rules, services
from assignments.admin.base import ArrangingAdmin, events_of
from assignments.forms import EndPlaceForm
from assignments.forms.places import ThankForm
from assignments.models import Assignment
from assignments.rules.places import may_thank
from assignments.services.places import handed_over_to, thank_for_place
from workflow.transitions import IllegalMoveError


@admin.register(Assignment)
class AssignmentAdmin(ArrangingAdmin):
    """Who has, or had, a place where. New ones are given on the group's page."""

    programme_field = "work_group__programme"
    list_display = ("partner", "work_group", "role", "starts_on", "ends_on", "status")
    list_filter = ("status",)
    list_select_related = ("partner", "work_group")
    found_with = ("partner", "work_group")
    search_fields = ("partner__name", "work_group__name")
    search_help_text = "Search by the partner’s or the group’s name"
    ordering = ("-starts_on", "-pk")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/end/", self.page(self.end), name="assignments_assignment_end"),
            path("<int:pk>/thank/", self.page(self.thank), name="assignments_assignment_thank"),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, place: Assignment) -> HttpResponse:
        """A place's page."""
        return self.show(
            request,
            "assignment",
            title=str(place),
            place=place,
            may_end=rules.may_end(request.user, place),
            may_thank=may_thank(request.user, place),
            handed_over=handed_over_to(place),
            events=events_of(place),
        )

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a place after a day."""
        place = self.found(request, pk)
        if not rules.may_end(request.user, place):
            raise PermissionDenied
        form = EndPlaceForm(
            request.POST if request.method == "POST" else None,
            initial={"ends_on": place.ends_on or timezone.localdate()},
        )
        if form.is_valid():
            try:
                services.end_assignment(
                    assignment=place, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except (services.PlaceError, IllegalMoveError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"The place of {place.partner.name} is ended.")
                return redirect("admin:assignments_workgroup_change", place.work_group_id)
        return self.show(
            request,
            "form",
            title=f"End the place of {place.partner.name} in {place.work_group.name}",
            form=form,
            crumbs=_crumbs(place),
        )

    def thank(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the line of thanks of a place that ended without one."""
        place = self.found(request, pk)
        if not may_thank(request.user, place):
            raise PermissionDenied
        form = ThankForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                thank_for_place(
                    assignment=place, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except services.PlaceError as error:
                form.add_error("thanks", str(error))
            else:
                messages.success(request, f"{place.partner.name} finds it with their place.")
                return redirect("admin:assignments_assignment_change", place.pk)
        return self.show(
            request,
            "form",
            title=f"Thank {place.partner.name} for their time in {place.work_group.name}",
            form=form,
            crumbs=_crumbs(place),
        )


def _crumbs(place: Assignment) -> list[tuple[str, str, int]]:
    return [(place.work_group.name, "admin:assignments_workgroup_change", place.work_group_id)]
