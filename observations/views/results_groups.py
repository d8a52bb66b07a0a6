"""Results of groups: a team for its lead, the programme for its coordinators; what was released."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Role, Team, User
from accounts.rules import coordinates
from nhsuk.components import Column
from observations.models import InstrumentVersion, Reflection
from observations.querysets.results import teams_led
from observations.rules import results as rules
from observations.services import appraisal
from observations.services.results import programme_results, team_results
from observations.services.results_period import results_of
from observations.views.results_drawn import (
    THEIR_SIDES,
    marks_chart,
    programme_months,
    programme_teams,
    quarter_table,
    time_charts,
    xmr_chart,
)
from partners.views.pages import signed_in

COUNTED = [
    *(Column(name, numeric=True) for name in ("Partners", "Peers", "Own ratings", "No decision")),
]
GROUPS = (Role.CLINICAL_LEAD, Role.COORDINATOR)


@require_GET
@audience(*GROUPS)
def teams(request: HttpRequest) -> HttpResponse:
    """The teams one leads, or all of the programme one coordinates."""
    user = signed_in(request)
    rows = list(_teams(request, user).order_by("name"))
    led = teams_led(user)
    waiting = (
        Reflection.objects.visible_to(user)
        .released()
        .filter(team__in=[row.pk for row in rows])
        .exclude(clinician=user)
        .values_list("team", flat=True)
    )
    released = list(waiting)
    cards = [
        {"team": row, "released": released.count(row.pk), "is_led": row.pk in led} for row in rows
    ]
    context = {"title": "Team results", "cards": cards}
    return render(request, "observations/results/teams.html", context)


@require_GET
@audience(*GROUPS)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """What a team's clinics show, as far as a group may be shown."""
    user = signed_in(request)
    row: Team = get_object_or_404(_teams(request, user).select_related("programme"), pk=pk)
    if not rules.may_read_team(user, row):
        raise PermissionDenied
    versions = _versions(user, row)
    version = _chosen_version(request, versions)
    context: dict[str, Any] = {
        "title": row.name,
        "team": row,
        "is_led": row.pk in teams_led(user),
        "back_url": reverse("observations:team_results"),
        "results": None,
    }
    if version is not None:
        today = timezone.localdate()
        results = team_results(team=row, version=version, today=today, for_user=user)
        context |= {
            "results": results,
            "version": version,
            "versions": versions if len(versions) > 1 else [],
            "marks": marks_chart(results.items, "The team, item by item", THEIR_SIDES),
            "charts": [xmr_chart(one) for one in results.series if one.points],
        }
    return render(request, "observations/results/team.html", context)


@require_GET
@audience(Role.CLINICAL_LEAD)
def released(request: HttpRequest, pk: int) -> HttpResponse:
    """What a clinician released to their lead: the results of these months, and their words."""
    user = signed_in(request)
    rows = (
        Reflection.objects.visible_to(user)
        .released()
        .exclude(clinician=user)
        .select_related("team__programme", "clinician", "version__instrument")
    )
    row: Reflection = get_object_or_404(rows, pk=pk)
    results = results_of(row)
    context = {
        "title": row.clinician.name,
        "reflection": row,
        "results": results,
        "marks": marks_chart(results.items, "What was seen, item by item", THEIR_SIDES),
        "times": time_charts(results.scales, THEIR_SIDES),
        "method": appraisal.method(row.version),
        "limits": appraisal.limits(results),
        "released": row.history.filter(to_status=Reflection.Status.RELEASED).last(),
        "back_url": reverse("observations:team_result", args=[row.team_id]),
    }
    return render(request, "observations/results/released.html", context)


@require_GET
@audience(Role.COORDINATOR)
def programme(request: HttpRequest) -> HttpResponse:
    """How much was observed, by whom, how dependably: counts, and figures of groups."""
    user = signed_in(request)
    here = current_programme(user, request.session)
    if here is None or not coordinates(user, here):
        raise Http404
    results = programme_results(programme=here, today=timezone.localdate(), for_user=user)
    context = {
        "title": "Observing in the programme",
        "results": results,
        "by_team": [Column("Team"), *COUNTED],
        "by_month": [Column("Month"), *COUNTED],
        "months": programme_months(results),
        "teams": programme_teams(results),
        "table": quarter_table(results.table) if results.table else None,
    }
    return render(request, "observations/results/programme.html", context)


def _teams(request: HttpRequest, user: User) -> QuerySet[Any]:
    """Of the programme whose pages are open: those one leads, or all that one coordinates."""
    here = current_programme(user, request.session)
    if here is None:
        raise Http404
    rows = Team.objects.visible_to(user).filter(programme=here)
    return rows if coordinates(user, here) else rows.filter(pk__in=teams_led(user))


def _versions(user: User, team: Team) -> list[InstrumentVersion]:
    """Those that clinics of the team were held with, the latest first."""
    used = InstrumentVersion.objects.visible_to(user).held_in(team)
    return list(used.select_related("instrument").order_by("-sealed_at", "-pk"))


def _chosen_version(
    request: HttpRequest, versions: list[InstrumentVersion]
) -> InstrumentVersion | None:
    wanted = request.GET.get("version", "")
    if not wanted:
        return versions[0] if versions else None
    for version in versions:
        if str(version.pk) == wanted:
            return version
    raise Http404
