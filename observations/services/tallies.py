"""What was found, kept in step with the sheets.

One clinician's month in a team is counted anew from its sheets and self-ratings; what that changes
is carried to the team's and the programme's rows. The lock of the programme's settings row makes
this one at a time in each programme, so that nobody counts what somebody else is about to change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from accounts.models import Programme, Team, User
from observations.models import (
    ClinicSession,
    ObservationSettings,
    ObserverTally,
    PairTally,
    Tally,
)
from observations.services.instruments import settings_of
from observations.services.tally_counting import Counted, counted
from observations.services.tally_rows import Key, Sums, Unit, as_row, key_of, sums_of

_MODELS: tuple[type[models.Model], ...] = (Tally, PairTally, ObserverTally)
_AT_ONCE = 500  # clinician-months
Month = tuple[Team, User, date]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what it would be if it were counted anew."""

    model: str
    key: Key
    kept: Sums
    anew: Sums

    def __str__(self) -> str:
        return f"{self.model} {self.key}: kept {self.kept}, counted anew {self.anew}"


@transaction.atomic
def recount(what: Collection[ClinicSession | Month]) -> None:
    """Count the clinician's months of these clinics, or (team, clinician, any day of it), anew.

    To be called in the transaction that changes what is counted: a sheet submitted, a self-rating,
    a comment cleared. Many at once cost few statements.
    """
    units: dict[int, set[Unit]] = defaultdict(set)
    for one in what:
        if isinstance(one, ClinicSession):
            unit = Unit(one.team_id, one.clinician_id, one.day.replace(day=1))
            units[one.programme_id].add(unit)
        else:
            team, clinician, day = one
            units[team.programme_id].add(Unit(team.pk, clinician.pk, day.replace(day=1)))
    for programme in sorted(units):
        lock(programme)
        _keep(programme, units[programme], counted(programme, units[programme]))


@transaction.atomic
def recount_programme(programme: Programme) -> int:
    """Count every month of a programme anew; how many clinician-months there are."""
    lock(programme.pk)
    for model in _MODELS:
        model._default_manager.filter(programme=programme).delete()
    return _keep(programme.pk, (), counted(programme.pk))


@transaction.atomic
def check(programme: Programme) -> list[Difference]:
    """Rows of `programme` that are not what its sheets come to; there should be none."""
    lock(programme.pk)
    anew: dict[type[models.Model], dict[Key, Sums]] = {model: {} for model in _MODELS}
    for _, found in counted(programme.pk):
        for key, sums in _with_parents(found):
            into = anew[key.model]
            into[key] = into[key].plus(sums) if key in into else sums
    differences = []
    for model in _MODELS:
        kept = {
            key_of(row): sums_of(row)
            for row in model._default_manager.filter(programme=programme).iterator()
        }
        for key in sorted(kept.keys() | anew[model].keys(), key=str):
            before, after = kept.get(key, Sums()), anew[model].get(key, Sums())
            if after.minus(before):
                differences.append(Difference(model.__name__, key, before, after))
    return differences


def lock(programme: int) -> None:
    """Hold the programme's tallies until the transaction ends."""
    row = ObservationSettings.objects.select_for_update().filter(programme=programme)
    if row.first() is None:
        settings_of(Programme.objects.get(pk=programme))
        row.get()


def _keep(programme: int, units: Collection[Unit], found: Iterable[tuple[Unit, Counted]]) -> int:
    """Write what was found of `units` (and of others that were met), a batch at a time."""
    many = 0
    left = set(units)
    for batch in _batches(found):
        left -= batch.keys()
        many += len(batch)
        _write(programme, batch)
    gone = sorted(left)
    for start in range(0, len(gone), _AT_ONCE):
        _write(programme, {unit: {} for unit in gone[start : start + _AT_ONCE]})
    return many


def _batches(found: Iterable[tuple[Unit, Counted]]) -> Iterator[dict[Unit, Counted]]:
    batch: dict[Unit, Counted] = {}
    for unit, sums in found:
        batch[unit] = sums
        if len(batch) == _AT_ONCE:
            yield batch
            batch = {}
    if batch:
        yield batch


def _write(programme: int, batch: dict[Unit, Counted]) -> None:
    """Carry the difference between what is kept of these clinician-months and what was counted."""
    after: dict[Key, Sums] = {}
    for found in batch.values():
        after.update(found)
    for model in _MODELS:
        mine = {key: sums for key, sums in after.items() if key.model is model}
        _write_rows(model, programme, batch.keys(), mine)


def _write_rows(
    model: type[models.Model], programme: int, units: Collection[Unit], after: dict[Key, Sums]
) -> None:
    rows = model._default_manager.filter(
        programme=programme,
        clinician__in={unit.clinician for unit in units},
        month__in={unit.month for unit in units},
    )
    kept = {key_of(row): row for row in rows}
    kept = {key: row for key, row in kept.items() if key.unit in units}
    changes: dict[Key, Sums] = {}
    for key in kept.keys() | after.keys():
        before = sums_of(kept[key]) if key in kept else Sums()
        change = after.get(key, Sums()).minus(before)
        if change:
            changes[key] = change
    if not changes:
        return
    parents: dict[Key, Sums] = {}
    for key, change in changes.items():
        for parent in key.parents():
            parents[parent] = parents[parent].plus(change) if parent in parents else change
    above = model._default_manager.filter(
        programme=programme,
        clinician__isnull=True,
        month__in={key.month for key in parents},
        version__in={key.version for key in parents},
    )
    kept |= {key: row for row in above if (key := key_of(row)) in parents}
    changes |= parents
    written, emptied = [], []
    for key in sorted(changes, key=str):
        sums = (sums_of(kept[key]) if key in kept else Sums()).plus(changes[key])
        if sums:
            written.append(as_row(key, sums))
        elif key in kept:
            emptied.append(kept[key].pk)
    if emptied:
        model._default_manager.filter(pk__in=emptied).delete()
    model._default_manager.bulk_create(
        written,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=list(Key.FIELDS[model]),
        update_fields=list(Sums.FIELDS[model]),
    )


def _with_parents(found: Counted) -> Iterator[tuple[Key, Sums]]:
    for key, sums in found.items():
        yield key, sums
        for parent in key.parents():
            yield parent, sums
