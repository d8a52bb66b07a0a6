"""What a clinician reads of themselves: three sides beside each other, each version alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.models import Team, User
from observations.models import (
    Crosswalk,
    InstrumentVersion,
    ObservationSettings,
    ObserverTally,
    PairTally,
    Tally,
)
from observations.services import sentences
from observations.services.results_reading import (
    YEAR,
    Shape,
    agreement_of,
    beside,
    counts_of,
    limits_of,
    months_back,
    one,
    shapes_of,
    total,
)
from observations.services.results_shown import (
    Agreement,
    ClinicianResults,
    Measure,
    Measured,
    Minimum,
    Month,
    OtherVersion,
)

Rows = Mapping[date, list[Tally]]


def clinician_results(
    *,
    clinician: User,
    team: Team,
    version: InstrumentVersion,
    today: date,
    months: int = 24,
    period: tuple[date, date] | None = None,
) -> ClinicianResults:
    """What a clinician reads of themselves; words only until the programme's minimum.

    `period` (first and last month) makes it of these months and of no other, as a reflection is.
    """
    year = period or (months_back(today, YEAR - 1), months_back(today, 0))
    since = period[0] if period else months_back(today, months - 1)
    mine = {"clinician": clinician, "team": team, "version__instrument": version.instrument_id}
    in_time = {"month__gte": min(since, year[0]), "month__lte": year[1]}
    by_version: defaultdict[int, list[Tally]] = defaultdict(list)
    versions = {version.pk: version}
    rows = Tally.objects.filter(**mine, **in_time).select_related("version__instrument")
    for row in rows.order_by("month", "side"):
        by_version[row.version_id].append(row)
        versions.setdefault(row.version_id, row.version)
    shapes = shapes_of(list(versions.values()))
    settings = settings_for(team.programme_id)
    pairs = total(
        PairTally.objects.filter(clinician=clinician, team=team, version=version, month__range=year)
    )
    observers = _observers(mine, in_time, year[0])
    sides = by_side(row for row in by_version[version.pk] if row.month >= year[0])
    counts = counts_of(sides, pairs)
    seen = observers.get(version.pk, {})
    minimum = sentences.minimum(
        settings,
        consultations=counts.consultations,
        observers=seen.get("partners_year", 0) + seen.get("peers_year", 0),
        partners=seen.get("partners_year", 0),
    )
    results: dict[str, Any] = {}
    if minimum.reached:
        shape = shapes[version.pk]
        results = _figures(shape, by_version[version.pk], year[0])
        agreement = agreement_of(shape, pairs)
        results |= {
            "agreement": agreement,
            "sentence": sentences.best_and_growing(results["items"]),
            "difference": _difference(shape, agreement, pairs),
        }
    others = [
        other
        for other in versions.values()
        if other.pk != version.pk
        and _is_enough(settings, by_version[other.pk], observers.get(other.pk, {}))
    ]
    return ClinicianResults(
        clinician=clinician,
        team=team,
        version=version,
        year=year,
        minimum=minimum,
        counts=counts,
        others=_others(version, others, by_version, shapes, year[0]),
        **results,
    )


def settings_for(programme: int) -> ObservationSettings:
    """The programme's numbers; while there are none the defaults, unsaved: reading writes none."""
    found = ObservationSettings.objects.filter(programme=programme).first()
    return found or ObservationSettings(programme_id=programme)


def by_side(rows: Iterable[Tally]) -> dict[str, Any]:
    """Rows of one version as one for each side."""
    sides: defaultdict[str, list[Tally]] = defaultdict(list)
    for row in rows:
        sides[row.side].append(row)
    return {side: total(several) for side, several in sides.items()}


def measured(shape: Shape, rows: list[Tally], kind: str, since: date) -> tuple[Measured, ...]:
    """Each scale (or item) month by month, and from `since` as one."""
    months: defaultdict[date, list[Tally]] = defaultdict(list)
    for row in rows:
        months[row.month].append(row)
    by_month = {month: by_side(months[month]) for month in sorted(months)}
    year = by_side(row for row in rows if row.month >= since)
    measures: list[Measure] = shape.scales if kind == "scale" else shape.items
    return tuple(
        Measured(
            measure=measure,
            year=beside(shape, year, kind, place),
            months=tuple(
                Month(month=month, figures=beside(shape, sides, kind, place))
                for month, sides in by_month.items()
            ),
        )
        for place, measure in enumerate(measures)
    )


def _figures(shape: Shape, rows: list[Tally], since: date) -> dict[str, Any]:
    return {
        "scales": measured(shape, rows, "scale", since),
        "items": measured(shape, rows, "item", since),
    }


def _difference(shape: Shape, agreement: Agreement, pairs: Any) -> str:
    if not shape.scales or not agreement.scales:
        return ""
    return sentences.difference(shape.scales[0], limits_of(shape, pairs, 0))


def _observers(
    mine: Mapping[str, Any], in_time: Mapping[str, Any], year: date
) -> dict[int, dict[str, int]]:
    """By version how many partners and peers observed, in all and in the last twelve months."""
    recent = Q(month__gte=year)
    rows: Iterable[Any] = (
        ObserverTally.objects.filter(**mine, **in_time, sheets__gt=0)
        .order_by()
        .values("version")
        .annotate(
            partners=Count("partner", distinct=True),
            peers=Count("person", distinct=True),
            partners_year=Count("partner", distinct=True, filter=recent),
            peers_year=Count("person", distinct=True, filter=recent),
        )
    )
    return {row["version"]: row for row in rows}


def _is_enough(settings: ObservationSettings, rows: list[Tally], seen: Mapping[str, int]) -> bool:
    """Whether another version has enough in all the months shown.

    Consultations of the side that has most: a consultation may have been rated by both.
    """
    many = [one(sums, "consultations") for side, sums in by_side(rows).items() if side != "self"]
    found: Minimum = sentences.minimum(
        settings,
        consultations=max(many, default=0),
        observers=seen.get("partners", 0) + seen.get("peers", 0),
        partners=seen.get("partners", 0),
    )
    return found.reached


def _others(
    version: InstrumentVersion,
    others: list[InstrumentVersion],
    rows: Mapping[int, list[Tally]],
    shapes: Mapping[int, Shape],
    since: date,
) -> tuple[OtherVersion, ...]:
    if not others:
        return ()
    walks = list(
        Crosswalk.objects.filter(
            Q(scale__version=version, before__version__in=others)
            | Q(before__version=version, scale__version__in=others)
        ).select_related("scale", "before")
    )
    return tuple(
        OtherVersion(
            version=other,
            scales=measured(shapes[other.pk], rows[other.pk], "scale", since),
            crosswalks=tuple(
                sentences.crosswalk(
                    _named(walk.before, version, other),
                    _named(walk.scale, version, other),
                    walk.factor,
                    walk.constant,
                    walk.basis,
                )
                for walk in walks
                if other.pk in {walk.scale.version_id, walk.before.version_id}
            ),
        )
        for other in sorted(others, key=lambda one: -one.number)
    )


def _named(scale: Any, version: InstrumentVersion, other: InstrumentVersion) -> str:
    number = version.number if scale.version_id == version.pk else other.number
    return f"{scale.name}, version {number}"
