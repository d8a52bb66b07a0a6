"""What leads and coordinators read of groups: figures that find nobody in them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import LONG_AGO, ProgrammeFactory, UserFactory, person
from observations.models import (
    ClinicSession,
    Comment,
    PairTally,
    Reflection,
    Tally,
)
from observations.services import reflections, tallies
from observations.services.results import programme_results, team_results
from observations.services.tally_rows import Key, Sums, as_row
from observations.tests.figures_factories import Place
from observations.tests.test_disclosure import LEAST, TODAY, World

pytestmark = pytest.mark.django_db


# Teams


def keep(world: World, place: Place, people: dict[int, User]) -> None:
    """The rows of a world; each sheet's marks are told by who it is of."""
    sums: dict[Key, Sums] = {}
    of = {"programme": place.programme.pk, "version": place.version.pk}

    def add(key: Key, values: dict[str, list[int]]) -> None:
        for one in (key, *key.parents()):
            sums[one] = sums.get(one, Sums()).plus(values)

    for (who, month, side, kind), n in world.atoms.items():
        mark = (who + month.month + len(side)) % 5
        score = mark * 25_000_000
        at = {"team": place.team.pk, "clinician": people[who].pk, "month": month} | of
        add(
            Key(model=Tally, side=side, **at),
            {
                "sheets": [n],
                "consultations": [n],
                "items_n": [n] * 4,
                "items_sum": [n * mark] * 4,
                "scales_n": [n] * 2,
                "scales_sum": [n * score] * 2,
                "scales_squares": [n * score * mark * 25] * 2,
            },
        )
        if kind == "paired":
            first = side == "partner"
            add(
                Key(model=PairTally, **at),
                {
                    "pairs": [n if first else 0],
                    "table": [0] * 100,
                    "scales_n": [n if first else 0] * 2,
                    f"{side}_sum": [n * score] * 2,
                    f"{side}_squares": [n * score * mark * 25] * 2,
                },
            )
    for model in (Tally, PairTally):
        model.objects.bulk_create(
            [as_row(key, values) for key, values in sums.items() if key.model is model]
        )


def release(
    place: Place, clinician: User, first: date, last: date, status: str = "released"
) -> Reflection:
    return Reflection.objects.create(
        team=place.team,
        clinician=clinician,
        version=place.version,
        first_month=first,
        last_month=last,
        words="I ask more.",
        written_at=LONG_AGO,
        status=status,
    )


def test_what_a_team_page_shows_is_what_may_be_shown() -> None:
    """The pages of 30 of the worlds that test_disclosure solves: their sums are those sums."""
    pages = points = 0
    programme = ProgrammeFactory()
    people = {number: UserFactory() for number in range(1, 10)}
    for seed in range(30):
        world, place = World(seed), Place(programme)
        keep(world, place, people)
        for who, (first, last) in world.released.items():
            release(place, people[who], first, last)
        found = world.found()
        spans = [found.span(one) for one in found.observers]

        page = team_results(team=place.team, version=place.version, today=TODAY)

        pages += page.year is not None
        for series in page.series:
            if series.side == "self":
                assert series.points == ()
                continue
            for point in series.points:
                points += 1
                span = (point.first_month, point.last_month)
                assert span in spans
                atoms = world.sum_of(span, series.side)
                assert point.figure.n == sum(world.atoms[atom] for atom in atoms)
                assert point.figure.n >= LEAST.consultations
                assert len({atom[0] for atom in atoms}) >= LEAST.clinicians
        shown = {point.first_month for one in page.series for point in one.points}
        assert shown == {first for first, _ in spans}
        if page.year is None:
            assert spans == []
            assert (page.scales, page.items, page.gaps, page.agreement) == ((), (), (), None)
            assert page.why
            continue
        for side in ("partner", "peer"):
            total = sum(world.atoms[atom] for span in spans for atom in world.sum_of(span, side))
            for measured in (*page.scales, *page.items):
                figure = getattr(measured.year, side)
                assert (figure.n if figure else 0) == total
        gap = {atom for one in found.pairs for atom in world.gap_of(found.span(one))}
        partner = sum(world.atoms[atom] for atom in gap if atom[2] == "partner")
        assert [one.n for one in page.gaps] == [partner] * 2 * bool(gap)

        table = programme_results(programme=programme, today=TODAY).table
        # Each world has a version of its own, and the table is of one.
        if table is not None and (place.team in {row.team for row in table.rows}):
            (row,) = table.rows
            assert row.total.figures == page.scales[0].year
    assert pages >= 10
    assert points >= 30


def test_without_pooling_a_team_page_shows_other_months() -> None:
    """The control: with protection off the same page is another one."""
    programme = ProgrammeFactory()
    people = {number: UserFactory() for number in range(1, 10)}
    other = 0
    for seed in range(10):
        world, place = World(seed), Place(programme)
        keep(world, place, people)
        shown = {"team": place.team, "version": place.version, "today": TODAY}
        other += team_results(**shown) != team_results(**shown, complementary=False)

    assert other > 3


@pytest.fixture
def five() -> tuple[Place, list[Any]]:
    """Five clinicians with four consultations each in September, two of them in October."""
    place = Place(least_consultations=4)
    clinicians = [UserFactory(name=f"Clinician {number}") for number in range(5)]
    for number, one in enumerate(clinicians):
        place.observe(
            [([4, 3, 1, number % 5], [3, 3, 1, number % 5])] * 4, clinician=one, own=[4, 4, 4, 4]
        )
    for one in clinicians[:2]:
        place.observe([([0, 0, 0, 0], [0, 0, 0, 0])] * 5, clinician=one, day=date(2026, 10, 1))
    return place, clinicians


def test_a_team_is_shown_by_months_that_are_enough(five: tuple[Place, list[Any]]) -> None:
    place, _ = five

    page = team_results(team=place.team, version=place.version, today=TODAY)

    assert page.year == (date(2026, 9, 1), date(2026, 9, 1))
    assert page.why == ""
    assert page.scales[0].year.partner.mean == Decimal("87.5")
    # Five clinicians rated a clinic each, and fewer than eight clinics are not shown.
    assert page.scales[0].year.own is None
    assert [point.label for point in page.series[0].points] == ["September 2026"]
    assert page.gaps[0].limits.mean.value == pytest.approx(12.5)
    assert page.difference.startswith("On the 20 consultations that both rated")
    assert page.agreement.items[0].near.value == 1
    assert page.counts.consultations == 20
    assert page.sentence == (
        "Partners and peers both saw “Item 1” done best; “Item 3” is the place to grow."
    )


def test_a_month_is_shown_when_it_is_over(five: tuple[Place, list[Any]]) -> None:
    place, _ = five

    page = team_results(team=place.team, version=place.version, today=date(2026, 9, 30))

    assert page.year is None
    assert "at least 5 clinicians and 8 consultations" in page.why


def test_a_lead_sees_who_released_and_nobody_else(five: tuple[Place, list[Any]]) -> None:
    place, clinicians = five
    lead = person("clinical_lead", place.programme, team=place.team)
    lead = User.objects.get(pk=lead.pk)
    release(place, clinicians[0], date(2026, 9, 1), date(2026, 9, 1))
    release(place, clinicians[1], date(2026, 9, 1), date(2026, 9, 1), status="private")

    page = team_results(team=place.team, version=place.version, today=TODAY, for_user=lead)
    nobody = team_results(team=place.team, version=place.version, today=TODAY)

    (one,) = page.released
    assert one.reflection.clinician == clinicians[0]
    assert one.scales[0].year.partner.n == 4
    assert nobody.released == ()
    # The other four are fewer than five: nothing is shown from which they would follow.
    assert page.year is None
    assert page.series[0].points == ()


def test_what_was_taken_back_is_remembered_and_shown_no_more(
    five: tuple[Place, list[Any]],
) -> None:
    place, clinicians = five
    lead = person("clinical_lead", place.programme, team=place.team)
    lead = User.objects.get(pk=lead.pk)
    row = release(place, clinicians[0], date(2026, 9, 1), date(2026, 9, 1), status="private")
    reflections.release(reflection=row, by=clinicians[0], now=LONG_AGO)
    reflections.take_back(reflection=row, by=clinicians[0], now=LONG_AGO)

    page = team_results(team=place.team, version=place.version, today=TODAY, for_user=lead)
    everything = programme_results(programme=place.programme, today=TODAY)

    assert page.released == ()
    assert page.year is None
    assert everything.table.total.total.figures.partner is None


def test_a_reader_who_was_observed_is_not_told_of_the_others(
    five: tuple[Place, list[Any]],
) -> None:
    place, clinicians = five

    page = team_results(team=place.team, version=place.version, today=TODAY, for_user=clinicians[0])

    assert page.year is None


def test_themes_are_told_as_published(five: tuple[Place, list[Any]]) -> None:
    place, clinicians = five
    items = list(place.version.items.all())
    sheets = [
        row
        for session in ClinicSession.objects.filter(day=date(2026, 9, 3))
        for consultation in session.consultations.all()
        for row in consultation.observations.all()
    ]
    for number, row in enumerate(sheets):
        Comment.objects.create(
            observation=row,
            kind="to_try",
            text="Ask",
            theme=items[0] if number < 13 else items[1] if number < 22 else items[2],
            status="cleared" if number < 25 else "held_back",
            read_at=LONG_AGO,
            read_by=clinicians[0],
        )
    tallies.recount_programme(place.programme)

    page = team_results(team=place.team, version=place.version, today=TODAY)

    assert [(theme.name, theme.shown) for theme in page.themes] == [
        ("Item 1", "15"),
        ("Item 2", "*"),
        ("Item 3", "*"),
    ]


def test_a_programme_is_told_how_much_and_by_whom(five: tuple[Place, list[Any]]) -> None:
    place, _ = five

    page = programme_results(programme=place.programme, today=TODAY)

    assert [(one.name, one.partner, one.peer, one.own) for one in page.months] == [
        ("September 2026", 20, 20, 5),
        ("October 2026", 10, 10, 0),
    ]
    assert [(one.team, one.partner) for one in page.teams] == [(place.team, 30)]
    assert (page.partners, page.peers, page.version) == (1, 1, place.version)
    assert page.agreement.pairs == 30
    assert page.agreement.scales[0].limits is None


def test_margins_are_of_what_the_table_shows(five: tuple[Place, list[Any]]) -> None:
    place, _ = five

    table = programme_results(programme=place.programme, today=TODAY).table

    # October's two clinicians are in no cell, and so in no margin either.
    (row,) = table.rows
    assert table.quarters[-1] == "Oct to Dec 2026"
    assert row.cells[-1].figures.partner is None
    assert row.cells[-2].figures.partner.n == 20
    assert row.total == table.total.total == row.cells[-2]
    assert table.total.cells == row.cells
