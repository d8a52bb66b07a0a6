"""From tallies to figures: what a version measures, sums of rows, means and agreement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from observations.models import InstrumentVersion, Item, Scale, Side
from observations.services.results_shown import (
    Agreement,
    Beside,
    Counts,
    Figure,
    Measure,
    MeasureAgreement,
)
from observations.services.tally_rows import Sums, sums_of
from observations.statistics import gwet, icc, limits, raw

VERDICT_FROM = 10  # pairs
YEAR = 12
_MILLION = 1_000_000
PARTNER, PEER, SELF = Side.PARTNER.value, Side.PEER.value, Side.SELF.value
_BESIDE = {PARTNER: "partner", PEER: "peer", SELF: "own"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a version measures; `units` are the steps in which each scale's score moves."""

    version: InstrumentVersion
    scales: list[Measure] = field(default_factory=list)
    units: list[Fraction] = field(default_factory=list)
    items: list[Measure] = field(default_factory=list)


def shapes_of(versions: Collection[InstrumentVersion]) -> dict[int, Shape]:
    """Scales and items of versions in order of number. Two statements."""
    shapes = {version.pk: Shape(version) for version in versions}
    for item in Item.objects.filter(version__in=shapes).order_by("number"):
        shape = shapes[item.version_id]
        low, high = shape.version.lowest, shape.version.highest
        shape.items.append(
            Measure(kind="item", number=item.number, name=item.short, lowest=low, highest=high)
        )
    for scale in Scale.objects.filter(version__in=shapes).order_by("number"):
        shape = shapes[scale.version_id]
        low, high = shape.version.lowest, shape.version.highest
        many = len(scale.items)
        of_marks = scale.rule == Scale.Rule.MEAN
        shape.scales.append(
            Measure(
                kind="scale",
                number=scale.number,
                name=scale.name,
                lowest=low if of_marks else 0,
                highest=high if of_marks else 100,
            )
        )
        shape.units.append(
            {
                "mean": Fraction(1, many),
                "top": Fraction(100),
                "sum_100": Fraction(100, many * (high - low)),
            }[scale.rule]
        )
    return shapes


def months_back(today: date, many: int) -> date:
    """The first day of the month that is `many` months before that of `today`."""
    months = today.year * 12 + today.month - 1 - many
    return date(months // 12, months % 12 + 1, 1)


def total(rows: Iterable[Any]) -> Sums:
    """Rows of one version as one."""
    sums = Sums()
    for row in rows:
        sums = sums.plus(sums_of(row))
    return sums


def one(sums: Sums, name: str) -> int:
    """A column that is one number."""
    return next(iter(sums.get(name, [])), 0)


def rounded(number: Fraction, places: int) -> Decimal:
    """Half up."""
    shift = 10**places
    return Decimal(int((number * shift + Fraction(1, 2)) // 1)).scaleb(-places)


def scale_mean(shape: Shape, sums: Sums, place: int) -> Fraction | None:
    """The mean score of a side; None without one."""
    n = _at(sums, "scales_n", place)
    return _exact(_at(sums, "scales_sum", place), shape.units[place]) / n if n else None


def scale_figure(shape: Shape, sums: Sums, place: int, least: int = 1) -> Figure | None:
    n, mean = _at(sums, "scales_n", place), scale_mean(shape, sums, place)
    if mean is None or n < least:
        return None
    return Figure(n=n, mean=rounded(mean, 1 if shape.scales[place].highest == 100 else 2))


def item_figure(shape: Shape, sums: Sums, place: int, least: int = 1) -> Figure | None:
    n = _at(sums, "items_n", place)
    if n < max(least, 1):
        return None
    return Figure(n=n, mean=rounded(Fraction(_at(sums, "items_sum", place), n), 2))


def beside(shape: Shape, sides: dict[str, Sums], kind: str, place: int, least: int = 1) -> Beside:
    """The figures of the three sides of one measure."""
    figure = scale_figure if kind == "scale" else item_figure
    found = {
        _BESIDE[side]: figure(shape, sums, place, least if side != SELF else 1)
        for side, sums in sides.items()
    }
    return Beside(**found)


def counts_of(sides: dict[str, Sums], pairs: Sums) -> Counts:
    partner, peer, own = (sides.get(side, Sums()) for side in (PARTNER, PEER, SELF))
    both = one(pairs, "pairs")
    return Counts(
        consultations=one(partner, "consultations") + one(peer, "consultations") - both,
        partner_sheets=one(partner, "sheets"),
        peer_sheets=one(peer, "sheets"),
        self_ratings=one(own, "sheets"),
        no_decision=one(partner, "no_decision") + one(peer, "no_decision"),
        pairs=both,
    )


def limits_of(shape: Shape, sums: Sums, place: int) -> limits.Limits:
    """Partner minus peer."""
    return limits.from_sums(*_six(shape, sums, place))


def agreement_of(
    shape: Shape, sums: Sums, *, least: int = VERDICT_FROM, with_limits: bool = True
) -> Agreement:
    """How far partner and peer agree; below `least` pairs (never under 10) that there are few."""
    pairs = one(sums, "pairs")
    least = max(least, VERDICT_FROM)
    if pairs < least:
        few = f"there are {pairs}" if pairs > 1 else "there is one" if pairs else "there is none"
        return Agreement(
            pairs=pairs,
            sentence="How far partners and peers agree can be told when both have rated "
            f"{least} consultations; so far {few}.",
        )
    scales = tuple(
        MeasureAgreement(
            measure=measure,
            icc=icc.from_sums(*_six(shape, sums, place)).one,
            limits=limits_of(shape, sums, place) if with_limits else None,
        )
        for place, measure in enumerate(shape.scales)
    )
    categories = list(range(shape.version.lowest, shape.version.highest + 1))
    size = len(categories)
    table = sums.get("table", [])
    items = []
    for place, measure in enumerate(shape.items):
        cells = table[place * size * size : (place + 1) * size * size]
        square = [cells[row * size : (row + 1) * size] for row in range(size)]
        found = raw.from_table(square, categories)
        items.append(
            MeasureAgreement(
                measure=measure,
                raw=found.exact,
                near=found.within_one,
                ac2=gwet.from_table(square, categories),
            )
        )
    return Agreement(
        pairs=pairs,
        sentence=f"A partner and a peer both rated {pairs:,} consultations.",
        scales=scales,
        items=tuple(items),
    )


def _six(shape: Shape, sums: Sums, place: int) -> Sequence[Any]:
    unit = shape.units[place]
    squares = [
        _exact(_at(sums, name, place), unit * unit)
        for name in ("partner_squares", "peer_squares", "products")
    ]
    simple = [_exact(_at(sums, name, place), unit) for name in ("partner_sum", "peer_sum")]
    return (_at(sums, "scales_n", place), *simple, *squares)


def _at(sums: Sums, name: str, place: int) -> int:
    numbers = sums.get(name, [])
    return numbers[place] if place < len(numbers) else 0


def _exact(millionths: int, unit: Fraction) -> Fraction:
    """A sum of scores as it was before each was rounded to six places: a number of whole steps."""
    return round(Fraction(millionths, _MILLION) / unit) * unit
