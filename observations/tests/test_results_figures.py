"""What clinicians read of themselves: figures beside each other, from the minimum up."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import LONG_AGO, UserFactory
from observations.models import (
    Crosswalk,
    InstrumentVersion,
    Scale,
)
from observations.services.results import programme_results, team_results
from observations.tests.figures_factories import Place
from observations.tests.test_disclosure import TODAY

pytestmark = pytest.mark.django_db


def test_a_clinician_with_too_little_has_words_only() -> None:
    place = Place()
    place.observe([([1, 2, 3, 4], [2, 2, 2, 2])] * 3)

    results = place.read()

    assert results.scales == results.items == ()
    assert results.sentence == results.difference == ""
    assert results.agreement is None
    assert not results.minimum.reached
    assert results.minimum.more == ("2 more consultations",)
    assert results.minimum.sentence == (
        "For figures, 2 more consultations are needed in twelve months. Until then there are "
        "words only."
    )
    assert (results.counts.consultations, results.counts.partner_sheets) == (3, 3)


def test_a_clinician_nobody_observed_is_told_what_is_needed() -> None:
    results = Place().read()

    assert results.minimum.more == (
        "5 more consultations",
        "2 more observers",
        "1 more partner among the observers",
    )


def test_sides_stand_beside_each_other_and_are_never_averaged() -> None:
    place = Place()
    place.observe([([4, 4, 2, 2], [1, 1, 4, 4])] * 4 + [([4, 4, 2, None], None)], own=[0, 0, 4, 4])
    place.observe([(None, [1, 2, 4, 4])], day=date(2026, 10, 1))

    results = place.read()

    decision, relation = (one.year for one in results.scales)
    assert results.minimum.reached
    assert (decision.partner.n, decision.partner.mean) == (5, Decimal("100.0"))
    assert (decision.peer.n, decision.peer.mean) == (5, Decimal("27.5"))
    assert (decision.own.n, decision.own.mean) == (1, Decimal("0.0"))
    # A sheet with a gap has no score of the scale in which it has it.
    assert (relation.partner.n, relation.partner.mean) == (4, Decimal("50.0"))
    assert [month.month for month in results.scales[0].months] == [
        date(2026, 9, 1),
        date(2026, 10, 1),
    ]
    assert results.scales[0].months[1].figures.partner is None
    assert results.items[1].year.peer.mean == Decimal("1.20")
    assert results.counts.pairs == 4
    assert results.counts.consultations == 6
    assert results.agreement.scales == ()
    assert results.sentence.startswith("Partners saw “Item 1” done best, peers “Item 3”.")


def test_where_one_side_saw_no_difference_the_other_is_told() -> None:
    place = Place()
    place.observe([([2, 2, 2, 2], [1, 2, 3, 4])] * 5)

    assert place.read().sentence == (
        "Partners saw all of it about equally well; peers saw “Item 4” done best, and “Item 1” as "
        "the place to grow."
    )


def test_twelve_months_end_where_they_should() -> None:
    place = Place(least_consultations=1, least_observers=1, least_partners=1)
    place.observe([([4, 4, 4, 4], None)], day=date(2025, 11, 30))
    place.observe([([0, 0, 0, 0], None)], day=date(2025, 12, 1))

    results = place.read()

    assert results.year == (date(2025, 12, 1), date(2026, 11, 1))
    assert results.scales[0].year.partner.mean == Decimal("0.0")
    assert len(results.scales[0].months) == 2


def test_agreement_is_told_from_ten_consultations_on() -> None:
    place = Place()
    place.observe([([mark % 5, 2, 1, 3], [mark % 5, 1, 1, 3]) for mark in range(12)])

    agreement = place.read().agreement

    assert agreement.pairs == 12
    assert agreement.items[0].raw.value == 1
    assert agreement.items[1].near.value == 1
    assert agreement.items[1].raw.value == 0
    assert agreement.scales[0].limits.mean.value == pytest.approx(12.5)
    assert agreement.scales[0].limits.sd == 0
    assert "12 points higher" in place.read().difference


def test_versions_are_never_joined_and_the_crosswalk_is_said() -> None:
    place = Place()
    other = InstrumentVersion.objects.create(
        instrument=place.version.instrument, number=2, made_at=LONG_AGO, follows=place.version
    )
    for item in place.version.items.all():
        item.pk, item.version = None, other
        item.save()
    scale = Scale.objects.create(
        version=other, number=1, name="Sharing", rule="sum_100", items=[1, 2]
    )
    Crosswalk.objects.create(
        scale=scale,
        before=place.version.scales.get(number=1),
        factor=Decimal("0.9"),
        constant=Decimal(4),
        basis="40 consultations rated with both.",
    )
    place.observe([([4, 4, 4, 4], [4, 4, 4, 4])] * 5, day=date(2026, 2, 3))
    place.observe([([0, 0, 0, 0], [0, 0, 0, 0])] * 5, version=other)

    results = place.read(version=other)

    assert [month.month for month in results.scales[0].months] == [date(2026, 9, 1)]
    assert results.scales[0].year.partner.mean == 0
    (before,) = results.others
    assert before.version == place.version
    assert before.scales[0].year.partner.mean == 100
    (sentence,) = before.crosswalks
    assert sentence == (
        "A score of “Sharing the decision, version 1” reads as about 0.9 times itself plus 4 on "
        "“Sharing, version 2”. This rests on: 40 consultations rated with both."
    )


def test_pages_cost_the_same_however_much_was_observed() -> None:
    place = Place()
    place.observe([([1, 2, 3, 4], [2, 2, 2, 2])] * 5)

    def cost() -> list[int]:
        counts = []
        for read in (
            place.read,
            lambda: team_results(team=place.team, version=place.version, today=TODAY),
            lambda: programme_results(programme=place.programme, today=TODAY),
        ):
            with CaptureQueriesContext(connection) as queries:
                read()
            counts.append(len(queries))
        return counts

    before = cost()
    for month in (3, 4, 5, 6, 7, 8):
        for _ in range(2):
            place.observe(
                [([1, 2, 3, 4], [2, 2, 2, 2])] * 3,
                day=date(2026, month, 1),
                clinician=UserFactory(),
            )

    assert cost()[0] == before[0] <= 8
    assert max(cost()) <= 12
