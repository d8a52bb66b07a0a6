"""Rounds: what may be proposed, voted and closed when, and by whom."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, Programme, Role, User
from accounts.services.people import end_role
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Ballot, Preference, Round
from partners.services import codesign, codesign_proposals
from partners.services.codesign import CodesignError
from partners.tasks import close_due_rounds
from partners.tests.codesign_factories import (
    DAY,
    TODAY,
    proposals_in,
    put_to_the_vote,
    round_of,
    vote,
)
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=8)


def voters(programme: Programme, number: int) -> list[User]:
    return [signed_up_partner(programme).user for _ in range(number)]


# --- Opening and proposing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"question": ""}, "question"),
        ({"opens_on": TODAY + DAY}, "votes_from"),
        ({"votes_from": TODAY + 8 * DAY}, "closes_on"),
        (
            {"opens_on": TODAY - 9 * DAY, "votes_from": TODAY - 9 * DAY, "closes_on": TODAY - DAY},
            "closes_on",
        ),
    ],
)
def test_a_round_needs_words_and_days_in_order(
    programme: Programme, coordinator: User, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(CodesignError) as refused:
        round_of(programme, by=coordinator, **facts)

    assert refused.value.field == field


def test_proposals_are_taken_from_those_who_take_part_while_the_round_is_open(
    programme: Programme, coordinator: User
) -> None:
    asked = round_of(programme, by=coordinator)
    later = round_of(programme, by=coordinator, opens_on=TODAY + DAY, votes_from=TODAY + DAY)
    outsiders = [person(Role.FINANCE, programme), person(Role.PARTNER, ProgrammeFactory())]

    for somebody in outsiders:
        with pytest.raises(CodesignError):
            proposals_in(asked, "Parking", by=somebody)
    with pytest.raises(CodesignError, match="takes no proposals now"):
        proposals_in(later, "Parking", by=coordinator)
    with pytest.raises(CodesignError, match="proposed this already"):
        proposals_in(asked, "Parking", "parking", by=person(Role.STAFF, programme))
    with pytest.raises(CodesignError, match="as many as one person"):
        proposals_in(asked, *"abcdef", by=person(Role.PARTNER, programme))

    assert asked.proposals.count() == 6


def test_a_proposal_is_its_writers_until_votes_open(
    programme: Programme, coordinator: User
) -> None:
    writer, other = voters(programme, 2)
    asked = round_of(programme, by=coordinator)
    [mine] = proposals_in(asked, "Parking", by=writer)
    proposals_in(asked, "Waits", "Leaflets", by=other)
    words = {"title": "Parking for all", "text": "a\r\nb", "now": NOW}

    with pytest.raises(CodesignError):
        codesign_proposals.change_proposal(proposal=mine, by=coordinator, **words)
    codesign_proposals.change_proposal(proposal=mine, by=writer, **words)
    codesign.open_votes(asked=asked, by=coordinator, now=NOW)

    mine.refresh_from_db()
    assert (mine.title, mine.text) == ("Parking for all", "a\nb")
    for refused in (codesign_proposals.change_proposal, codesign_proposals.withdraw_proposal):
        given = words if refused is codesign_proposals.change_proposal else {"now": NOW}
        with pytest.raises(CodesignError):
            refused(proposal=mine, by=writer, **given)
    codesign_proposals.withdraw_proposal(proposal=mine, by=coordinator, now=NOW)
    with pytest.raises(CodesignError, match="taken off"):
        vote(asked, writer, mine)


def test_votes_open_on_two_proposals_and_partners_are_told_once(
    programme: Programme, coordinator: User
) -> None:
    partner = signed_up_partner(programme, known_as="Mo")
    PartnerFactory(programme=programme)  # has no sign-in
    asked = round_of(programme, by=coordinator)
    proposals_in(asked, "Parking", by=coordinator)
    with pytest.raises(CodesignError, match="at least two"):
        codesign.open_votes(asked=asked, by=coordinator, now=NOW)
    proposals_in(asked, "Waits", by=coordinator)

    codesign.open_votes(asked=asked, by=coordinator, now=NOW)

    with pytest.raises(CodesignError):
        codesign.open_votes(asked=asked, by=coordinator, now=NOW)
    message = Message.objects.get(kind="round_votes")
    assert (message.recipient, message.link) == (partner.user, f"/priorities/{asked.pk}/vote/")
    assert "Parking" not in message.body


@pytest.mark.parametrize("number", [1, 3])
def test_telling_partners_of_a_vote_asks_the_same_however_many(
    programme: Programme, coordinator: User, number: int
) -> None:
    for _ in range(number):
        signed_up_partner(programme)
    asked = round_of(programme, by=coordinator)
    proposals_in(asked, "Parking", "Waits", by=coordinator)

    with CaptureQueriesContext(connection) as queries:
        codesign.open_votes(asked=asked, by=coordinator, now=NOW)

    assert len(queries) == 11
    assert Message.objects.filter(kind="round_votes").count() == number


def test_only_the_last_day_may_change_once_votes_are_open(
    programme: Programme, coordinator: User
) -> None:
    asked, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)

    with pytest.raises(CodesignError) as refused:
        codesign.change_round(asked=asked, by=coordinator, now=NOW, question="Another?")
    codesign.change_round(asked=asked, by=coordinator, now=NOW, closes_on=TODAY + DAY)

    asked.refresh_from_db()
    assert refused.value.field == "question"
    assert asked.closes_on == TODAY + DAY


# --- Voting ---------------------------------------------------------------------------------------


def test_a_vote_can_be_changed_and_is_one(programme: Programme, coordinator: User) -> None:
    asked, (parking, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    [voter] = voters(programme, 1)

    vote(asked, voter, parking, waits)
    vote(asked, voter, waits)

    ballot = Ballot.objects.get()
    assert [(one.proposal, one.rank) for one in ballot.preferences.all()] == [(waits, 1)]


@pytest.mark.parametrize("ranks", [{}, {"parking": 0}, {"parking": 21}, {"elsewhere": 1}])
def test_impossible_rankings_are_refused(
    programme: Programme, coordinator: User, ranks: dict[str, int]
) -> None:
    asked, (parking, _) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    _, (elsewhere, _) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    pks = {"parking": parking.pk, "elsewhere": elsewhere.pk}

    with pytest.raises(CodesignError):
        codesign_proposals.cast(
            asked=asked,
            ranks={pks[name]: rank for name, rank in ranks.items()},
            by=coordinator,
            now=NOW,
        )

    assert not Ballot.objects.exists()


def test_early_late_and_foreign_votes_are_refused(programme: Programme, coordinator: User) -> None:
    early = round_of(programme, by=coordinator)
    proposals = proposals_in(early, "Parking", "Waits", by=coordinator)
    with pytest.raises(CodesignError, match="not begun"):
        vote(early, coordinator, *proposals)
    codesign.open_votes(asked=early, by=coordinator, now=NOW)

    # The last day is over, whether or not somebody has counted meanwhile.
    with pytest.raises(CodesignError, match="closed"):
        vote(early, coordinator, *proposals, now=AFTER)
    with pytest.raises(CodesignError):
        vote(early, person(Role.FINANCE, programme), *proposals)
    with pytest.raises(CodesignError):
        vote(early, person(Role.PARTNER, ProgrammeFactory()), *proposals)

    assert not Ballot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_votes_of_one_person_at_once_leave_one_whole_ballot() -> None:
    programme = ProgrammeFactory()
    coordinator = person(Role.COORDINATOR, programme)
    asked, (parking, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    begun = threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            vote(asked, coordinator, parking, waits)
            begun.set()
            _until_somebody_waits()

    errors = _beside(slowly, begun, lambda: vote(asked, coordinator, waits))

    assert errors == []
    assert list(Preference.objects.values_list("proposal", "rank")) == [(waits.pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_vote_cast_while_the_round_closes_is_counted_or_refused() -> None:
    programme = ProgrammeFactory()
    coordinator = person(Role.COORDINATOR, programme)
    asked, (parking, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    for somebody in (person(Role.STAFF, programme), person(Role.STAFF, programme)):
        vote(asked, somebody, parking)
    begun = threading.Event()

    def vote_slowly() -> None:
        with transaction.atomic():
            vote(asked, coordinator, waits)
            begun.set()
            _until_somebody_waits()

    def close() -> None:
        codesign.close_round(
            asked=Round.objects.get(), by=coordinator, now=NOW, why="Everybody voted"
        )

    errors = _beside(vote_slowly, begun, close)

    assert errors == []
    assert Round.objects.get().result["ballots"] == 3


def _beside(first: Callable[[], None], begun: threading.Event, second: Callable[[], Any]) -> Any:
    """Run `first` in a thread and, once it has begun, `second` here; what went wrong in `first`."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            first()
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            begun.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    try:
        second()
    finally:
        thread.join()
    return errors


def _until_somebody_waits() -> None:
    pause = threading.Event()
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            pause.wait(0.02)
    raise AssertionError("Nobody waited for the round.")


# --- Counting -------------------------------------------------------------------------------------


def test_a_round_is_counted_and_stays_as_it_is(programme: Programme, coordinator: User) -> None:
    asked, (parking, waits, leaflets) = put_to_the_vote(
        programme, "Parking", "Waits", "Leaflets", by=coordinator
    )
    first, second, third = voters(programme, 3)
    for voter in (first, second):
        vote(asked, voter, waits, parking)
    vote(asked, third, parking, waits)
    end_role(grant=third.role_grants.get(), by=None, now=NOW)  # their vote counts all the same

    codesign.close_round(asked=asked, by=coordinator, now=AFTER)

    asked.refresh_from_db()
    kept = asked.result
    assert kept["places"] == [[waits.pk], [parking.pk], [leaflets.pk]]
    assert (kept["ballots"], kept["could"]) == (3, 4)  # and the coordinator could
    assert kept["steps"][-1] == {
        "over": waits.pk,
        "under": parking.pk,
        "ahead": 2,
        "behind": 1,
        "against": [],
        "by_age": False,
    }
    for refused in (
        lambda: vote(asked, first, parking),
        lambda: codesign.close_round(asked=asked, by=coordinator, now=AFTER),
        lambda: codesign.drop_round(asked=asked, by=coordinator, now=AFTER, why="Why not"),
        lambda: codesign.change_round(asked=asked, by=coordinator, now=AFTER, title="Other"),
        lambda: codesign_proposals.withdraw_proposal(proposal=waits, by=coordinator, now=AFTER),
    ):
        with pytest.raises(CodesignError):
            refused()
    asked.refresh_from_db()
    assert asked.result == kept
    assert Message.objects.filter(kind="round_result").count() == 3


def test_few_ballots_leave_an_order_and_no_number(programme: Programme, coordinator: User) -> None:
    asked, (parking, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    empty, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    for voter in voters(programme, 2):
        vote(asked, voter, waits)

    alone, (_, theirs) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    vote(alone, voters(programme, 1)[0], theirs)

    for one in (asked, empty, alone):
        codesign.close_round(asked=one, by=coordinator, now=AFTER)

    places = [[waits.pk], [parking.pk]]
    assert asked.result == {"method": "ranked pairs", "few": True, "places": places}
    for one in (empty, alone):
        assert one.result == {"method": "ranked pairs", "few": True, "places": []}


def test_closing_early_needs_a_reason(programme: Programme, coordinator: User) -> None:
    asked, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)

    with pytest.raises(CodesignError, match="until Sunday 29 November") as refused:
        codesign.close_round(asked=asked, by=coordinator, now=NOW)
    codesign.close_round(asked=asked, by=coordinator, now=NOW, why="Everybody has voted")

    assert refused.value.field == "why"
    assert asked.history.latest("pk").why == "Everybody has voted"


def test_the_clock_closes_what_is_due_and_nothing_twice(
    programme: Programme, coordinator: User
) -> None:
    due, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    later, _ = put_to_the_vote(
        programme, "Parking", "Waits", by=coordinator, closes_on=TODAY + 8 * DAY
    )

    assert codesign.close_due(now=NOW + 7 * DAY) == 0
    assert codesign.close_due(now=AFTER) == 1
    assert codesign.close_due(now=AFTER) == 0

    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.status, later.status) == (Round.Status.CLOSED, Round.Status.VOTING)
    assert due.history.filter(to_status="closed").count() == 1


def test_the_worker_closes_rounds(now: Any, programme: Programme, coordinator: User) -> None:
    asked, _ = put_to_the_vote(
        programme,
        "Parking",
        "Waits",
        by=coordinator,
        now=now - 9 * DAY,
        opens_on=TODAY - 20 * DAY,
        votes_from=TODAY - 20 * DAY,
        closes_on=TODAY - DAY,
    )

    close_due_rounds()

    asked.refresh_from_db()
    assert asked.status == Round.Status.CLOSED
