"""What of a group may be shown so that nobody can be worked out from it: plain numbers only.

Figures are shown for whole periods: consecutive months, pooled until each side has enough. A
period, once closed, never changes with the months that follow, and every total, margin and summary
is made of whole periods. So each shown sum weighs all sheets of a side in a period alike; so does
whatever follows from such sums; and a group that can be worked out is made of whole sides of whole
periods, each of which is large enough. The same holds against who knows some sheets already (of
clinicians who released theirs, or one's own): what is left of a period without them has to be
empty or large enough as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALL = 8  # counts below it are never published (NHS Digital)
STAR = "*"


@dataclass(frozen=True, slots=True)
class Group:
    """Sheets of some clinicians: all of them, and of how many consultations (`n`) with a score."""

    sheets: int = 0
    n: int = 0
    clinicians: frozenset[int] = frozenset()

    def __add__(self, other: "Group") -> "Group":
        return Group(
            self.sheets + other.sheets, self.n + other.n, self.clinicians | other.clinicians
        )

    def without(self, known: "Group") -> "Group":
        """What is left; the clinicians of the known part have none of the rest."""
        return Group(
            self.sheets - known.sheets, self.n - known.n, self.clinicians - known.clinicians
        )


@dataclass(frozen=True, slots=True)
class Least:
    """How many consultations and clinicians a group has at least."""

    consultations: int
    clinicians: int

    def is_enough(self, group: Group) -> bool:
        return group.n >= self.consultations and len(group.clinicians) >= self.clinicians

    def is_safe(self, group: Group) -> bool:
        """Nothing at all, or enough."""
        return group.sheets == 0 or self.is_enough(group)


EMPTY = Group()


@dataclass(frozen=True, slots=True)
class Cell:
    """A month, or several: sides by name, and what is left of them without what is known.

    `paired` are of a side the sheets that stand in a pair with the other's, `alone` the others;
    both without what is known. `together` is every pair.
    """

    sides: Mapping[str, Group]
    rest: Mapping[str, Group]
    paired: Mapping[str, Group]
    alone: Mapping[str, Group]
    together: Group = EMPTY

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            _added(self.sides, other.sides),
            _added(self.rest, other.rest),
            _added(self.paired, other.paired),
            _added(self.alone, other.alone),
            self.together + other.together,
        )


@dataclass(frozen=True, slots=True)
class Period:
    """Places `first` to `last` of the cells that were given, as one."""

    first: int
    last: int
    cell: Cell


def periods(cells: Sequence[Cell], least: Least, *, complementary: bool = True) -> list[Period]:
    """The periods that may be shown of cells in the order of time; the last may still wait.

    Cells without a sheet begin no period. With `complementary` off there is a period for each
    cell that is large enough alone: what most tables do, and what does not protect.
    """
    single = [Period(place, place, cell) for place, cell in enumerate(cells)]
    if not complementary:
        return [
            one
            for one in single
            if _any(one.cell.sides) and any(map(least.is_enough, one.cell.sides.values()))
        ]
    # First without regard to what is known: who releases later makes periods longer, and cuts
    # none in two.
    closed = _pooled(single, lambda cells: _all_safe(cells[-1].sides, least))
    return _pooled(closed, lambda cells: _all_safe(cells[-1].rest, least))


def pair_periods(
    shown: Sequence[Period], least: Least, *, complementary: bool = True
) -> list[Period]:
    """Periods pooled until the differences within pairs may be shown beside both sides' figures.

    A side's sum less that of its pairs is that of its sheets alone; and where a side has none
    alone, the sums of the other's periods give that of its pairs in those where it has.
    """
    if not complementary:
        return [one for one in shown if least.is_enough(one.cell.together)]
    return _pooled(shown, lambda cells: _pairs_safe(cells, least))


def _pooled(parts: Sequence[Period], is_safe: Callable[[list[Cell]], bool]) -> list[Period]:
    """Consecutive parts as one as soon as they are safe; `is_safe` is told the parts, and last
    their sum."""
    pooled: list[Period] = []
    waiting: list[Period] = []
    for part in parts:
        if not waiting and not _any(part.cell.sides):
            continue
        waiting.append(part)
        total = waiting[0].cell
        for other in waiting[1:]:
            total = total + other.cell
        if is_safe([*(one.cell for one in waiting), total]):
            pooled.append(Period(waiting[0].first, part.last, total))
            waiting = []
    return pooled


def _any(sides: Mapping[str, Group]) -> bool:
    return any(group.sheets for group in sides.values())


def _all_safe(sides: Mapping[str, Group], least: Least) -> bool:
    return all(map(least.is_safe, sides.values()))


def _pairs_safe(cells: list[Cell], least: Least) -> bool:
    *parts, total = cells
    if not least.is_enough(total.together):
        return False
    sides = total.sides.keys()
    if all(total.rest[side].sheets == 0 for side in sides):
        return True
    if not all(least.is_safe(total.paired[side]) for side in sides):
        return False
    for side in sides:
        alone = total.alone[side]
        if not least.is_safe(alone):
            return False
        if alone.sheets:
            continue
        for other in sides - {side}:
            uncovered = EMPTY
            for part in parts:
                if part.alone[other].sheets:
                    uncovered = uncovered + part.paired[other]
            if not least.is_safe(uncovered):
                return False
    return True


def _added(mine: Mapping[str, Group], theirs: Mapping[str, Group]) -> dict[str, Group]:
    return {
        side: mine.get(side, EMPTY) + theirs.get(side, EMPTY)
        for side in sorted(mine.keys() | theirs.keys())
    }


def group_of(sheets: int, n: int, clinicians: frozenset[int]) -> Group:
    """Clinicians count who have a consultation with a score."""
    return Group(sheets, n, clinicians if n > 0 else frozenset())


def cell_of(
    rows: Iterable[tuple[int, str, int, int]],
    pairs: Mapping[int, int] | None = None,
    known: frozenset[int] = frozenset(),
    sides: Sequence[str] = ("partner", "peer"),
) -> Cell:
    """A month's cell of rows (clinician, side, sheets, consultations with a score).

    `pairs` are pairs by clinician, `known` the clinicians whose sheets of the month are known.
    """
    pairs = pairs or {}
    full, rest, paired, alone = (dict.fromkeys(sides, EMPTY) for _ in range(4))
    together = EMPTY
    for clinician, side, sheets, n in rows:
        who = frozenset({clinician})
        group = group_of(sheets, n, who)
        full[side] = full[side] + group
        if clinician in known:
            continue
        rest[side] = rest[side] + group
        many = pairs.get(clinician, 0)
        if many:
            paired[side] = paired[side] + Group(many, many, who)
        if sheets > many:
            alone[side] = alone[side] + Group(sheets - many, sheets - many, who)
    for clinician, many in pairs.items():
        together = together + Group(many, many, frozenset({clinician}))
    return Cell(full, rest, paired, alone, together)


def published(count: int) -> str:
    """A count as NHS Digital publishes it: 0 as it is, 1 to 7 as a star, the rest to fives.

    Raises ValueError below 0.
    """
    if count < 0:
        raise ValueError("A count is 0 or more.")
    if count == 0:
        return "0"
    if count < SMALL:
        return STAR
    return str(5 * ((count + 2) // 5))


def published_all(counts: Sequence[int], *, complementary: bool = True) -> list[str]:
    """Counts of one table, as published. A star is never alone: with one, the next smallest is
    starred too."""
    shown = [published(count) for count in counts]
    if complementary and shown.count(STAR) == 1:
        others = [place for place, words in enumerate(shown) if words not in {STAR, "0"}]
        if others:
            shown[min(others, key=lambda place: (counts[place], place))] = STAR
    return shown
