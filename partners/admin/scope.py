"""What the admin pages of this app share: coordinators only, their programmes only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_site import ScopedAdmin
from accounts.models import Programme, Role
from accounts.querysets import programmes_of


def coordinated(user: Any) -> list[Programme]:
    """The programmes that somebody coordinates, read with their roles already."""
    found = {
        grant.programme_id: grant.programme
        for grant in user.grants
        if grant.role == Role.COORDINATOR
    }
    return sorted(found.values(), key=lambda programme: programme.name)


class CoordinatorsAdmin(ScopedAdmin):
    """Rows of the programmes that somebody coordinates; one's own elsewhere are not among them."""

    # Where a row's programme stands, seen from the row.
    programme_path = "programme"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = programmes_of(request.user, Role.COORDINATOR)
        return super().get_queryset(request).filter(**{f"{self.programme_path}__in": mine})

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        several = len(coordinated(request.user)) > 1
        return [*([ProgrammeFilter] if several else []), *super().get_list_filter(request)]


class ProgrammeFilter(admin.SimpleListFilter):
    """One of several programmes; costs no query."""

    title = "programme"
    parameter_name = "programme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.path = model_admin.programme_path
        return [(str(one.pk), one.name) for one in coordinated(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen is None or not chosen.isdecimal():
            return queryset
        return queryset.filter(**{self.path: int(chosen)})
