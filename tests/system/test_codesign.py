"""What matters most: from a question to proposals, ballots, a result, and what is done about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.system.spine import today
from tests.system.stack import Stack, eventually
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "What matters most to us this winter"
WAITS, PARKING, LETTERS = "Shorter waits", "Parking by the door", "Letters in plain words"


def test_journey_of_a_ballot_from_proposal_to_result(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    first, second = partners(stack)
    mo, una = arrive(PHONE), arrive(PHONE, script=False)
    mo.sign_in(first["email"], first["password"])
    una.sign_in(second["email"], second["password"])
    coordinator, staff = arrive(DESK), arrive(DESK)
    for visitor, role in ((coordinator, "coordinator"), (staff, "staff")):
        person = stack.sign_ins()[role]
        visitor.sign_in(person["email"], person["password"], person["totp"])
    staff.name, coordinator.name = "staff", "coordinator"

    asks(coordinator)
    here = proposes(mo, WAITS, "Nine months is a long time to be in pain.")
    proposes(una, PARKING, "")
    proposes(staff, LETTERS, "We write for each other, not for patients.")
    changes(staff)
    checks_and_challenges(coordinator, una, second["email"], f"{LETTERS}, please")
    opens_votes(coordinator)
    told = eventually(lambda: asked_to_vote(stack, first["email"]), "the partner is asked to vote")
    assert f"{here}vote/" in told
    assert WAITS not in told

    votes(mo, here, {WAITS: "1", PARKING: "2"})
    votes(una, here, {PARKING: "2", WAITS: "1"})
    votes(staff, here, {f"{LETTERS}, please": "1"})
    changes_her_vote(una, here)
    counts(coordinator)
    answers(coordinator)

    mo.go(f"{here}result/")
    mo.reads("3 of ")
    mo.reads(f"2 of 3 people put it above “{PARKING}”")
    mo.reads("A second clinic on Mondays")
    mo.page.get_by_text("The rules in full").click()
    mo.look()
    mo.picture("codesign-result-phone")
    staff.go(f"{here}result/")
    staff.picture("codesign-result")
    staff.follow(f"{LETTERS}, please")
    staff.reads("Taken up in part")
    una.go(here)
    una.reads("The votes were counted")


def partners(stack: Stack) -> list[dict[str, str]]:
    """Two partners of the demo who sign in."""
    return [person for person in stack.people() if person["role"] == "partner"][:2]


def asked_to_vote(stack: Stack, address: str) -> str:
    """The message about this round; empty until it is there."""
    bodies = [
        mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for mail in stack.mailbox.to(address, "please vote")
    ]
    return next((body for body in bodies if TITLE in " ".join(body.split())), "")


def asks(coordinator: Visitor) -> None:
    coordinator.go("/admin/")
    coordinator.follow("Ask what matters most")
    coordinator.press("Save")
    coordinator.expect_errors()
    coordinator.fill("Title", TITLE)
    coordinator.fill("The question", "What should the programme work on first?")
    for legend, day in (
        ("Proposals from", today()),
        ("Votes from", today()),
        ("Last day to vote", today() + timedelta(days=7)),
    ):
        coordinator.fill_date(legend, day)
    coordinator.press("Save")
    coordinator.reads("The round is there")


def proposes(visitor: Visitor, title: str, text: str) -> str:
    """Proposes something; the address of the round."""
    visitor.go("/priorities/")
    visitor.follow(TITLE)
    here = visitor.page.url.removeprefix(visitor.stack.base)
    visitor.follow("Propose something")
    visitor.fill("Why does it matter?", text or "It matters")
    visitor.press("Propose it")
    visitor.expect_errors()
    visitor.fill("What should we work on?", title)
    visitor.press("Propose it")
    visitor.reads("Your proposal is there")
    return here


def changes(staff: Visitor) -> None:
    staff.follow(LETTERS)
    staff.follow("Change your words")
    staff.fill("What should we work on?", f"{LETTERS}, please")
    staff.press("Save")
    staff.reads("Your changes are saved")


def checks_and_challenges(coordinator: Visitor, member: Visitor, email: str, title: str) -> None:
    """A member of the group gives advice, and the coordinator decides on it."""
    coordinator.go("/admin/partners/challenger/add/")
    coordinator.fill("E-mail address", email)
    coordinator.press("Name them")
    coordinator.reads("is in the check and challenge group")
    member.go("/priorities/")
    member.follow(TITLE)
    member.follow(title)
    member.follow("Give the group’s advice")
    member.press("Give this advice")
    member.expect_errors()
    member.fill("What does the group say?", "Ask the people who type them.")
    member.press("Give this advice")
    member.reads("Ask the people who type them.")
    coordinator.go("/admin/")
    coordinator.follow("to decide on")
    coordinator.open_row(title)
    coordinator.follow("Decide")
    coordinator.choose("Taken up in part")
    coordinator.press("Record this decision")
    coordinator.expect_errors()
    coordinator.fill("Why?", "The two clinics that asked first.")
    coordinator.press("Record this decision")
    member.page.reload()
    member.reads("The two clinics that asked first.")


def opens_votes(coordinator: Visitor) -> None:
    coordinator.go("/admin/partners/round/")
    coordinator.open_row(TITLE)
    coordinator.press("Open it for votes")
    coordinator.reads("Votes are open")


def votes(visitor: Visitor, here: str, ranks: dict[str, str]) -> None:
    visitor.go(here)
    visitor.follow("Vote", exact=True)
    visitor.press("Send my vote")
    visitor.expect_errors()
    for title, rank in ranks.items():
        visitor.page.get_by_label(title, exact=True).select_option(rank)
    if visitor.page.viewport_size == PHONE and visitor.script:
        visitor.picture("codesign-vote-phone")
    visitor.press("Send my vote")
    assert visitor.heading() == "Your vote"
    visitor.reads("Your vote is in")


def changes_her_vote(visitor: Visitor, here: str) -> None:
    visitor.go(here)
    visitor.follow("Look at your vote")
    visitor.follow("Change your vote")
    visitor.page.get_by_label(PARKING, exact=True).select_option("1")
    visitor.page.get_by_label(WAITS, exact=True).select_option("3")
    visitor.page.get_by_label(f"{LETTERS}, please", exact=True).select_option("2")
    visitor.press("Send my vote")
    visitor.follow("Change your vote")
    visitor.page.get_by_label(WAITS, exact=True).select_option("1")
    visitor.page.get_by_label(PARKING, exact=True).select_option("2")
    visitor.page.get_by_label(f"{LETTERS}, please", exact=True).select_option("")
    visitor.press("Send my vote")


def counts(coordinator: Visitor) -> None:
    coordinator.go("/admin/partners/round/")
    coordinator.open_row(TITLE)
    coordinator.reads("Nobody sees who voted how")
    coordinator.follow("Close early and count")
    coordinator.press("Close and count")
    coordinator.expect_errors()
    coordinator.fill("Why?", "Everybody who wanted to has voted")
    coordinator.press("Close and count")
    coordinator.reads("The votes are counted")


def answers(coordinator: Visitor) -> None:
    coordinator.follow(WAITS)
    coordinator.follow("Say what is being done")
    coordinator.fill("What is being done?", "A second clinic on Mondays")
    coordinator.fill("Link to the work", "javascript:alert(1)")
    coordinator.press("Save the answer")
    coordinator.expect_errors()
    coordinator.fill("Link to the work", "https://example.org/clinic")
    coordinator.press("Save the answer")
    coordinator.reads("The answer is there")
