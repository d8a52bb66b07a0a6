"""What coordinators do with rounds, answers, advice and the check and challenge group."""

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
from partners.models import Advice, Challenger, Proposal, Round
from partners.services import codesign, codesign_group
from partners.tests.codesign_factories import (
    DAY,
    TODAY,
    proposals_in,
    put_to_the_vote,
    round_of,
    vote,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


def url(page: str, *args: Any) -> str:
    return reverse(f"admin:partners_{page}", args=args)


def dated(name: str, day: Any) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_a_round_goes_from_its_question_to_its_count(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    sent = {
        "title": "What matters most",
        "question": "What first?",
        **dated("opens_on", TODAY),
        **dated("votes_from", TODAY),
        **dated("closes_on", TODAY - DAY),
    }
    refused = cora.post(url("round_add"), sent).content.decode()
    assert "<title>Error: " in refused
    assert "The last day to vote is the day voting begins or later" in refused
    assert "What first?" in refused

    cora.post(url("round_add"), sent | dated("closes_on", TODAY + 9 * DAY))
    asked = Round.objects.get()
    assert (
        "at least two" in cora.post(url("round_open_votes", asked.pk), follow=True).content.decode()
    )
    proposals = proposals_in(
        asked, "Parking", "Waits", by=person(Role.STAFF, programme), now=timezone.now()
    )
    assert (
        "Votes are open"
        in cora.post(url("round_open_votes", asked.pk), follow=True).content.decode()
    )
    vote(asked, coordinator, *proposals, now=timezone.now())

    shown = cora.get(url("round_change", asked.pk)).content.decode()
    assert "Fewer than 3. Nobody sees who voted how." in shown
    assert "Say in a few words why" in cora.post(url("round_close", asked.pk)).content.decode()
    cora.post(url("round_close", asked.pk), {"why": "Everybody has voted"})

    asked.refresh_from_db()
    assert asked.status == Round.Status.CLOSED
    assert asked.programme == programme


def test_only_the_last_day_is_asked_for_once_votes_are_open(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    asked, _ = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)

    form = cora.get(url("round_edit", asked.pk)).context["form"]
    cora.post(url("round_edit", asked.pk), dated("closes_on", TODAY + 30 * DAY))

    asked.refresh_from_db()
    assert list(form.fields) == ["closes_on"]
    assert asked.closes_on == TODAY + 30 * DAY


def test_a_round_is_let_go_with_a_reason(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    asked = round_of(programme, by=coordinator)

    assert "Say in a few words why" in cora.post(url("round_drop", asked.pk)).content.decode()
    cora.post(url("round_drop", asked.pk), {"why": "Asked twice"})

    asked.refresh_from_db()
    assert asked.status == Round.Status.DROPPED


def test_what_is_being_done_is_written_beside_a_proposal(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    [proposal] = proposals_in(round_of(programme, by=coordinator), "Waits", by=coordinator)
    there = url("proposal_answer", proposal.pk)

    refused = cora.post(there, {"answer": "A new clinic", "answer_link": "javascript:alert(1)"})
    cora.post(there, {"answer": "A new clinic", "answer_link": "/portfolio/"})

    assert "Copy the whole link, beginning with https://" in refused.content.decode()
    assert "A new clinic" in refused.content.decode()
    proposal.refresh_from_db()
    assert (proposal.answer_link, proposal.answered_by) == ("/portfolio/", coordinator)


def test_a_proposal_that_harms_is_taken_off(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    asked, (harmful, _, _) = put_to_the_vote(
        programme, "Parking", "Waits", "Leaflets", by=coordinator
    )

    cora.post(url("proposal_take_off", harmful.pk))

    assert cora.get(url("proposal_change", harmful.pk)).status_code == 404
    for page in (url("round_change", asked.pk), url("proposal_changelist")):
        assert "Parking" not in cora.get(page).content.decode()


def test_the_group_is_named_and_its_advice_decided_on(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    member = person(Role.STAFF, programme, email="tom@example.org", name="Tom Ridge")
    stranger = person(Role.STAFF, ProgrammeFactory(), email="olu@example.org")
    for email, sentence in (
        (stranger.email, "Nobody you know of"),
        ("nobody@example.org", "Nobody you know of"),
        (person(Role.FINANCE, programme).email, "takes part in the programme"),
    ):
        sent = {"person": email, **dated("starts_on", TODAY)}
        assert sentence in cora.post(url("challenger_add"), sent).content.decode()
    cora.post(url("challenger_add"), {"person": "Tom@example.org", **dated("starts_on", TODAY)})
    assert Challenger.objects.get().user == member
    asked = round_of(programme, by=coordinator)
    [proposal] = proposals_in(asked, "Waits", by=coordinator)
    advice = codesign_group.advise(
        proposal=proposal, text="Ask the porters", by=member, now=timezone.now()
    )
    assert "1</span>" in cora.get(reverse("admin:index")).content.decode()

    decide = url("advice_decide", advice.pk)
    refused = cora.post(decide, {"decision": "partly"}).content.decode()
    cora.post(decide, {"decision": "partly", "reason": "One ward first"})

    assert "Say why" in refused
    assert Advice.objects.get().decided_by == coordinator
    assert cora.post(decide, {"decision": "taken", "reason": "x"}).status_code == 403
    assert "One ward first" in cora.get(url("proposal_change", proposal.pk)).content.decode()
    cora.post(url("challenger_end", Challenger.objects.get().pk), dated("ends_on", TODAY))
    assert Challenger.objects.get().ends_on == TODAY


def test_what_is_past_its_day_waits_on_the_admins_home(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    def waiting() -> list[str]:
        worklist = cora.get(reverse("admin:index")).context["worklist"]
        return [f"{item.count} {item.title}" for item in worklist if "round" in item.title]

    round_of(programme, by=coordinator, votes_from=TODAY + 5 * DAY)
    assert waiting() == []
    round_of(programme, by=coordinator)
    assert waiting() == ["1 round past its day"]
    put_to_the_vote(programme, "Parking", "Waits", by=coordinator, closes_on=TODAY + DAY)

    assert waiting() == ["2 rounds past their day"]


def test_nobody_sees_a_ballot_in_the_admin(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    """Not on any page, and the admin has none for ballots at all."""
    asked, (parking, waits, _) = put_to_the_vote(
        programme, "Parking", "Waits", "Leaflets", by=coordinator
    )
    voters = [person(Role.STAFF, programme, name=f"Voter {letter}") for letter in "xyz"]
    for voter in voters:
        vote(asked, voter, waits, parking)
    codesign.close_round(asked=asked, by=coordinator, now=timezone.now(), why="All have voted")

    pages = [
        url("round_change", asked.pk),
        url("round_changelist"),
        url("proposal_changelist"),
        url("proposal_change", waits.pk),
        reverse("admin:index"),
        reverse("partners:round", args=[asked.pk]),
        reverse("partners:own_vote", args=[asked.pk]),
        reverse("partners:round_result", args=[asked.pk]),
        reverse("partners:proposal", args=[waits.pk]),
    ]
    for page in pages:
        answer = cora.get(page)
        assert answer.status_code == 200
        assert "Voter " not in answer.content.decode(), page
    for model in ("ballot", "preference"):
        assert cora.get(f"/admin/partners/{model}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_admins_pages_cost_the_same_however_much_there_is(
    cora: Client, programme: Programme, coordinator: User, rows: int
) -> None:
    member = person(Role.STAFF, programme)
    codesign_group.name_challenger(
        programme=programme, person=member, starts_on=TODAY, by=coordinator, now=timezone.now()
    )
    for _ in range(rows):
        asked, found = put_to_the_vote(
            programme, *"abcd"[: rows + 1], by=coordinator, closes_on=TODAY + 9 * DAY
        )
    for _ in range(rows):
        advice = codesign_group.advise(
            proposal=found[0], text="Why?", by=member, now=timezone.now()
        )

    def queries(page: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert cora.get(url(page, *args)).status_code == 200
        return len(captured)

    queries("round_changelist")  # the first request of a session notes that somebody is there
    assert {
        "rounds": queries("round_changelist"),
        "round": queries("round_change", asked.pk),
        "proposals": queries("proposal_changelist"),
        "proposal": queries("proposal_change", found[0].pk),
        "advice": queries("advice_changelist"),
        "one": queries("advice_change", advice.pk),
        "group": queries("challenger_changelist"),
    } == {
        "rounds": 5,
        "round": 8,
        "proposals": 5,
        "proposal": 5,
        "advice": 5,
        "one": 4,
        "group": 5,
    }
    assert Proposal.objects.count() == rows * (rows + 1)
