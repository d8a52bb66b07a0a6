"""Ranked pairs: examples whose result is known, and what holds for every count."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from partners.services.counting import Count, Pair, count

MEMPHIS, NASHVILLE, CHATTANOOGA, KNOXVILLE = range(4)
A, B, C, D = range(4)
Ballot = dict[int, int]


def ranked(*proposals: int) -> Ballot:
    """A ballot with these from first to last."""
    return {proposal: number for number, proposal in enumerate(proposals, start=1)}


def test_the_capital_of_tennessee_is_nashville() -> None:
    """The example that books on voting use: 100 voters, four cities, each prefers what is near."""
    ballots = [
        *[ranked(MEMPHIS, NASHVILLE, CHATTANOOGA, KNOXVILLE)] * 42,
        *[ranked(NASHVILLE, CHATTANOOGA, KNOXVILLE, MEMPHIS)] * 26,
        *[ranked(CHATTANOOGA, KNOXVILLE, NASHVILLE, MEMPHIS)] * 15,
        *[ranked(KNOXVILLE, CHATTANOOGA, NASHVILLE, MEMPHIS)] * 17,
    ]

    found = count(range(4), ballots)

    assert found.places == ((NASHVILLE,), (CHATTANOOGA,), (KNOXVILLE,), (MEMPHIS,))
    assert [(step.pair, step.kept) for step in found.steps] == [
        (Pair(CHATTANOOGA, KNOXVILLE, 83, 17), True),
        (Pair(NASHVILLE, CHATTANOOGA, 68, 32), True),
        (Pair(NASHVILLE, KNOXVILLE, 68, 32), True),
        (Pair(NASHVILLE, MEMPHIS, 58, 42), True),
        (Pair(CHATTANOOGA, MEMPHIS, 58, 42), True),
        (Pair(KNOXVILLE, MEMPHIS, 58, 42), True),
    ]
    assert [step.by_age for step in found.steps] == [False, False, True, False, True, True]


def test_a_circle_of_three_gives_up_its_weakest_victory() -> None:
    ballots = [*[ranked(A, B, C)] * 4, *[ranked(B, C, A)] * 3, *[ranked(C, A, B)] * 2]

    found = count([A, B, C], ballots)

    assert found.places == ((A,), (B,), (C,))
    assert [(step.pair, step.against) for step in found.steps] == [
        (Pair(B, C, 7, 2), ()),
        (Pair(A, B, 6, 3), ()),
        (Pair(C, A, 5, 4), (A, B, C)),
    ]


def test_clones_do_not_spoil_the_result() -> None:
    """What the method is named for in Tideman's paper: D, a copy of A, changes nothing else."""
    ballots = [
        *[ranked(A, D, B, C)] * 4,
        *[ranked(B, C, A, D)] * 3,
        *[ranked(C, A, D, B)] * 2,
    ]

    assert count([A, B, C, D], ballots).places == ((A,), (D,), (B,), (C,))


def test_equal_victories_in_a_circle_go_by_age_and_say_so() -> None:
    ballots = [ranked(A, B, C), ranked(B, C, A), ranked(C, A, B)]

    found = count([A, B, C], ballots)

    assert found.places == ((A,), (B,), (C,))
    assert [(step.pair.over, step.kept, step.by_age) for step in found.steps] == [
        (A, True, False),
        (B, True, True),
        (C, False, True),
    ]
    assert count([B, C, A], ballots).places == ((B,), (C,), (A,))


def test_fewer_against_goes_first_among_equal_margins() -> None:
    ballots = [*[ranked(C, A)] * 2, *[{A: 1, B: 1, C: 2, D: 2}] * 3, *[ranked(B, D)] * 2]

    first = count([A, B, C, D], ballots).steps

    keys = [(step.pair.ahead - step.pair.behind, -step.pair.behind) for step in first]
    assert keys == sorted(keys, reverse=True)


def test_what_nobody_tells_apart_shares_a_place() -> None:
    found = count([A, B, C], [ranked(A, B, C), ranked(B, A, C)])

    assert found.places == ((A, B), (C,))
    assert found.level == (Pair(A, B, 1, 1),)


def test_what_is_left_out_is_below_all_that_is_ranked() -> None:
    found = count([A, B, C, D], [{C: 7}, {C: 1, B: 2}])

    assert found.places == ((C,), (B,), (A, D))


def test_no_ballots_put_nothing_above_anything() -> None:
    assert count([A, B], []) == Count(places=((A, B),), steps=(), level=(Pair(A, B, 0, 0),))


ballots_of_five = st.lists(
    st.dictionaries(st.integers(0, 4), st.integers(1, 5), max_size=5), max_size=9
)


@given(ballots=ballots_of_five, shuffled=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_every_count_holds_together(ballots: list[Ballot], shuffled: object) -> None:
    """The order of ballots does not matter, nor does which numbers give it; nothing contradicts."""
    other_way = list(ballots)
    shuffled.shuffle(other_way)  # type: ignore[attr-defined]
    stretched = [{key: rank * 3 for key, rank in ballot.items()} for ballot in other_way]

    found = count(range(5), ballots)

    assert found == count(range(5), other_way) == count(range(5), stretched)
    assert sorted(proposal for place in found.places for proposal in place) == list(range(5))
    assert len(found.steps) + len(found.level) == len(list(combinations(range(5), 2)))
    place_of = {proposal: number for number, place in enumerate(found.places) for proposal in place}
    for step in found.steps:
        higher, lower = place_of[step.pair.over], place_of[step.pair.under]
        assert (higher < lower) if step.kept else (higher > lower)
        if not step.kept:
            assert (step.against[0], step.against[-1]) == (step.pair.under, step.pair.over)


@given(ballots=ballots_of_five)
@settings(max_examples=100, deadline=None)
def test_whoever_beats_all_others_comes_first(ballots: list[Ballot]) -> None:
    found = count(range(5), ballots)

    for proposal in range(5):
        if sum(step.pair.over == proposal for step in found.steps) == 4:
            assert found.places[0] == (proposal,)
