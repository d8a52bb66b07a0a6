"""What the pages of groups, places and meetings have in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import audience
from accounts.admin_site import ScopedAdmin
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

    def page(self, view: Any) -> Any:
        """Wrap a view of this admin: the admin's own check, then the role it is for."""
        return self.admin_site.admin_view(audience(Role.COORDINATOR)(view))

    def found(self, request: HttpRequest, pk: int | str, *related: str) -> Any:
        """The row, or a 404 when there is none or it is another programme's."""
        text = str(pk)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        return get_object_or_404(self.get_queryset(request).select_related(*related), pk=number)

    def show(
        self, request: HttpRequest, template: str, *, title: str, **values: Any
    ) -> HttpResponse:
        """One of our pages in the admin."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": None,
            **values,
        }
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
