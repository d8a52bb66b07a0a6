"""A clinician's own results, and their own rating beside what others saw."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role, Team, User
from observations.forms.results import SelfRatingForm
from observations.models import ClinicSession, Comment, InstrumentVersion, Reflection, SelfRating
from observations.rules import results as rules
from observations.rules.instruments import shows_wording
from observations.services import appraisal, self_ratings
from observations.services.results import clinician_results
from observations.views.results_drawn import marks_chart, time_charts
from partners.views.pages import get_or_post, saved, signed_in

CLINICIANS = (Role.CLINICIAN, Role.CLINICAL_LEAD)
COMMENTS_SHOWN = 40
CLINICS_SHOWN = 5


@require_GET
@audience(*CLINICIANS)
def mine(request: HttpRequest) -> HttpResponse:
    """What partners and peers saw in one's own clinics; `of` names a team and a version."""
    user = signed_in(request)
    series = series_of(user)
    team, version = _chosen(request, series)
    context: dict[str, Any] = {
        "title": "My results",
        "clinics": _to_rate(user),
        "reflections": Reflection.objects.visible_to(user)
        .filter(clinician=user)
        .select_related("team")[:20],
    }
    if team is None or version is None:
        return render(request, "observations/results/mine.html", {**context, "results": None})
    today = timezone.localdate()
    results = clinician_results(clinician=user, team=team, version=version, today=today)
    context |= {
        "results": results,
        "series": [
            {
                "name": f"{one_team.name}, {one_version}",
                "address": f"?of={one_team.pk}-{one_version.pk}",
                "current": (one_team.pk, one_version.pk) == (team.pk, version.pk),
            }
            for one_team, one_version in series
        ],
        "of": f"{team.pk}-{version.pk}",
        "marks": marks_chart(results.items, "What was seen, item by item"),
        "scale_marks": marks_chart(results.scales, "The scales", head="Scale"),
        "times": time_charts(results.scales),
        "comments": comments_of(user, team, version),
        "anchors": list(version.anchors.order_by("mark"))
        if shows_wording(version.instrument)
        else [],
        "method": appraisal.method(version),
        "limits": appraisal.limits(results),
    }
    return render(request, "observations/results/mine.html", context)


@get_or_post
@audience(*CLINICIANS)
def rate_own(request: HttpRequest, pk: int) -> HttpResponse:
    """How one rates one's own clinic, as a whole."""
    user = signed_in(request)
    rows = ClinicSession.objects.visible_to(user).select_related("version__instrument", "team")
    session = get_object_or_404(rows.filter(clinician=user), pk=pk)
    if not rules.may_rate_own(user, session):
        raise PermissionDenied
    rating = SelfRating.objects.visible_to(user).filter(session=session).first()
    form = SelfRatingForm(request.POST or None, version=session.version)
    if rating is not None:
        form.initial = {
            form.name_of(item): mark for item, mark in zip(form.items, rating.marks, strict=True)
        }
    if request.method == "POST" and form.is_valid():

        def save() -> SelfRating:
            return self_ratings.rate(session=session, marks=form.marks, by=user, now=timezone.now())

        if saved(form, save):
            messages.success(request, "Your own rating is kept. It stands beside the others.")
            return redirect("observations:results")
    back = reverse("observations:results")
    context = {
        "title": "Rate your own clinic",
        "form": form,
        "session": session,
        "back_url": back,
        "cancel_url": back,
    }
    return render(request, "observations/results/rate_own.html", context)


def series_of(user: User) -> list[tuple[Team, InstrumentVersion]]:
    """The teams and versions that somebody was observed in and with, the latest first."""
    held = (
        ClinicSession.objects.visible_to(user)
        .of_clinician(user)
        .filter(status=ClinicSession.Status.HELD)
        .order_by("team_id", "version_id", "-day")
        .distinct("team_id", "version_id")
        .select_related("team__programme", "version__instrument")
    )
    latest = sorted(held, key=lambda session: (session.day, session.pk), reverse=True)
    return [(session.team, session.version) for session in latest]


def chosen_series(request: HttpRequest, user: User) -> tuple[Team, InstrumentVersion]:
    """The team and version that the address names, or the latest; a 404 for none of one's own."""
    team, version = _chosen(request, series_of(user))
    if team is None or version is None:
        raise Http404
    return team, version


def _chosen(
    request: HttpRequest, series: list[tuple[Team, InstrumentVersion]]
) -> tuple[Team | None, InstrumentVersion | None]:
    wanted = request.GET.get("of", "")
    if not wanted:
        return series[0] if series else (None, None)
    for team, version in series:
        if wanted == f"{team.pk}-{version.pk}":
            return team, version
    raise Http404


def comments_of(
    user: User, team: Team, version: InstrumentVersion, **period: Any
) -> dict[str, list[Comment]]:
    """Cleared words for the clinician, the latest first: what worked, and one thing to try."""
    rows = (
        Comment.objects.visible_to(user)
        .filter(
            observation__consultation__session__clinician=user,
            observation__consultation__session__team=team,
            observation__version=version,
            status=Comment.Status.CLEARED,
            **period,
        )
        .select_related("theme")
        .order_by("-observation__consultation__session__day", "-pk")
        .only("text", "kind", "theme")[:COMMENTS_SHOWN]
    )
    found: dict[str, list[Comment]] = {"worked": [], "to_try": []}
    for row in rows:
        found[row.kind].append(row)
    return found


def _to_rate(user: User) -> list[ClinicSession]:
    """Clinics that were held: those without an own rating first."""
    rated = SelfRating.objects.visible_to(user).filter(session=OuterRef("pk"))
    rows = (
        ClinicSession.objects.visible_to(user)
        .of_clinician(user)
        .filter(status=ClinicSession.Status.HELD)
        .annotate(is_rated=Exists(rated))
        .select_related("team")
        .order_by("is_rated", "-day", "-pk")
    )
    return list(rows[:CLINICS_SHOWN])
