"""Two people say yes to the last place at the same instant, on connections of their own."""

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection
from django.db.models import QuerySet

from assignments.models import Assignment, Offer, Opportunity, WorkGroup
from assignments.services import offers
from assignments.services.refusals import AssignmentsError
from assignments.tests.offers_factories import ANSWER_BY, NOW
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db(transaction=True)
TRIALS = 200
WITHOUT_LOCK = 10
PATIENCE = 30


def last_places(count: int) -> list[tuple[Offer, Offer]]:
    """So many opportunities with one place, each offered to the same two partners."""
    ann = PartnerFactory(name="Ann", email=None)
    bob = PartnerFactory(name="Bob", email=None, programme=ann.programme)
    groups = WorkGroup.objects.bulk_create(
        WorkGroup(programme=ann.programme, kind="project", name=f"Project {number}")
        for number in range(count)
    )
    asked = Opportunity.objects.bulk_create(
        Opportunity(
            programme=ann.programme,
            work_group=group,
            title="The last place",
            why="One only",
            influence="consult",
            audience="all",
            published_at=NOW,
        )
        for group in groups
    )
    made = Offer.objects.bulk_create(
        Offer(
            opportunity=one,
            partner=partner,
            status="offered",
            queued_at=NOW,
            answer_by=ANSWER_BY,
        )
        for one in asked
        for partner in (ann, bob)
    )
    return list(pairwise(made))[::2]


def taken_at_once(trials: list[tuple[Offer, Offer]]) -> list[list[str]]:
    """What the two of each trial were answered, in the order of the alphabet."""
    start = threading.Barrier(2)
    answers: list[list[str]] = [[] for _ in trials]

    def say_yes(who: int) -> None:
        try:
            for trial, answered in zip(trials, answers, strict=True):
                start.wait(PATIENCE)
                try:
                    found = offers.accept(offer=trial[who], by=None, now=NOW)
                    answered.append(found.status)
                except AssignmentsError as refusal:
                    answered.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sorted(answered) for answered in answers]


def is_right(trial: tuple[Offer, Offer], answered: list[str]) -> bool:
    """One has the place, and the other is on the waiting list; the database says so, too."""
    asked = trial[0].opportunity_id
    rows = Offer.objects.filter(opportunity=asked).order_by("status")
    places = Assignment.objects.filter(work_group__opportunities=asked)
    return (
        answered == ["accepted", "waiting"]
        and list(rows.values_list("status", "seat")) == [("accepted", 1), ("waiting", None)]
        and [place.partner_id for place in places] == [rows[0].partner_id]
    )


def right_ones(count: int) -> int:
    trials = last_places(count)
    return sum(map(is_right, trials, taken_at_once(trials)))


@pytest.fixture
def without_lock(monkeypatch):
    """No row is locked, and both have looked for a free seat before either writes."""
    both_have_looked = threading.Barrier(2)
    look: Callable[[Opportunity], int | None] = offers.free_seat

    def look_together(opportunity: Opportunity) -> int | None:
        seat = look(opportunity)
        both_have_looked.wait(PATIENCE)
        return seat

    monkeypatch.setattr(offers, "free_seat", look_together)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


@pytest.mark.slow
def test_last_place_is_taken_once_and_the_other_waits():
    assert right_ones(TRIALS) == TRIALS


def test_last_place_goes_wrong_without_the_lock(without_lock):
    assert right_ones(WITHOUT_LOCK) == 0


def test_last_place_is_never_two_even_without_the_lock(without_lock):
    """The database has the last word: a seat is held once."""
    (trial,) = last_places(1)

    (answered,) = taken_at_once([trial])

    assert answered == ["This place was taken a moment ago.", "accepted"]
    assert Assignment.objects.count() == 1
