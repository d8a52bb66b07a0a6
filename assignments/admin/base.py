"""What the pages of groups, places and meetings have in common."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.admin_site import ScopedAdmin
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from workflow.transitions import Stateful


class ArrangingAdmin(ScopedAdmin):
    """For coordinators; rows of the programmes they coordinate, whatever else they belong to."""

    programme_field = "programme"

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = programmes_of(request.user, Role.COORDINATOR)
        return super().get_queryset(request).filter(**{f"{self.programme_field}__in": mine})

    def show(
        self, request: HttpRequest, template: str, *, title: str, **values: Any
    ) -> HttpResponse:
        """One of our pages in the admin."""
        context = self.context(request, **{"title": title, "form": None, "note": "", **values})
        return render(request, f"admin/assignments/{template}.html", context)


def events_of(row: Stateful, again: Mapping[str, str] | None = None) -> list[Event]:
    """The history of `row`, the newest first.

    again: by state, what it is called when something changed and the state did not.
    """
    labels = dict(type(row)._meta.get_field("status").flatchoices)
    stayed = {**labels, **(again or {})}
    history = row.history.select_related("by").order_by("-at", "-pk")  # type: ignore[attr-defined]
    found = []
    for event in history:
        label = (stayed if event.from_status == event.to_status else labels)[event.to_status]
        found.append(Event(f"{label}: {event.by or 'by the portal itself'}", event.at, event.why))
    return found


def posted(request: HttpRequest) -> Any:
    """What was sent, for a form that is bound only then."""
    return request.POST if request.method == "POST" else None
