"""Observers who would like to talk."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from nhsuk.pages import page_of
from observations.models import Debrief
from observations.rules import sessions as rules
from observations.services import debriefs
from observations.services.refusals import SessionError
from partners.admin.scope import CoordinatorsAdmin

PER_PAGE = 25


@admin.register(Debrief)
class DebriefAdmin(CoordinatorsAdmin):
    """Observers who would like to talk: the wish alone; what they wrote is theirs."""

    programme_path = "observer__session__programme"
    found_with = ("observer__session", "observer__partner", "observer__person")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        asked: QuerySet[Any] = rows.filter(wants_talk=True).defer("note", "feeling")
        return asked

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/talked/", self.page(self.talked), name="observations_debrief_talked")]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Who would like to talk, who waits longest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = (
            self.get_queryset(request)
            .to_talk()
            .select_related(*self.found_with, "observer__session__team")
            .order_by("said_at", "pk")
        )
        page = page_of(request, rows, PER_PAGE)
        for row in page:
            row.may_mark = rules.may_mark_talked(request.user, row)
        title = "Observers who would like to talk"
        context = self.context(request, title=title, page=page)
        return render(request, "admin/observations/debrief/list.html", context)

    def record(self, request: HttpRequest, debrief: Debrief) -> HttpResponse:
        """There is nothing to read beyond the wish: the clinic's page has it."""
        return redirect("admin:observations_clinicsession_change", debrief.observer.session_id)

    def talked(self, request: HttpRequest, pk: int) -> HttpResponse:
        """They talked."""
        debrief: Debrief = self.found(request, pk)
        if not rules.may_mark_talked(request.user, debrief):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            debriefs.talked(debrief=debrief, by=request.user, now=timezone.now())
        except SessionError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "Thank you for talking.")
        return redirect("admin:observations_debrief_changelist")
