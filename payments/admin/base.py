"""What the pages of this app's admin have in common."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import audience
from accounts.admin_site import ScopedAdmin
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from payments.models import Claim, PaymentRun


class PaymentsAdmin(ScopedAdmin):
    """Seen by coordinators and finance; pages of its own are declared with their audience."""

    ROLES = (Role.COORDINATOR, Role.FINANCE)

    def may_see(self, user: Any) -> bool:
        return bool(programmes_of(user, *self.ROLES))

    def page(self, view: Any, *who: str) -> Any:
        """Wrap a view of this admin: the admin's own check, then the roles it is for."""
        return self.admin_site.admin_view(audience(*(who or self.ROLES))(view))

    def context(self, request: HttpRequest, **values: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}

    def found(self, request: HttpRequest, pk: int) -> Any:
        """The row, or a 404 when it is another programme's."""
        return get_object_or_404(self.get_queryset(request), pk=pk)


def number_in(object_id: str) -> int:
    """The id in an address of Django's admin; no row has the id 0."""
    return (
        int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
    )


def events_of(row: Claim | PaymentRun, *, with_words: bool = True) -> list[Event]:
    """The row's timeline; `with_words` says why, in the words of who did it."""
    labels = dict(type(row)._meta.get_field("status").flatchoices)
    return [
        Event(
            f"{labels[event.to_status]}: {event.by or 'the portal itself'}",
            event.at,
            event.why if with_words else "",
        )
        for event in row.history.select_related("by").order_by("-at", "-pk")
    ]
