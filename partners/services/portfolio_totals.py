"""A partner's work counted: in all, and over time by kind. The database counts; few rows come."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear

from partners.models.contribution import Kind

PERIODS = 12
LANES = 5
_TRUNC = {1: TruncMonth, 3: TruncQuarter, 12: TruncYear}


@dataclass(frozen=True)
class Lane:
    """One kind of work: the minutes of each period, and in all."""

    label: str
    minutes: list[int]

    @property
    def total(self) -> int:
        return sum(self.minutes)


@dataclass(frozen=True)
class Totals:
    """What some contributions come to, and how they lie in time.

    `months` says how long a period is: 1, 3 or 12; `periods` holds the first day of each.
    """

    pieces: int
    minutes: int
    months: int
    periods: list[date]
    lanes: list[Lane]


def totals_of(rows: QuerySet[Any]) -> Totals:
    """Count `rows` of the ledger; by the month where a year holds them, else by quarter or year.

    At most twelve periods, the latest; the smallest kinds are put together.
    """
    whole = rows.order_by().aggregate(
        pieces=Count("pk"),
        minutes=Sum("minutes"),
        first=Min("happened_on"),
        last=Max("happened_on"),
    )
    if not whole["pieces"]:
        return Totals(0, 0, 1, [], [])
    months = _months(whole["first"], whole["last"])
    periods = _periods(whole["first"], whole["last"], months)
    found = (
        rows.filter(happened_on__gte=periods[0])
        .order_by()
        .values_list("kind", _TRUNC[months]("happened_on"))
        .annotate(minutes=Sum("minutes"))
    )
    by_kind: dict[str, dict[date, int]] = defaultdict(dict)
    for kind, period, minutes in found:
        by_kind[kind][period] = minutes
    return Totals(whole["pieces"], whole["minutes"], months, periods, _lanes(by_kind, periods))


def _months(first: date, last: date) -> int:
    apart = _number(last) - _number(first)
    if apart < PERIODS:
        return 1
    return 3 if apart // 3 + 1 < PERIODS else 12


def _periods(first: date, last: date, months: int) -> list[date]:
    """The first day of each period from `first` to `last`, the latest twelve."""
    begin, end = _number(first) // months, _number(last) // months
    numbers = range(max(begin, end - PERIODS + 1), end + 1)
    return [date(n * months // 12, n * months % 12 + 1, 1) for n in numbers]


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _lanes(by_kind: dict[str, dict[date, int]], periods: list[date]) -> list[Lane]:
    lanes = [
        Lane(str(Kind(kind).label), [minutes.get(period, 0) for period in periods])
        for kind, minutes in by_kind.items()
    ]
    lanes.sort(key=lambda lane: (-lane.total, lane.label))
    shown, others = lanes[:LANES], lanes[LANES:]
    if len(others) == 1:
        return lanes
    if others:
        sums = [sum(column) for column in zip(*(lane.minutes for lane in others), strict=True)]
        shown.append(Lane("Other kinds", sums))
    return shown
