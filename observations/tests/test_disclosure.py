"""300 random teams: nothing that is shown, and nothing that follows from it, is of too few.

What a team's page shows is written as sums over sheets, with every sum taken as known; by exact
elimination we then look for every group of sheets below the thresholds whose sum follows.
"""

import random
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from observations.services.results_reading import months_back
from observations.services.results_team import Periods, periods_of
from observations.statistics.disclosure import Least, published, published_all

LEAST = Least(consultations=8, clinicians=5)
TODAY = date(2026, 11, 22)
SIDES = ("partner", "peer")
# A clinician's sheets of a month and side that stand in pairs, or alone.
Atom = tuple[int, date, str, str]
Equation = dict[Atom, int]


class World:
    """Some clinicians over some months; how many sheets of each kind each has."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        self.clinicians = list(range(1, chance.randint(5, 9) + 1))
        many = chance.randint(3, 8)
        self.months = [months_back(TODAY, back) for back in range(many, 0, -1)]
        busy, lonely = chance.uniform(0.3, 1), chance.choice([0, 0.1, 0.5])
        self.atoms: dict[Atom, int] = {}
        for clinician in self.clinicians:
            for month in self.months:
                if chance.random() > busy:
                    continue
                pairs = chance.choice([0, 1, 1, 2, 4])
                for side in SIDES:
                    alone = chance.randint(1, 4) if chance.random() < lonely else 0
                    self.atoms[clinician, month, side, "paired"] = pairs
                    self.atoms[clinician, month, side, "alone"] = alone
        self.atoms = {atom: n for atom, n in self.atoms.items() if n}
        self.released = {
            clinician: tuple(sorted(chance.choices(self.months, k=2)))
            for clinician in self.clinicians
            if chance.random() < 0.15
        }

    def known(self, month: date) -> frozenset[int]:
        return frozenset(
            who for who, (first, last) in self.released.items() if first <= month <= last
        )

    def pairs(self) -> dict[date, dict[int, int]]:
        pairs: dict[date, dict[int, int]] = {month: {} for month in self.months}
        for (who, month, side, kind), n in self.atoms.items():
            if kind == "paired" and side == "partner":
                pairs[month][who] = n
        return pairs

    def rows(self) -> list[tuple[date, str, int, int, int]]:
        rows: dict[tuple[date, str, int], int] = {}
        for (who, month, side, _), n in self.atoms.items():
            rows[month, side, who] = rows.get((month, side, who), 0) + n
        return [(*key, n, n) for key, n in rows.items()]

    def found(self, *, complementary: bool = True) -> Periods:
        return periods_of(
            self.rows(),
            self.pairs(),
            until=self.months[-1],
            least=LEAST,
            known=self.known,
            complementary=complementary,
        )

    def sum_of(self, span: tuple[date, date], side: str) -> Equation:
        return {atom: 1 for atom in self.atoms if _in(atom[1], span) and atom[2] == side}

    def gap_of(self, span: tuple[date, date]) -> Equation:
        return {
            atom: 1 if atom[2] == "partner" else -1
            for atom in self.atoms
            if _in(atom[1], span) and atom[3] == "paired"
        }

    def shown(self, *, complementary: bool = True) -> list[Equation]:
        """Every sum of the page: points, the twelve months, gaps, and those who released."""
        found = self.found(complementary=complementary)
        spans = [found.span(one) for one in found.observers]
        gaps = [found.span(one) for one in found.pairs]
        equations = [
            self.sum_of(found.span(one), side)
            for one in found.observers
            for side in SIDES
            if LEAST.is_enough(one.cell.sides[side])
        ]
        everything = [(self.months[0], self.months[-1])]
        for side in SIDES:
            if spans:
                total: Equation = {}
                for span in spans if complementary else everything:
                    total |= self.sum_of(span, side)
                equations.append(total)
        if gaps:
            gap: Equation = {}
            for span in gaps if complementary else everything:
                gap |= self.gap_of(span)
                if complementary:
                    # Next month's page has other gaps in it: each may come to be known alone.
                    equations.append(self.gap_of(span))
            equations.append(gap)
        equations += [{atom: 1} for atom in self.atoms if atom[0] in self.known(atom[1])]
        return [equation for equation in equations if equation]


def _in(month: date, span: tuple[date, date]) -> bool:
    return span[0] <= month <= span[1]


def told_of_too_few(world: World, equations: list[Equation]) -> Iterator[set[Atom]]:
    """Groups below the thresholds, of sheets that nobody released, whose sum follows.

    Sheets that every equation weighs alike can only be told together: they are one column.
    """
    columns: dict[tuple[int, ...], list[Atom]] = {}
    for atom in world.atoms:
        if atom[0] not in world.known(atom[1]):
            weights = tuple(equation.get(atom, 0) for equation in equations)
            columns.setdefault(weights, []).append(atom)
    never = tuple([0] * len(equations))
    columns.pop(never, None)
    groups = list(columns.values())
    basis = _echelon([list(row) for row in zip(*columns, strict=True)])
    sizes = [sum(world.atoms[atom] for atom in group) for group in groups]
    people = [frozenset(atom[0] for atom in group) for group in groups]

    def below(place: int, chosen: list[int], n: int, who: frozenset[int]) -> Iterator[list[int]]:
        if n >= LEAST.consultations and len(who) >= LEAST.clinicians:
            return
        if chosen:
            yield chosen
        for other in range(place, len(groups)):
            yield from below(other + 1, [*chosen, other], n + sizes[other], who | people[other])

    for chosen in below(0, [], 0, frozenset()):
        if _follows(basis, [int(place in chosen) for place in range(len(groups))]):
            yield {atom for place in chosen for atom in groups[place]}


def _echelon(rows: list[list[int]]) -> list[tuple[int, list[Fraction]]]:
    """Independent rows, each with the place of its first number."""
    basis: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = _reduced(basis, [Fraction(one) for one in row])
        first = next((place for place, one in enumerate(left) if one), None)
        if first is not None:
            basis.append((first, [one / left[first] for one in left]))
    return basis


def _reduced(basis: list[tuple[int, list[Fraction]]], row: list[Fraction]) -> list[Fraction]:
    for first, other in basis:
        if row[first]:
            times = row[first]
            row = [one - times * two for one, two in zip(row, other, strict=True)]
    return row


def _follows(basis: list[tuple[int, list[Fraction]]], row: list[int]) -> bool:
    return not any(_reduced(basis, [Fraction(one) for one in row]))


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_nothing_of_too_few_follows_from_what_is_shown(first: int) -> None:
    showing = 0
    for seed in range(first, first + 50):
        world = World(seed)
        equations = world.shown()

        assert list(told_of_too_few(world, equations)) == [], seed

        found = world.found()
        showing += bool(found.observers)
        for period in found.observers:
            assert all(LEAST.is_safe(group) for group in period.cell.sides.values()), seed
        for period in found.pairs:
            assert LEAST.is_enough(period.cell.together), seed
    # A page that shows nothing would pass as well.
    assert showing > 25


def test_without_pooling_groups_of_too_few_follow() -> None:
    solved = [
        seed
        for seed in range(100)
        if next(told_of_too_few(world := World(seed), world.shown(complementary=False)), None)
    ]

    assert len(solved) > 20


def test_gaps_are_shown_where_pairs_allow_it() -> None:
    worlds = [World(seed) for seed in range(300)]

    assert sum(bool(world.found().pairs) for world in worlds) > 50


def test_gaps_of_any_period_would_tell_of_sheets_that_stand_alone() -> None:
    solved = 0
    for seed in range(300):
        world = World(seed)
        spans = [world.found().span(one) for one in world.found().observers]
        equations = [*world.shown(), *(world.gap_of(span) for span in spans)]
        solved += any(told_of_too_few(world, equations))

    assert solved > 10


def test_without_regard_to_those_who_released_the_others_would_follow() -> None:
    solved = 0
    for seed in range(300):
        world = World(seed)
        released, world.released = world.released, {}
        equations = world.shown()
        world.released = released
        equations += [{atom: 1} for atom in world.atoms if atom[0] in world.known(atom[1])]
        solved += any(told_of_too_few(world, equations))

    assert solved > 10


def test_a_period_once_shown_stays_as_months_follow() -> None:
    for seed in range(100):
        world = World(seed)
        later = world.found()
        spans = {later.span(one) for one in later.observers}
        world.atoms = {atom: n for atom, n in world.atoms.items() if atom[1] < world.months[-1]}
        earlier = world.found()

        assert {earlier.span(one) for one in earlier.observers} <= spans


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), *((few, "*") for few in range(1, 8)), (8, "10"), (11, "10"), (12, "10"), (13, "15")],
)
def test_published_count(count: int, shown: str) -> None:
    assert published(count) == shown


def test_a_count_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        published(-1)


def test_a_star_is_never_alone() -> None:
    assert published_all([20, 3, 9, 0]) == ["20", "*", "*", "0"]
    assert published_all([20, 3, 5, 0]) == ["20", "*", "*", "0"]
    assert published_all([20, 3, 9, 0], complementary=False) == ["20", "*", "10", "0"]
    assert published_all([3]) == ["*"]
