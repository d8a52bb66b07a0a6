"""What is chosen on the admin's pages: a partner to write about, roles that something is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_site import number_in
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from partners.models import Partner, PathwayRole
from partners.services.register import named

MATCHES_SHOWN = 20
MOST_WORDS = 5


@dataclass(frozen=True)
class Choice:
    """The partner who was chosen, or those that fit what was asked for."""

    chosen: Partner | None
    asked: str
    matches: list[Partner]

    @property
    def has_more(self) -> bool:
        return len(self.matches) > MATCHES_SHOWN

    @property
    def shown(self) -> list[Partner]:
        return self.matches[:MATCHES_SHOWN]


def choice_of(request: HttpRequest, programme: int | None = None) -> Choice:
    """Whom `?partner=` names, else who fits `?q=`: partners here now whom one coordinates."""
    mine = {programme} if programme else programmes_of(request.user, Role.COORDINATOR)
    partners = (
        Partner.objects.visible_to(request.user)  # type: ignore[arg-type]
        .filter(programme__in=mine & programmes_of(request.user, Role.COORDINATOR))
        .exclude(status=Partner.Status.LEFT)
        .select_related("programme")
    )
    chosen = partners.filter(pk=number_in(request.GET.get("partner"))).first()
    asked = " ".join(request.GET.get("q", "").split())
    if chosen is not None:
        return Choice(chosen, asked, [])
    fitting = partners.filter(named(" ".join(asked.split()[:MOST_WORDS])))
    return Choice(None, asked, list(fitting.order_by("sort_key", "pk")[: MATCHES_SHOWN + 1]))


def roles_to_choose(user: Any, row: Any, programmes: Iterable[Programme]) -> QuerySet[PathwayRole]:
    """The roles that `row` may be for: of its programme, or of `programmes` while it is new."""
    mine = [row.programme_id] if row.pk else [programme.pk for programme in programmes]
    found: QuerySet[PathwayRole] = PathwayRole.objects.visible_to(user)
    return found.filter(programme__in=mine).select_related("programme")


def posted(request: HttpRequest) -> Any:
    """What was sent, for a form; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
