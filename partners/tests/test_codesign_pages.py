"""The pages of what matters most to us, as those who take part meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Advice, Ballot, Proposal, Round
from partners.services import codesign, codesign_group, codesign_proposals
from partners.tests.codesign_factories import (
    TODAY,
    proposals_in,
    put_to_the_vote,
    round_of,
    vote,
)
from partners.tests.factories import PartnerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def mo(programme: Programme) -> User:
    return partner_called("Maureen Okafor", programme)


@pytest.fixture
def una(programme: Programme) -> User:
    return partner_called("Una Marsh", programme)


def partner_called(name: str, programme: Programme) -> User:
    user = person(Role.PARTNER, programme, name=name)
    return PartnerFactory(programme=programme, user=user, name=name, email=user.email).user


def there(name: str, row: Any) -> str:
    return reverse(f"partners:{name}", args=[row.pk])


def page(client: Client, name: str, row: Any = None) -> str:
    address = reverse(f"partners:{name}") if row is None else there(name, row)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PARTNER, 200),
        (Role.STAFF, 200),
        (Role.CLINICIAN, 200),
        (Role.CLINICAL_LEAD, 200),
        (Role.PEER_OBSERVER, 200),
        (Role.COORDINATOR, 200),
        (Role.FINANCE, 403),
    ],
)
def test_all_but_finance_take_part(
    programme: Programme, coordinator: User, client_for: SignIn, role: str, status: int
) -> None:
    asked, (parking, _) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    client = client_for(person(role, programme))
    stranger = client_for(person(Role.PARTNER, ProgrammeFactory()))

    for name, row in (("round", asked), ("vote", asked), ("proposal", parking)):
        assert client.get(there(name, row)).status_code == status
        assert stranger.get(there(name, row)).status_code == 404
    assert client.get(reverse("partners:rounds")).status_code == status
    assert "2027" not in page(stranger, "rounds")


def test_a_round_begins_empty_and_says_how(
    programme: Programme, coordinator: User, mo: User, client_for: SignIn
) -> None:
    client = client_for(mo)
    assert "Nothing is being asked yet" in page(client, "rounds")
    asked = round_of(programme, by=coordinator)

    assert "Yours could be the first" in page(client, "round", asked)
    for name in ("vote", "round_result"):
        assert client.get(there(name, asked)).url == there("round", asked)
    answer = client.post(there("propose", asked), {"title": " ", "text": "Long <b>waits</b>"})
    shown = answer.content.decode()
    assert "<title>Error: " in shown
    assert "Say in a few words what it is" in shown
    assert "Long &lt;b&gt;waits" in shown
    client.post(there("propose", asked), {"title": "Shorter waits", "text": "Too long"})

    shown = page(client, "round", asked)
    assert "Shorter waits" in shown
    assert "Maureen" not in shown


def test_a_proposal_is_changed_and_taken_back_by_its_writer_alone(
    programme: Programme, coordinator: User, mo: User, una: User, client_for: SignIn
) -> None:
    asked = round_of(programme, by=coordinator)
    [row] = proposals_in(asked, "Parking", by=mo)
    writer, other = client_for(mo), client_for(una)

    for name in ("change_proposal", "withdraw_proposal"):
        assert other.get(there(name, row)).status_code == 403
        assert other.post(there(name, row), {"title": "Mine", "text": ""}).status_code == 403
    assert "Change your words" not in page(other, "proposal", row)
    writer.post(there("change_proposal", row), {"title": "Parking for all", "text": "Why"})
    assert "Parking for all" in page(other, "proposal", row)

    writer.post(there("withdraw_proposal", row))

    for client in (writer, other, client_for(coordinator)):
        assert client.get(there("proposal", row)).status_code == 404
        assert "Parking for all" not in page(client, "round", asked)


def test_too_late_is_told_and_not_forbidden(
    programme: Programme, coordinator: User, mo: User, client_for: SignIn
) -> None:
    asked, (parking, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    Proposal.objects.filter(pk=parking.pk).update(proposed_by=mo)
    client = client_for(mo)

    for name, row in (("change_proposal", parking), ("propose", asked)):
        assert client.get(there(name, row)).status_code == 302
    late = client.post(there("propose", asked), {"title": "Leaflets", "text": "In Urdu"})
    shown = late.content.decode()
    assert "takes no proposals now" in shown
    assert "In Urdu" in shown
    _close(asked, coordinator)
    shown = client.post(there("vote", asked), {f"rank_{waits.pk}": "2"}).content.decode()

    assert "The vote is closed" in shown
    assert '<option value="2" selected>' in shown
    assert not Ballot.objects.exists()


def test_a_ballot_keeps_what_was_typed_and_is_its_voters_alone(
    programme: Programme, coordinator: User, mo: User, una: User, client_for: SignIn
) -> None:
    asked, (parking, waits, leaflets) = put_to_the_vote(
        programme, "Parking", "Waits", "Leaflets", by=coordinator
    )
    client = client_for(mo)
    ranks = {f"rank_{parking.pk}": "2", f"rank_{waits.pk}": "1", f"rank_{leaflets.pk}": ""}
    assert "You have not voted yet" in page(client, "own_vote", asked)

    nothing = client.post(there("vote", asked), {}).content.decode()
    wrong = client.post(there("vote", asked), {**ranks, f"rank_{parking.pk}": "9"})
    assert "Put a 1 beside what matters most" in nothing
    assert "<title>Error: " in nothing
    assert "Choose a number from 1 to 3" in wrong.content.decode()
    assert client.post(there("vote", asked), ranks).url == there("own_vote", asked)

    shown = page(client, "own_vote", asked)
    assert shown.index("Waits") < shown.index("Parking")
    assert "Leaflets" not in shown
    assert '<option value="2" selected>' in page(client, "vote", asked)
    for other in (una, coordinator):
        assert "You have not voted yet" in page(client_for(other), "own_vote", asked)
        assert " selected>" not in page(client_for(other), "vote", asked).replace(
            '<option value="" selected>', ""
        )


def test_proposals_stand_in_another_order_for_each_voter(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    asked, _ = put_to_the_vote(programme, *"abcde", by=coordinator)

    def order(client: Client) -> list[str]:
        form = client.get(there("vote", asked)).context["form"]
        return [proposal.title for proposal, _ in form.lines]

    clients = [client_for(person(Role.STAFF, programme)) for _ in range(4)]

    assert len({tuple(order(client)) for client in clients}) > 1
    assert order(clients[0]) == order(clients[0])


def test_the_result_is_explained_and_names_nobody(
    programme: Programme, coordinator: User, mo: User, una: User, client_for: SignIn
) -> None:
    asked, (parking, waits, leaflets) = put_to_the_vote(
        programme, "Parking", "Waits", "Leaflets", by=coordinator
    )
    ada = partner_called("Ada Quill", programme)
    # A circle: the weakest of three victories is left out.
    for voter, order in (
        (mo, (waits, parking, leaflets)),
        (una, (waits, parking, leaflets)),
        (ada, (parking, leaflets, waits)),
        (person(Role.STAFF, programme), (parking, leaflets, waits)),
        (person(Role.STAFF, programme), (leaflets, waits, parking)),
    ):
        vote(asked, voter, *order)
    _close(asked, coordinator)
    codesign_proposals.answer_proposal(
        proposal=waits,
        answer="A second clinic on Mondays",
        link="https://example.org/clinic",
        by=coordinator,
        now=timezone.now(),
    )

    shown = page(client_for(person(Role.STAFF, programme)), "round_result", asked)

    assert "5 of 6 people who could vote did" in shown
    assert "4 of 5 people put it above “Leaflets”, 1 the other way round." in shown
    assert (
        "Left out, because clearer comparisons put “Waits” above “Parking” above “Leaflets”"
        in shown
    )
    assert "A second clinic on Mondays" in shown
    assert 'href="https://example.org/clinic"' in shown
    for name in ("Maureen", "Una Marsh", "Ada", "Cora"):
        assert name not in shown


def test_few_votes_show_an_order_and_no_numbers(
    programme: Programme, coordinator: User, mo: User, client_for: SignIn
) -> None:
    asked, (_, waits) = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    empty, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)
    for voter in (mo, coordinator):
        vote(asked, voter, waits)
    _close(asked, coordinator)
    _close(empty, coordinator)
    client = client_for(mo)

    shown = page(client, "round_result", asked)
    assert "Too few votes to show numbers" in shown
    assert shown.index("Waits</a>") < shown.index("Parking</a>")
    for told in (" of 2", "2 people", "put it above", "How this was worked out", "Kept"):
        assert told not in shown
    assert "Too few people voted in this round" in page(client, "round_result", empty)


def test_advice_is_the_groups_and_its_answer_is_for_all(
    programme: Programme, coordinator: User, mo: User, una: User, client_for: SignIn
) -> None:
    codesign_group.name_challenger(
        programme=programme, person=mo, starts_on=TODAY, by=coordinator, now=timezone.now()
    )
    asked = round_of(programme, by=coordinator)
    [row] = proposals_in(asked, "Waits", by=una)
    member, other = client_for(mo), client_for(una)
    assert "Maureen Okafor" in page(other, "rounds")

    assert other.get(there("advise", row)).status_code == 403
    assert "Write what the group says" in member.post(there("advise", row), {}).content.decode()
    member.post(there("advise", row), {"text": "Ask the porters first"})

    shown = page(other, "proposal", row)
    assert "Ask the porters first" in shown
    assert "A decision is to come" in shown
    assert "Maureen" not in shown
    codesign_group.decide(
        advice=Advice.objects.get(),
        decision="not_taken",
        reason="Asked",
        by=coordinator,
        now=timezone.now(),
    )
    assert "Not taken up" in page(other, "proposal", row)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_much_there_is(
    programme: Programme, coordinator: User, mo: User, client_for: SignIn, rows: int
) -> None:
    codesign_group.name_challenger(
        programme=programme, person=mo, starts_on=TODAY, by=coordinator, now=timezone.now()
    )
    titles = [f"Proposal {number}" for number in range(rows + 1)]
    for _ in range(rows):
        asked, found = put_to_the_vote(programme, *titles, by=coordinator)
    for one in found:
        codesign_group.advise(proposal=one, text="Why?", by=mo, now=timezone.now())
    for _ in range(rows * 3):
        vote(asked, person(Role.STAFF, programme), *found)
    vote(asked, mo, *found)
    client = client_for(mo)

    def queries(name: str, row: Any = None) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, name, row)
        return len(captured)

    queries("rounds")  # the first request of a session notes that somebody is there
    before = {
        name: queries(name, row)
        for name, row in (
            ("rounds", None),
            ("round", asked),
            ("proposal", found[0]),
            ("vote", asked),
            ("own_vote", asked),
        )
    }
    _close(asked, coordinator)
    before["round_result"] = queries("round_result", asked)

    assert before == {
        "rounds": 6,
        "round": 8,
        "proposal": 6,
        "vote": 6,
        "own_vote": 6,
        "round_result": 5,
    }


def _close(asked: Round, by: User) -> None:
    codesign.close_round(asked=asked, by=by, now=timezone.now(), why="All have voted")
