"""Rows of tallies as keys and sums that can be added and taken away.

Sums are whole numbers: where a column is decimal with six places, of millionths.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django.db import models

from observations.models import ObserverTally, PairTally, Tally

_PLACES = 6
_OF = ("programme", "team", "clinician", "version", "month")
_DECIMALS = frozenset(
    {"scales_sum", "scales_squares", "partner_sum", "peer_sum", "partner_squares", "peer_squares"}
    | {"products", "gap_sum", "gap_squares"}
)


class Unit(NamedTuple):
    """A clinician's month in a team, by its first day."""

    team: int
    clinician: int
    month: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Which row: of a clinician, of a team (no clinician), of a programme (no team)."""

    model: type[models.Model]
    programme: int
    version: int
    month: date
    team: int | None = None
    clinician: int | None = None
    side: str = ""
    partner: int | None = None
    person: int | None = None

    FIELDS: ClassVar[dict[type[models.Model], tuple[str, ...]]] = {
        Tally: (*_OF, "side"),
        PairTally: _OF,
        ObserverTally: (*_OF, "partner", "person"),
    }

    @property
    def unit(self) -> Unit | None:
        if self.team is None or self.clinician is None:
            return None
        return Unit(self.team, self.clinician, self.month)

    def parents(self) -> Iterator["Key"]:
        """The rows that this one is part of; observers have none of a team."""
        levels = (None,) if self.model is ObserverTally else (self.team, None)
        for team in levels:
            yield Key(
                model=self.model,
                programme=self.programme,
                version=self.version,
                month=self.month,
                team=team,
                side=self.side,
                partner=self.partner,
                person=self.person,
            )


class Sums(dict[str, list[int]]):
    """Column by column; a column that is one number has one place."""

    FIELDS: ClassVar[dict[type[models.Model], tuple[str, ...]]] = {
        Tally: (
            *("sheets", "no_decision", "consultations", "themes", "items_n", "items_sum"),
            *("scales_n", "scales_sum", "scales_squares"),
        ),
        PairTally: (
            *("pairs", "table", "scales_n", "partner_sum", "peer_sum"),
            *("partner_squares", "peer_squares", "products"),
        ),
        ObserverTally: ("sheets", "gaps", "gap_sum", "gap_squares"),
    }

    def __bool__(self) -> bool:
        """Something other than nothing was counted."""
        return any(number for numbers in self.values() for number in numbers)

    def plus(self, other: Mapping[str, Sequence[int]]) -> "Sums":
        return self._with(other, 1)

    def minus(self, other: Mapping[str, Sequence[int]]) -> "Sums":
        return self._with(other, -1)

    def _with(self, other: Mapping[str, Sequence[int]], sign: int) -> "Sums":
        result = Sums({name: list(numbers) for name, numbers in self.items()})
        for name, numbers in other.items():
            into = result.setdefault(name, [])
            into.extend([0] * (len(numbers) - len(into)))
            for place, number in enumerate(numbers):
                into[place] += sign * number
        return result


def key_of(row: Any) -> Key:
    """Which row it is."""
    return Key(
        model=type(row),
        programme=row.programme_id,
        version=row.version_id,
        month=row.month,
        team=row.team_id,
        clinician=row.clinician_id,
        side=getattr(row, "side", ""),
        partner=getattr(row, "partner_id", None),
        person=getattr(row, "person_id", None),
    )


def sums_of(row: Any) -> Sums:
    """What it holds."""
    sums = Sums()
    for name in Sums.FIELDS[type(row)]:
        value = getattr(row, name)
        numbers = value if isinstance(value, list) else [value]
        if name in _DECIMALS:
            numbers = [int(Decimal(number).scaleb(_PLACES)) for number in numbers]
        sums[name] = list(numbers)
    return sums


def as_row(key: Key, sums: Sums) -> Any:
    """The row to write."""
    row: Any = key.model(
        programme_id=key.programme,
        version_id=key.version,
        month=key.month,
        team_id=key.team,
        clinician_id=key.clinician,
    )
    if key.model is Tally:
        row.side = key.side
    if key.model is ObserverTally:
        row.partner_id, row.person_id = key.partner, key.person
    for name in Sums.FIELDS[key.model]:
        numbers: list[Any] = sums.get(name, [])
        if name in _DECIMALS:
            numbers = [Decimal(number).scaleb(-_PLACES) for number in numbers]
        single = key.model._meta.get_field(name).get_internal_type() != "ArrayField"
        setattr(row, name, (numbers[0] if numbers else 0) if single else numbers)
    return row
