"""The coverage map: which teams have partners in which kind of group, and where none are."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from assignments.models import Assignment, WorkGroup
from partners.models import Partner


@dataclass(frozen=True)
class Covered:
    """A group with the partners who have a place there, by name."""

    group: WorkGroup
    partners: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many partners it should have and has not; an empty group misses one at least."""
        wanted = self.group.wanted or 1
        return max(0, wanted - len(self.partners))


@dataclass(frozen=True)
class Line:
    """A team, or the groups of no team, with its groups of each kind."""

    name: str
    cells: dict[str, list[Covered]]

    @property
    def is_empty(self) -> bool:
        """No group of the team has a partner."""
        return not any(one.partners for cell in self.cells.values() for one in cell)

    @property
    def missing(self) -> int:
        """Partners missing in all its groups."""
        return sum(one.missing for cell in self.cells.values() for one in cell)


@dataclass(frozen=True)
class CoverageMap:
    """Teams by kinds of group. `gaps`: the groups with partners missing, the emptiest first."""

    kinds: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    gaps: tuple[Covered, ...]
    groups: int
    without_place: int
    empty_teams: tuple[str, ...] = field(default=())


def coverage_of(
    programmes: Collection[int], today: date, *, kind: str = "", team: int | None = None
) -> CoverageMap:
    """The map of `programmes` on `today`, of one `kind` or one team where asked.

    Groups that are over are left out, and so is whoever only stands in. Asks the database four
    times, however many teams, groups and partners there are.
    """
    groups = (
        WorkGroup.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .filter(programme__in=programmes)
        .order_by("name", "pk")
    )
    teams = Team.objects.filter(programme__in=programmes).order_by("name", "pk")
    if kind:
        groups = groups.filter(kind=kind)
    if team is not None:
        groups, teams = groups.filter(team=team), teams.filter(pk=team)
    names = _names(groups, today)
    by_team: dict[int | None, list[Covered]] = defaultdict(list)
    for group in groups:
        by_team[group.team_id].append(Covered(group, tuple(names[group.pk])))
    lines = [_line(one.name, by_team[one.pk]) for one in teams]
    if by_team[None]:
        lines.append(_line("No team", by_team[None]))
    covered = [one for found in by_team.values() for one in found]
    used = {one.group.kind for one in covered}
    return CoverageMap(
        kinds=tuple((value, label) for value, label in WorkGroup.Kind.choices if value in used),
        lines=tuple(sorted(lines, key=lambda one: (not one.is_empty, -one.missing))),
        gaps=tuple(sorted((one for one in covered if one.missing), key=_emptiest_first)),
        groups=len(covered),
        without_place=_without_place(programmes, today).count(),
        empty_teams=tuple(one.name for one in lines if one.is_empty),
    )


def _line(name: str, covered: Sequence[Covered]) -> Line:
    cells: dict[str, list[Covered]] = defaultdict(list)
    for one in covered:
        cells[one.group.kind].append(one)
    return Line(name, dict(cells))


def _emptiest_first(one: Covered) -> tuple[bool, int, str]:
    return bool(one.partners), -one.missing, one.group.name


def _names(groups: QuerySet[WorkGroup], today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows: Any = (
        Assignment.objects.on(today)
        .filter(work_group__in=groups.order_by().values("pk"), stands_in=False)
        .order_by("partner__sort_key", "pk")
        .values_list("work_group_id", "partner__name")
    )
    for group, name in rows:
        found[group].append(name)
    return found


def _without_place(programmes: Collection[int], today: date) -> QuerySet[Partner]:
    here = Assignment.objects.on(today).filter(partner=OuterRef("pk"))
    return Partner.objects.filter(~Exists(here), programme__in=programmes).placeable()
