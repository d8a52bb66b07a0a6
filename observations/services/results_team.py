"""What a lead reads of a team: whole periods that are large enough, and what was released."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.models import Team, User
from observations.models import (
    InstrumentVersion,
    ObservationSettings,
    ObserverTally,
    PairTally,
    Reflection,
    Tally,
)
from observations.querysets.results import teams_led
from observations.services import sentences
from observations.services.results_clinician import by_side, measured, settings_for
from observations.services.results_reading import (
    PARTNER,
    PEER,
    SELF,
    YEAR,
    Shape,
    agreement_of,
    beside,
    counts_of,
    limits_of,
    months_back,
    scale_figure,
    scale_mean,
    shapes_of,
    total,
)
from observations.services.results_shown import (
    Agreement,
    Gap,
    Measured,
    PeriodPoint,
    Released,
    Series,
    TeamResults,
    Theme,
)
from observations.services.tally_rows import Sums
from observations.statistics import spc
from observations.statistics.disclosure import (
    Cell,
    Least,
    Period,
    cell_of,
    pair_periods,
    periods,
    published_all,
)

SHOWN_MONTHS = 24
_OBSERVERS = (PARTNER, PEER)
Known = Callable[[date], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Periods:
    """Months of a team, and which of them are shown as one: of observers, of clinicians
    themselves, and of pairs."""

    months: Sequence[date]
    observers: Sequence[Period]
    own: Sequence[Period]
    pairs: Sequence[Period]

    def span(self, period: Period) -> tuple[date, date]:
        return self.months[period.first], self.months[period.last]

    def since(self, shown: Sequence[Period], month: date) -> list[Period]:
        """Those that end in `month` or later."""
        return [one for one in shown if self.months[one.last] >= month]


def least_of(settings: ObservationSettings) -> Least:
    return Least(settings.least_in_group, settings.least_clinicians)


def known_by(reflections: Iterable[Reflection], user: User | None) -> Known:
    """Whose sheets of a month are known: those who released it, though they took it back since
    (what was read is remembered), and the reader's own."""
    spans = [(one.clinician_id, one.first_month, one.last_month) for one in reflections]
    mine = frozenset() if user is None else frozenset({user.pk})
    return lambda month: mine | {who for who, first, last in spans if first <= month <= last}


def periods_of(
    rows: Iterable[tuple[date, str, int, int, int]],
    pairs: Mapping[date, Mapping[int, int]],
    *,
    until: date,
    least: Least,
    known: Known,
    complementary: bool = True,
) -> Periods:
    """The periods of a team of rows (month, side, clinician, sheets, consultations scored)."""
    by_month: defaultdict[date, list[tuple[int, str, int, int]]] = defaultdict(list)
    for month, side, clinician, sheets, n in rows:
        by_month[month].append((clinician, side, sheets, n))
    months = _months(min(by_month, default=until), until)

    def cells(sides: tuple[str, ...]) -> list[Cell]:
        return [
            cell_of(
                [row for row in by_month.get(month, []) if row[1] in sides],
                pairs.get(month, {}) if SELF not in sides else {},
                known(month),
                sides,
            )
            for month in months
        ]

    observers = periods(cells(_OBSERVERS), least, complementary=complementary)
    return Periods(
        months=months,
        observers=observers,
        own=periods(cells((SELF,)), least, complementary=complementary),
        pairs=pair_periods(observers, least, complementary=complementary),
    )


def clinician_rows(
    team: Team, version: InstrumentVersion, until: date
) -> list[tuple[date, str, int, int, int]]:
    """By month, side and clinician how many sheets, and consultations with every score."""
    found = Tally.objects.filter(
        team=team, version=version, clinician__isnull=False, month__lte=until
    )
    return [
        (month, side, clinician, sheets, min([consultations, *scales]))
        for month, side, clinician, sheets, consultations, scales in found.order_by().values_list(
            "month", "side", "clinician", "sheets", "consultations", "scales_n"
        )
    ]


def team_results(
    *,
    team: Team,
    version: InstrumentVersion,
    today: date,
    for_user: User | None = None,
    complementary: bool = True,
) -> TeamResults:
    """What a lead reads of a team; `for_user` sees who released to them, and knows their own.

    `complementary` off shows what could be worked out if periods were not pooled: for tests.
    """
    settings = settings_for(team.programme_id)
    least = least_of(settings)
    until, year = months_back(today, 1), months_back(today, YEAR)
    reflections = list(
        Reflection.objects.ever_released()
        .filter(team=team, version=version)
        .select_related("clinician")
        .order_by("-last_month", "-pk")
    )
    of_group = {"team": team, "version": version, "month__lte": until}
    pairs: defaultdict[date, dict[int, int]] = defaultdict(dict)
    for month, clinician, many in PairTally.objects.filter(
        **of_group, clinician__isnull=False
    ).values_list("month", "clinician", "pairs"):
        pairs[month][clinician] = many
    found = periods_of(
        clinician_rows(team, version, until),
        pairs,
        until=until,
        least=least,
        known=known_by(reflections, for_user),
        complementary=complementary,
    )
    shape = shapes_of([version])[version.pk]
    rows = list(Tally.objects.filter(**of_group, clinician__isnull=True).order_by("month", "side"))
    group = _Group(shape, settings, found, rows, complementary=complementary)
    summary = group.summary(year)
    results: dict[str, Any] = {
        "series": group.series(months_back(today, SHOWN_MONTHS)),
        "released": _released(team, version, reflections, settings, shape, for_user),
    }
    if summary is None:
        return TeamResults(team=team, version=version, why=sentences.too_small(settings), **results)
    paired = list(
        PairTally.objects.filter(
            **of_group, clinician__isnull=True, month__gte=_first(found, year, summary)
        )
    )
    items = group.items(year)
    gaps = group.gaps(paired, year)
    return TeamResults(
        team=team,
        version=version,
        year=summary,
        sentence=sentences.best_and_growing(items),
        difference=gaps[0].sentence if gaps else "",
        counts=counts_of(group.sides(year), total(_within(paired, group.spans(year)))),
        scales=group.scales(year),
        items=items,
        gaps=gaps,
        agreement=group.agreement(paired, year),
        themes=group.themes(year),
        **results,
    )


class _Group:
    """The figures of a team by whole periods."""

    def __init__(
        self,
        shape: Shape,
        settings: ObservationSettings,
        found: Periods,
        rows: list[Tally],
        *,
        complementary: bool,
    ) -> None:
        self.shape, self.found, self.rows = shape, found, rows
        self.least = least_of(settings)
        self.complementary = complementary

    def summary(self, year: date) -> tuple[date, date] | None:
        spans = self.spans(year)
        return (spans[0][0], spans[-1][1]) if spans else None

    def spans(self, year: date, side: str = PARTNER) -> list[tuple[date, date]]:
        """Of the periods that end in the last twelve months."""
        shown = self.found.own if side == SELF else self.found.observers
        spans = [self.found.span(one) for one in self.found.since(shown, year)]
        if self.complementary or not spans:
            return spans
        return [(max(year, self.found.months[0]), self.found.months[-1])]

    def sides(self, year: date) -> dict[str, Sums]:
        sides = {}
        for side in (*_OBSERVERS, SELF):
            several = [row for row in self.rows if row.side == side]
            within = list(_within(several, self.spans(year, side)))
            if within:
                sides[side] = total(within)
        return sides

    def scales(self, year: date) -> tuple[Measured, ...]:
        sides = self.sides(year)
        return tuple(
            Measured(
                measure=measure,
                year=beside(self.shape, sides, "scale", place, self.least.consultations),
            )
            for place, measure in enumerate(self.shape.scales)
        )

    def items(self, year: date) -> tuple[Measured, ...]:
        """Of sides without a gap in any sheet: with gaps the sheets that have them could be told
        apart from the scores of the others."""
        whole = {
            side: sums
            for side, sums in self.sides(year).items()
            if {*sums["items_n"], *sums["scales_n"]} == set(sums["sheets"])
        }
        return tuple(
            Measured(
                measure=measure,
                year=beside(self.shape, whole, "item", place, self.least.consultations),
            )
            for place, measure in enumerate(self.shape.items)
        )

    def series(self, since: date) -> tuple[Series, ...]:
        """For each scale and side the periods that end since then."""
        return tuple(
            self._one_series(place, side, since)
            for place in range(len(self.shape.scales))
            for side in (*_OBSERVERS, SELF)
        )

    def _one_series(self, place: int, side: str, since: date) -> Series:
        points, means = [], []
        shown = self.found.own if side == SELF else self.found.observers
        for period in self.found.since(shown, since):
            first, last = self.found.span(period)
            if not self.least.is_enough(period.cell.sides[side]):
                continue
            several = (row for row in self.rows if row.side == side)
            sums = total(_within(several, [(first, last)]))
            figure = scale_figure(self.shape, sums, place)
            mean = scale_mean(self.shape, sums, place)
            if figure is not None and mean is not None:
                points.append(
                    PeriodPoint(
                        first_month=first,
                        last_month=last,
                        label=sentences.months_of(first, last),
                        figure=figure,
                    )
                )
                means.append(mean)
        return Series(
            measure=self.shape.scales[place],
            side=side,
            points=tuple(points),
            chart=spc.chart(means, rules="mdc", improvement="up"),
        )

    def gaps(self, paired: Sequence[PairTally], year: date) -> tuple[Gap, ...]:
        """Of the periods of pairs that end in the last twelve months."""
        spans = [self.found.span(one) for one in self.found.since(self.found.pairs, year)]
        if spans and not self.complementary:
            spans = self.spans(year)
        sums = total(_within(paired, spans))
        gaps = []
        for place, measure in enumerate(self.shape.scales):
            found = limits_of(self.shape, sums, place)
            if found.n >= self.least.consultations:
                gaps.append(
                    Gap(
                        measure=measure,
                        n=found.n,
                        limits=found,
                        sentence=sentences.difference(measure, found),
                    )
                )
        return tuple(gaps)

    def agreement(self, paired: Sequence[PairTally], year: date) -> Agreement | None:
        """How far the sides agree, without which of them is higher."""
        shown = self.found.since(self.found.observers, year)
        if not shown:
            return None
        cell = shown[0].cell
        for other in shown[1:]:
            cell = cell + other.cell
        safe = self.least.is_enough(cell.together) and self.least.is_safe(cell.paired[PARTNER])
        sums = total(_within(paired, self.spans(year))) if safe else Sums()
        if not safe:
            return None
        return agreement_of(self.shape, sums, least=self.least.consultations, with_limits=False)

    def themes(self, year: date) -> tuple[Theme, ...]:
        """What to try, the most wanted first; stars by name, so that their order tells nothing."""
        sides = self.sides(year)
        both = sides.get(PARTNER, Sums())["themes"] if PARTNER in sides else []
        sums = Sums(themes=both).plus({"themes": sides[PEER]["themes"] if PEER in sides else []})
        counts = [
            (many, measure.name)
            for many, measure in zip(sums["themes"], self.shape.items, strict=False)
            if many
        ]
        shown = published_all([many for many, _ in counts], complementary=self.complementary)
        themes = [
            Theme(name=name, shown=words) for (_, name), words in zip(counts, shown, strict=True)
        ]
        return tuple(
            sorted(themes, key=lambda one: (-int(one.shown) if one.shown != "*" else 0, one.name))
        )


def _released(
    team: Team,
    version: InstrumentVersion,
    reflections: Sequence[Reflection],
    settings: ObservationSettings,
    shape: Shape,
    for_user: User | None,
) -> tuple[Released, ...]:
    """The latest that each clinician released, for the lead they released it to."""
    if for_user is None or team.pk not in teams_led(for_user):
        return ()
    latest: dict[int, Reflection] = {}
    for one in reflections:
        if one.clinician_id != for_user.pk and one.status != Reflection.Status.PRIVATE:
            latest.setdefault(one.clinician_id, one)
    if not latest:
        return ()
    theirs = Q()
    for one in latest.values():
        theirs |= Q(clinician=one.clinician_id, month__range=(one.first_month, one.last_month))
    of_team = {"team": team, "version": version}
    rows: defaultdict[int, list[Tally]] = defaultdict(list)
    for row in Tally.objects.filter(theirs, **of_team).order_by("month", "side"):
        rows[row.clinician_id].append(row)
    pairs: defaultdict[int, list[PairTally]] = defaultdict(list)
    for pair in PairTally.objects.filter(theirs, **of_team):
        pairs[pair.clinician_id].append(pair)
    seen = {
        found["clinician"]: found
        for found in ObserverTally.objects.filter(theirs, **of_team, sheets__gt=0)
        .order_by()
        .values("clinician")
        .annotate(partners=Count("partner", distinct=True), peers=Count("person", distinct=True))
    }
    released = []
    for clinician, one in sorted(latest.items(), key=lambda pair: pair[1].clinician.name):
        counts = counts_of(by_side(rows[clinician]), total(pairs[clinician]))
        who = seen.get(clinician, {"partners": 0, "peers": 0})
        minimum = sentences.minimum(
            settings,
            consultations=counts.consultations,
            observers=who["partners"] + who["peers"],
            partners=who["partners"],
        )
        scales = measured(shape, rows[clinician], "scale", one.first_month)
        released.append(
            Released(
                reflection=one,
                minimum=minimum,
                counts=counts,
                scales=scales if minimum.reached else (),
            )
        )
    return tuple(released)


def _within(rows: Iterable[Any], spans: Sequence[tuple[date, date]]) -> Iterable[Any]:
    return [row for row in rows if any(first <= row.month <= last for first, last in spans)]


def _first(found: Periods, year: date, summary: tuple[date, date]) -> date:
    """The first month of any pair that is shown."""
    starts = [found.span(one)[0] for one in found.since(found.pairs, year)]
    return min([summary[0], *starts])


def _months(first: date, last: date) -> list[date]:
    many = (last.year - first.year) * 12 + last.month - first.month
    return [months_back(last, back) for back in range(many, -1, -1)]
