"""Ranked pairs: one order of what many people want, from how each of them ranked it.

T. N. Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4
(1987) 185-206. Every two proposals are compared: whoever ranked one above the other counts for it.
The clearest comparisons are kept first; one that would contradict those kept before it is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Pair:
    """Two proposals compared: `ahead` put `over` above `under`, `behind` the other way round.

    Whoever ranked both alike, or neither, counts for neither. Where `ahead` is `behind`, the pair
    is level, and `over` is the one that was proposed earlier.
    """

    over: int
    under: int
    ahead: int
    behind: int

    @property
    def level(self) -> bool:
        return self.ahead == self.behind


@dataclass(frozen=True)
class Step:
    """One victory, in the order in which they are looked at, and what became of it.

    `against` is empty where it was kept. Else it is the chain of what was kept before, from the
    loser of this pair to its winner, which the pair would contradict. `by_age`: it is as clear as
    the victory before it, and stands after it only because its proposals are younger.
    """

    pair: Pair
    against: tuple[int, ...] = ()
    by_age: bool = False

    @property
    def kept(self) -> bool:
        return not self.against


@dataclass(frozen=True)
class Count:
    """The places from first to last (several in one place share it), and how they came about."""

    places: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    level: tuple[Pair, ...]


def count(proposals: Sequence[int], ballots: Iterable[Mapping[int, int]]) -> Count:
    """Count `ballots`, each the rank it gives to some of `proposals` (1 is wanted most).

    `proposals` stand in the order in which they were proposed. Only the order of ranks matters;
    what a ballot leaves out is below all that it ranks, and level among itself. Victories are
    looked at by the bigger margin, then the fewer against, then the earlier proposed winner, then
    the earlier proposed loser. First come the proposals above which no kept victory puts another,
    next those of the rest above which none of the rest is put, and so on.
    """
    pairs = _pairs(proposals, list(ballots))
    age = {proposal: number for number, proposal in enumerate(proposals)}
    victories = sorted(
        (pair for pair in pairs if not pair.level),
        key=lambda pair: (*_strength(pair), age[pair.over], age[pair.under]),
    )
    below: dict[int, list[int]] = {proposal: [] for proposal in proposals}
    steps = []
    before: Pair | None = None
    for pair in victories:
        against = _chain(below, pair.under, pair.over)
        if not against:
            below[pair.over].append(pair.under)
        by_age = before is not None and _strength(pair) == _strength(before)
        steps.append(Step(pair, against, by_age))
        before = pair
    return Count(
        places=_places(proposals, below),
        steps=tuple(steps),
        level=tuple(pair for pair in pairs if pair.level),
    )


def _pairs(proposals: Sequence[int], ballots: Sequence[Mapping[int, int]]) -> list[Pair]:
    last = max((rank for ballot in ballots for rank in ballot.values()), default=0) + 1
    found = []
    for one, other in combinations(proposals, 2):
        for_one = for_other = 0
        for ballot in ballots:
            rank, rival = ballot.get(one, last), ballot.get(other, last)
            for_one += rank < rival
            for_other += rival < rank
        if for_other > for_one:
            found.append(Pair(other, one, for_other, for_one))
        else:
            found.append(Pair(one, other, for_one, for_other))
    return found


def _strength(pair: Pair) -> tuple[int, int]:
    """The smaller, the clearer the victory."""
    return pair.behind - pair.ahead, pair.behind


def _chain(below: Mapping[int, Sequence[int]], start: int, end: int) -> tuple[int, ...]:
    """The shortest way down from `start` to `end`, both included; empty if there is none."""
    came_from = {start: start}
    waiting = [start]
    for here in waiting:
        if here == end:
            break
        for there in below[here]:
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if end not in came_from:
        return ()
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def _places(
    proposals: Sequence[int], below: Mapping[int, Sequence[int]]
) -> tuple[tuple[int, ...], ...]:
    left = list(proposals)
    places = []
    while left:
        beaten = {under for over in left for under in below[over]}
        places.append(tuple(proposal for proposal in left if proposal not in beaten))
        left = [proposal for proposal in left if proposal in beaten]
    return tuple(places)
