"""What the pages of groups, places and meetings have in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.admin_site import ScopedAdmin, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from workflow.transitions import Stateful


class ArrangingAdmin(ScopedAdmin):
    """For coordinators; rows of the programmes they coordinate, whatever else they belong to."""

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = programmes_of(request.user, Role.COORDINATOR)
        return super().get_queryset(request).filter(**{f"{self.programme_field}__in": mine})

    programme_field = "programme"

    def found(self, request: HttpRequest, pk: Any, *related: str) -> Any:
        """The row with what it is `related` to, or a 404 as in every admin."""
        rows = self.get_queryset(request).select_related(*related)
        return get_object_or_404(rows, pk=number_in(pk))

    def show(
        self, request: HttpRequest, template: str, *, title: str, **values: Any
    ) -> HttpResponse:
        """One of our pages in the admin."""
        context = self.context(request, **{"title": title, "form": None, **values})
        return render(request, f"admin/assignments/{template}.html", context)


def events_of(row: Stateful) -> list[Event]:
    """The history of `row`, the newest first."""
    labels = dict(type(row)._meta.get_field("status").flatchoices)
    history = row.history.select_related("by").order_by("-at", "-pk")  # type: ignore[attr-defined]
    return [
        Event(
            f"{labels[event.to_status]}: {event.by or 'by the portal itself'}", event.at, event.why
        )
        for event in history
    ]
