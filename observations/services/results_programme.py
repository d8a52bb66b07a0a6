"""What coordinators read: how much was observed, by how many, how dependably, and by quarter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Least as Smallest

from accounts.models import Programme, Team, User
from observations.models import (
    InstrumentVersion,
    ObservationSettings,
    ObserverTally,
    PairTally,
    Reflection,
    Tally,
)
from observations.services.results_clinician import by_side, settings_for
from observations.services.results_reading import (
    PARTNER,
    PEER,
    SELF,
    YEAR,
    Shape,
    agreement_of,
    beside,
    months_back,
    shapes_of,
    total,
)
from observations.services.results_shown import (
    Agreement,
    Cell,
    Observed,
    ProgrammeResults,
    QuarterTable,
    TableRow,
)
from observations.services.results_team import known_by, least_of
from observations.statistics import disclosure

QUARTERS = 8
_OBSERVERS = (PARTNER, PEER)


def programme_results(
    *, programme: Programme, today: date, for_user: User | None = None
) -> ProgrammeResults:
    """What coordinators read of the whole programme; `for_user` knows their own sheets."""
    year = (months_back(today, YEAR - 1), months_back(today, 0))
    in_year = {"programme": programme, "month__range": year}
    counts = list(
        Tally.objects.filter(**in_year, team__isnull=False, clinician__isnull=True)
        .order_by("month")
        .values_list("team", "month", "side", "version")
        .annotate(many=Sum("sheets"), none=Sum("no_decision"))
    )
    teams = {team.pk: team for team in Team.objects.filter(programme=programme).order_by("name")}
    who = ObserverTally.objects.filter(**in_year, team__isnull=True, sheets__gt=0).aggregate(
        partners=Count("partner", distinct=True), peers=Count("person", distinct=True)
    )
    version = _most_used(counts)
    rest: dict[str, Any] = {}
    if version is not None:
        known = getattr(version.instrument.programme, "observation_settings", None)
        settings = known or settings_for(programme.pk)
        shape = shapes_of([version])[version.pk]
        rest = {
            "version": version,
            # Of months that are over: two looks at a running one would differ by one pair.
            "agreement": _agreement(shape, settings, {**in_year, "month__lt": year[1]}),
            "table": _table(programme, shape, settings, teams, today, for_user),
        }
    return ProgrammeResults(
        year=year,
        months=_months(counts),
        teams=_teams(counts, teams),
        partners=who["partners"],
        peers=who["peers"],
        **rest,
    )


def _most_used(counts: Iterable[Any]) -> InstrumentVersion | None:
    used: defaultdict[int, int] = defaultdict(int)
    for _, _, side, version, many, _ in counts:
        used[version] += many if side != SELF else 0
    if not used:
        return None
    most = max(used, key=lambda pk: (used[pk], pk))
    with_numbers = "instrument__programme__observation_settings"
    found: InstrumentVersion = InstrumentVersion.objects.select_related(with_numbers).get(pk=most)
    return found


def _observed(rows: Iterable[Any], **values: Any) -> Observed:
    sides: defaultdict[str, int] = defaultdict(int)
    none = 0
    for _, _, side, _, many, without in rows:
        sides[side] += many
        none += without
    return Observed(
        partner=sides[PARTNER], peer=sides[PEER], own=sides[SELF], no_decision=none, **values
    )


def _months(counts: Iterable[Any]) -> tuple[Observed, ...]:
    by_month = defaultdict(list)
    for row in counts:
        by_month[row[1]].append(row)
    return tuple(
        _observed(rows, name=f"{month:%B %Y}", month=month) for month, rows in by_month.items()
    )


def _teams(counts: Iterable[Any], teams: Mapping[int, Team]) -> tuple[Observed, ...]:
    by_team = defaultdict(list)
    for row in counts:
        by_team[row[0]].append(row)
    return tuple(
        _observed(by_team[pk], name=team.name, team=team)
        for pk, team in teams.items()
        if pk in by_team
    )


def _agreement(
    shape: Shape, settings: ObservationSettings, in_year: Mapping[str, Any]
) -> Agreement | None:
    """How far partners and peers agree, where enough clinicians are among those observed."""
    pairs = PairTally.objects.filter(version=shape.version, **in_year)
    clinicians = pairs.filter(clinician__isnull=False, pairs__gt=0).aggregate(
        many=Count("clinician", distinct=True)
    )
    if clinicians["many"] < settings.least_clinicians:
        return None
    return agreement_of(
        shape,
        total(pairs.filter(team__isnull=True)),
        least=settings.least_in_group,
        with_limits=False,
    )


def _table(
    programme: Programme,
    shape: Shape,
    settings: ObservationSettings,
    teams: Mapping[int, Team],
    today: date,
    for_user: User | None,
) -> QuarterTable | None:
    """The first scale by team and quarter, of the same periods that the teams' pages show."""
    if not shape.scales:
        return None
    until = months_back(today, 1)
    quarters = _quarters(until)
    of_version = {"programme": programme, "version": shape.version, "month__lte": until}
    spans = _spans(shape, settings, of_version, until, for_user)
    rows: defaultdict[int, list[Tally]] = defaultdict(list)
    # A period that ends in the first quarter may have begun before it.
    first = min(
        (first for several in spans.values() for first, last in several if last >= quarters[0]),
        default=until,
    )
    for row in Tally.objects.filter(
        **of_version, team__isnull=False, clinician__isnull=True, month__gte=first
    ).exclude(side=SELF):
        rows[row.team_id].append(row)
    lines: list[TableRow] = []
    everything: defaultdict[date, list[Tally]] = defaultdict(list)
    for pk, team in teams.items():
        if pk not in rows:
            continue
        by_quarter: defaultdict[date, list[Tally]] = defaultdict(list)
        for begins, ends in spans.get(pk, []):
            quarter = _quarter(ends)
            if quarter in quarters:
                inside = [row for row in rows[pk] if begins <= row.month <= ends]
                by_quarter[quarter] += inside
                everything[quarter] += inside
        lines.append(_line(shape, settings, team.name, by_quarter, quarters, team))
    return QuarterTable(
        measure=shape.scales[0],
        quarters=tuple(_named(quarter) for quarter in quarters),
        rows=tuple(lines),
        total=_line(shape, settings, "All teams", everything, quarters),
    )


def _line(
    shape: Shape,
    settings: ObservationSettings,
    name: str,
    by_quarter: Mapping[date, list[Tally]],
    quarters: list[date],
    team: Team | None = None,
) -> TableRow:
    def cell(rows: Iterable[Tally]) -> Cell:
        least = settings.least_in_group
        return Cell(figures=beside(shape, by_side(rows), "scale", 0, least))

    return TableRow(
        name=name,
        team=team,
        cells=tuple(cell(by_quarter.get(quarter, [])) for quarter in quarters),
        total=cell(row for rows in by_quarter.values() for row in rows),
    )


def _spans(
    shape: Shape,
    settings: ObservationSettings,
    of_version: Mapping[str, Any],
    until: date,
    for_user: User | None,
) -> dict[int, list[tuple[date, date]]]:
    """By team the first and last months of the periods that may be shown."""
    groups: defaultdict[int, dict[tuple[date, str], disclosure.Group]] = defaultdict(dict)
    known: defaultdict[int, dict[tuple[date, str], disclosure.Group]] = defaultdict(dict)
    scored = [F(f"scales_n__{place}") for place in range(len(shape.scales))]
    rows = (
        Tally.objects.filter(**of_version, clinician__isnull=False, sheets__gt=0)
        .exclude(side=SELF)
        .annotate(scored=Smallest("consultations", *scored))
        .order_by()
    )
    for team, month, side, sheets, n, who in rows.values_list("team", "month", "side").annotate(
        a=Sum("sheets"),
        b=Sum("scored"),
        c=ArrayAgg("clinician", filter=Q(scored__gt=0), default=[]),
    ):
        groups[team][month, side] = disclosure.Group(sheets, n, frozenset(who))
    by_team = defaultdict(list)
    released = Reflection.objects.ever_released().filter(
        version=shape.version, team__programme=of_version["programme"]
    )
    for one in released:
        by_team[one.team_id].append(one)
    people = {one.clinician_id for several in by_team.values() for one in several}
    people |= {for_user.pk} if for_user is not None else set()
    knows = {team: known_by(by_team[team], for_user) for team in groups}
    if people:
        for team, month, side, who, sheets, n in rows.filter(clinician__in=people).values_list(
            "team", "month", "side", "clinician", "sheets", "scored"
        ):
            if who in knows[team](month):
                before = known[team].get((month, side), disclosure.EMPTY)
                group = disclosure.group_of(sheets, n, frozenset({who}))
                known[team][month, side] = before + group
    least = least_of(settings)
    spans = {}
    for team, found in groups.items():
        months = _between(min(month for month, _ in found), until)
        cells = [_cell(month, found, known[team]) for month in months]
        spans[team] = [
            (months[one.first], months[one.last]) for one in disclosure.periods(cells, least)
        ]
    return spans


def _cell(
    month: date,
    groups: Mapping[tuple[date, str], disclosure.Group],
    known: Mapping[tuple[date, str], disclosure.Group],
) -> disclosure.Cell:
    sides = {side: groups.get((month, side), disclosure.EMPTY) for side in _OBSERVERS}
    rest = {
        side: group.without(known.get((month, side), disclosure.EMPTY))
        for side, group in sides.items()
    }
    return disclosure.Cell(sides, rest, {}, {})


def _between(first: date, last: date) -> list[date]:
    many = (last.year - first.year) * 12 + last.month - first.month
    return [months_back(last, back) for back in range(many, -1, -1)]


def _quarter(month: date) -> date:
    return month.replace(month=month.month - (month.month - 1) % 3)


def _quarters(until: date) -> list[date]:
    """The first days of the last eight quarters, oldest first."""
    last = _quarter(until)
    return [months_back(last, 3 * back) for back in range(QUARTERS - 1, -1, -1)]


def _named(quarter: date) -> str:
    last = months_back(quarter, -2)
    return f"{quarter:%b} to {last:%b %Y}"
