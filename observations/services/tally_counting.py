"""Clinician-months counted from their sheets, self-ratings and cleared comments.

Reads a stream: however many sheets there are, those of one clinician's month are held at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import TruncMonth

from observations.models import (
    Comment,
    InstrumentVersion,
    Item,
    Observation,
    ObserverTally,
    PairTally,
    Scale,
    SelfRating,
    Side,
    Tally,
)
from observations.services.tally_rows import Key, Sums, Unit
from observations.statistics import scoring

Counted = dict[Key, Sums]
Marks = Sequence[int | None]

MILLION = 1_000_000
_NO = Observation.Decision.NO.value
_PARTNER, _PEER, _SELF = Side.PARTNER.value, Side.PEER.value, Side.SELF.value
ONE_WEEK = timedelta(days=7)
_STREAM = 2000  # rows fetched at a time


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a version: how many items, its marks, and of each scale the rule and where its items
    stand."""

    lowest: int
    highest: int
    numbers: list[int] = field(default_factory=list)
    scales: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def scores(self, marks: Marks) -> list["Score | None"]:
        """By scale in order of number: 0 to 100, but a mean, which is on the marks' scale."""
        return [
            _score(rule, tuple([marks[place] for place in places]), self.lowest, self.highest)
            for rule, places in self.scales
        ]


class Score(NamedTuple):
    """A score, exactly; and in millionths, as it and its square are kept."""

    value: Fraction
    millionths: int
    square: int


@dataclass(slots=True)
class Sheet:
    """One observer's sheet, or (of nobody) a self-rating."""

    version: int
    marks: Marks
    consultation: int = 0
    decision: str = ""
    partner: int | None = None
    person: int | None = None
    theme: int | None = None

    @property
    def side(self) -> str:
        if self.partner is not None:
            return _PARTNER
        return _SELF if self.person is None else _PEER


def counted(
    programme: int, units: Collection[Unit] | None = None
) -> Iterator[tuple[Unit, Counted]]:
    """The rows of each clinician-month of `programme` in which there is something to count."""
    shapes = _shapes(programme)
    own = _self_ratings(programme, units)
    for unit, sheets in _sheets(programme, units):
        yield unit, _count(programme, unit, [*sheets, *own.pop(unit, [])], shapes)
    for unit, ratings in own.items():
        yield unit, _count(programme, unit, ratings, shapes)


def _sheets(
    programme: int, units: Collection[Unit] | None
) -> Iterator[tuple[Unit, Iterator[Sheet]]]:
    """Submitted sheets by clinician-month, of a consultation in the order of submitting."""
    session = "consultation__session__"
    rows = (
        _of_units(Observation.objects.submitted(), session, programme, units)
        .annotate(
            counted_month=TruncMonth(f"{session}day"),
            tried=FilteredRelation(
                "comments",
                condition=Q(
                    comments__kind=Comment.Kind.TO_TRY, comments__status=Comment.Status.CLEARED
                ),
            ),
            about=F("tried__theme__number"),
        )
        .order_by(
            f"{session}team",
            f"{session}clinician",
            "counted_month",
            "consultation",
            "submitted_at",
            "pk",
        )
        .values_list(
            f"{session}team",
            f"{session}clinician",
            "counted_month",
            "version",
            "marks",
            "consultation",
            "decision",
            "observer__partner",
            "observer__person",
            "about",
        )
        .iterator(chunk_size=_STREAM)
    )
    for unit, several in groupby(rows, key=lambda row: Unit(*row[:3])):
        if units is None or unit in units:
            yield unit, (Sheet(*row[3:]) for row in several)


def _self_ratings(programme: int, units: Collection[Unit] | None) -> defaultdict[Unit, list[Sheet]]:
    rows = (
        _of_units(SelfRating.objects.all(), "session__", programme, units)
        .annotate(counted_month=TruncMonth("session__day"))
        .order_by("pk")
        .values_list(
            "session__team", "session__clinician", "counted_month", "session__version", "marks"
        )
        .iterator(chunk_size=_STREAM)
    )
    found: defaultdict[Unit, list[Sheet]] = defaultdict(list)
    for row in rows:
        unit = Unit(*row[:3])
        if units is None or unit in units:
            found[unit].append(Sheet(*row[3:]))
    return found


def _of_units(
    rows: QuerySet[Any], session: str, programme: int, units: Collection[Unit] | None
) -> QuerySet[Any]:
    """Those of the sessions of these clinician-months, and few others."""
    rows = rows.filter(**{f"{session}programme": programme})
    if units is None:
        return rows
    months = Q()
    for month in {unit.month for unit in units}:
        last = (month.replace(day=28) + ONE_WEEK).replace(day=1)
        months |= Q(**{f"{session}day__gte": month, f"{session}day__lt": last})
    return rows.filter(
        months,
        **{
            f"{session}clinician__in": {unit.clinician for unit in units},
            f"{session}team__in": {unit.team for unit in units},
        },
    )


def _shapes(programme: int) -> dict[int, Shape]:
    shapes = {
        pk: Shape(lowest, highest)
        for pk, lowest, highest in InstrumentVersion.objects.filter(
            instrument__programme=programme
        ).values_list("pk", "lowest", "highest")
    }
    items = Item.objects.filter(version__instrument__programme=programme)
    for version, number in items.order_by("number").values_list("version", "number"):
        shapes[version].numbers.append(number)
    scales = Scale.objects.filter(version__instrument__programme=programme)
    for scale in scales.order_by("number"):
        numbers = shapes[scale.version_id].numbers
        places = tuple(numbers.index(number) for number in scale.items if number in numbers)
        shapes[scale.version_id].scales.append((scale.rule, places))
    return shapes


@lru_cache(maxsize=65536)
def _score(rule: str, marks: tuple[int | None, ...], lowest: int, highest: int) -> Score | None:
    found = scoring.score(rule, marks, lowest, highest)
    if found is None:
        return None
    value = 100 * found if rule == "top" else found
    return Score(value, round(value * MILLION), round(value * value * MILLION))


@lru_cache(maxsize=65536)
def _against(a: int, b: int, c: int, d: int) -> tuple[int, int, int]:
    """Of the scores a/b and c/d the product, the difference and its square, in millionths."""
    one, other = Fraction(a, b), Fraction(c, d)
    apart = one - other
    return round(one * other * MILLION), round(apart * MILLION), round(apart * apart * MILLION)


def _compared(one: Score, other: Score) -> tuple[int, int, int]:
    a, b = one.value, other.value
    return _against(a.numerator, a.denominator, b.numerator, b.denominator)


class _Month:
    """The rows of one clinician-month, filled sheet by sheet."""

    def __init__(self, programme: int, unit: Unit, shapes: dict[int, Shape]) -> None:
        self.programme, self.unit, self.shapes = programme, unit, shapes
        self.rows: Counted = {}
        self._found: dict[tuple[Any, ...], Sums] = {}

    def row(
        self,
        model: type,
        version: int,
        side: str = "",
        partner: int | None = None,
        person: int | None = None,
    ) -> Sums:
        at = (model, version, side, partner, person)
        if at not in self._found:
            more = {"side": side, "partner": partner, "person": person}
            self._found[at] = self._new_row(model, version, **more)
        return self._found[at]

    def _new_row(self, model: type, version: int, **more: Any) -> Sums:
        key = Key(
            model=model, programme=self.programme, version=version, **self.unit._asdict(), **more
        )
        shape = self.shapes[version]
        sums = Sums({name: [0] for name in Sums.FIELDS[model]})
        items, scales = len(shape.numbers), len(shape.scales)
        for name in sums:
            if name.startswith("items") or name == "themes":
                sums[name] = [0] * items
            elif name == "table":
                sums[name] = [0] * (items * (shape.highest - shape.lowest + 1) ** 2)
            elif model is not ObserverTally and name.startswith(
                ("scales", "partner", "peer", "products")
            ):
                sums[name] = [0] * scales
        self.rows[key] = sums
        return sums

    def add_sheet(self, sheet: Sheet) -> None:
        shape = self.shapes[sheet.version]
        row = self.row(Tally, sheet.version, side=sheet.side)
        if sheet.theme is not None:
            row["themes"][shape.numbers.index(sheet.theme)] += 1
        if sheet.decision == _NO:
            row["no_decision"][0] += 1
            return
        row["sheets"][0] += 1
        items_n, items_sum = row["items_n"], row["items_sum"]
        for place, mark in enumerate(sheet.marks):
            if mark is not None:
                items_n[place] += 1
                items_sum[place] += mark
        for place, score in enumerate(shape.scores(sheet.marks)):
            if score is not None:
                row["scales_n"][place] += 1
                row["scales_sum"][place] += score.millionths
                row["scales_squares"][place] += score.square
        if sheet.side == _SELF:
            row["consultations"][0] += 1
        else:
            self.row(ObserverTally, sheet.version, partner=sheet.partner, person=sheet.person)[
                "sheets"
            ][0] += 1

    def add_consultation(self, version: int, sheets: Sequence[Sheet]) -> None:
        """What the observers of one consultation rated with one version, in order."""
        first: dict[str, Sheet] = {}
        for sheet in sheets:
            first.setdefault(sheet.side, sheet)
        for side in first:
            self.row(Tally, version, side=side)["consultations"][0] += 1
        if len(first) == 2:
            self._add_pair(version, first[_PARTNER], first[_PEER])

    def _add_pair(self, version: int, partner: Sheet, peer: Sheet) -> None:
        shape = self.shapes[version]
        row = self.row(PairTally, version)
        row["pairs"][0] += 1
        size = shape.highest - shape.lowest + 1
        for place, (one, other) in enumerate(zip(partner.marks, peer.marks, strict=True)):
            if one is not None and other is not None:
                across = (one - shape.lowest) * size + other - shape.lowest
                row["table"][place * size * size + across] += 1
        scores = list(zip(shape.scores(partner.marks), shape.scores(peer.marks), strict=True))
        for place, (a, b) in enumerate(scores):
            if a is not None and b is not None:
                row["scales_n"][place] += 1
                row["partner_sum"][place] += a.millionths
                row["peer_sum"][place] += b.millionths
                row["partner_squares"][place] += a.square
                row["peer_squares"][place] += b.square
                row["products"][place] += _compared(a, b)[0]
        if scores and scores[0][0] is not None and scores[0][1] is not None:
            _, apart, square = _compared(scores[0][0], scores[0][1])
            for sheet, gap in ((partner, apart), (peer, -apart)):
                own = self.row(ObserverTally, version, partner=sheet.partner, person=sheet.person)
                own["gaps"][0] += 1
                own["gap_sum"][0] += gap
                own["gap_squares"][0] += square


def _count(
    programme: int, unit: Unit, sheets: Collection[Sheet], shapes: dict[int, Shape]
) -> Counted:
    """The rows of one clinician-month. Sheets of a consultation stand together, in order."""
    month = _Month(programme, unit, shapes)
    consultations: dict[tuple[int, int], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        month.add_sheet(sheet)
        if sheet.side != _SELF and sheet.decision != _NO:
            consultations[sheet.consultation, sheet.version].append(sheet)
    for (_, version), together in consultations.items():
        month.add_consultation(version, together)
    return month.rows
