"""The page of the coverage map; its address is one of the groups' list."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.filters import CoverageFilter
from assignments.models import WorkGroup
from assignments.services.coverage import CoverageMap, Line, coverage_of
from nhsuk.pages import page_of

TEAMS_SHOWN = 50
GAPS_SHOWN = 20


def coverage_page(request: HttpRequest) -> dict[str, Any]:
    """What the template shows: the gaps first, then teams by kinds."""
    mine = programmes_of(request.user, Role.COORDINATOR)
    groups = WorkGroup.objects.visible_to(request.user).filter(programme__in=mine)
    chosen = CoverageFilter(request.GET, groups, request=request)
    asked = chosen.form.cleaned_data if chosen.form.is_valid() else {}
    found = coverage_of(
        mine,
        timezone.localdate(),
        kind=asked.get("kind") or "",
        team=asked["team"].pk if asked.get("team") else None,
    )
    page = page_of(request, list(found.lines), TEAMS_SHOWN)
    return {
        "title": "Where partners work, and where they are missing",
        "filter": chosen,
        "map": found,
        "gaps": found.gaps[:GAPS_SHOWN],
        "more_gaps": max(0, len(found.gaps) - GAPS_SHOWN),
        "page": page,
        "headings": "|".join(["Team", *(label for _, label in found.kinds)]),
        "lines": [(line, _cells(line, found)) for line in page],
    }


def _cells(line: Line, found: CoverageMap) -> list[tuple[str, Any]]:
    return [(label, line.cells.get(kind, [])) for kind, label in found.kinds]
