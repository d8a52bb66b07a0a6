"""From what staff need, and what a partner would love to do, to an opportunity and a yes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.system.spine import today
from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED, SHARPER = "Partners to read our letters", "Read the pain clinic’s letters with us"
GROUP = "Letters in plain words"
IDEA, WALK = "A walk for people who are new", "The newcomers’ walk"


def test_journey_from_a_request_of_staff_to_a_yes(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    first = partners(stack)[0]
    partner, coordinator, staff = arrive(PHONE), arrive(DESK), arrive(DESK)
    sign_in(stack, coordinator, "coordinator")
    address = sign_in(stack, staff, "staff")
    partner.sign_in(first["email"], first["password"])

    asks(staff)
    eventually(lambda: stack.mailbox.to(address, "We have your request"), "she is told")
    looks_at_it(coordinator)
    staff.page.reload()
    staff.reads("Being looked at")
    publishes(coordinator)
    eventually(lambda: stack.mailbox.to(address, "Partners are being asked"), "she is told")
    staff.page.reload()
    staff.reads("Partners are being asked")
    staff.reads(SHARPER)

    mail = eventually(lambda: stack.mailbox.to(first["email"], SHARPER), "the partner is asked")
    answers(partner, link_in(mail[-1], stack))
    coordinator.page.reload()
    coordinator.reads("Not on clinic days")
    coordinator.reads("Yes, I would like to")
    staff.go("/")
    staff.follow(ASKED)
    [(name,)] = stack.rows("SELECT name FROM accounts_user WHERE email = %s", first["email"])
    assert name not in staff.page.locator("main").inner_text()


def test_journey_from_a_partners_own_idea_to_a_group(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    second = partners(stack)[1]
    partner, coordinator = arrive(PHONE, script=False), arrive(DESK)
    partner.sign_in(second["email"], second["password"])
    sign_in(stack, coordinator, "coordinator")

    proposes(partner)
    coordinator.go("/admin/assignments/request/?whose=partner")
    coordinator.open_row(IDEA)
    coordinator.follow("Sharpen and publish")
    coordinator.reads("is asked first")
    coordinator.fill("Name of the new group", WALK)
    coordinator.press("Publish it")
    coordinator.reads("Offer them a place before others")
    coordinator.follow("Ask partners by name")
    coordinator.press("Ask these partners")
    coordinator.expect_errors()
    coordinator.page.get_by_role("checkbox").first.check()
    coordinator.press("Ask these partners")
    coordinator.reads("1 partner is being asked")

    partner.go("/opportunities/")
    partner.follow(IDEA)
    partner.choose("Yes, I would like to")
    partner.press("Send my answer")
    partner.reads("Thank you for your yes")
    partner.follow(WALK)
    assert WALK in partner.heading()
    partner.go("/requests/")
    partner.follow(IDEA)
    partner.reads("Partners are being asked")


def partners(stack: Stack) -> list[dict[str, str]]:
    """Two partners of the demo who sign in."""
    return [person for person in stack.people() if person["role"] == "partner"][:2]


def sign_in(stack: Stack, visitor: Visitor, role: str) -> str:
    """Somebody of this role signs in; their address."""
    person = stack.sign_ins()[role]
    visitor.sign_in(person["email"], person["password"], person["totp"])
    visitor.name = role
    return str(person["email"])


def asks(staff: Visitor) -> None:
    staff.go("/")
    staff.follow("Ask for partners")
    staff.page.get_by_role("main").get_by_text("Ask for partners").first.click()
    staff.page.wait_for_load_state()
    staff.look()
    staff.press("Continue")
    staff.expect_errors()
    staff.fill("What would you like partners for?", ASKED)
    staff.fill("Why?", "People ring us because they do not understand them.")
    staff.choose("Project")
    staff.press("Continue")
    staff.choose("Partners design it with us")
    staff.fill("How many partners?", "none")
    staff.press("Continue")
    staff.expect_errors()
    staff.fill("How many partners?", "2")
    staff.fill("How much time does it take?", "Two hours a month")
    staff.press("Continue")
    staff.fill_date("From which day? (optional)", today() + timedelta(days=30))
    staff.fill_date("Until which day? (optional)", today() + timedelta(days=20))
    staff.press("Continue")
    staff.expect_errors()
    staff.fill_date("Until which day? (optional)", today() + timedelta(days=200))
    staff.press("Continue")
    assert staff.heading() == "Check before you send"
    staff.follow("Change how much time")
    staff.fill("How much time does it take?", "Three hours a month")
    staff.press("Continue")
    staff.reads("Three hours a month")
    staff.press("Send it")
    assert staff.heading() == "Your request is sent"
    staff.follow("See where it stands")
    staff.reads("mostly within a week")


def looks_at_it(coordinator: Visitor) -> None:
    coordinator.go("/admin/")
    coordinator.reads("for partners")
    coordinator.go("/admin/assignments/request/")
    coordinator.open_row(ASKED)
    coordinator.press("I am looking at it")
    coordinator.reads("Being looked at")


def publishes(coordinator: Visitor) -> None:
    coordinator.follow("Sharpen and publish")
    coordinator.fill("Name of the new group", "")
    coordinator.fill("What it is", SHARPER)
    coordinator.press("Publish it")
    coordinator.expect_errors()
    coordinator.fill("Name of the new group", GROUP)
    coordinator.fill_date("Last day to answer (optional)", today() + timedelta(days=14))
    coordinator.choose("All partners")
    coordinator.press("Publish it")
    coordinator.reads("Everybody who takes part is being told")
    assert SHARPER in coordinator.heading()


def answers(partner: Visitor, there: str) -> None:
    partner.go("/opportunities/")
    partner.reads(SHARPER)
    partner.go(there)
    partner.press("Send my answer")
    partner.expect_errors()
    partner.choose("Yes, I would like to")
    partner.fill("Anything to add?", "Not on clinic days")
    partner.press("Send my answer")
    partner.reads("Thank you for your yes")


def proposes(partner: Visitor) -> None:
    partner.go("/opportunities/")
    partner.follow("Propose work of your own")
    partner.press("Continue")
    partner.expect_errors()
    partner.fill("What would you like to do?", IDEA)
    partner.fill("Why does it matter to you?", "I knew nobody when I came.")
    partner.choose("Project")
    partner.press("Continue")
    partner.choose("Partners lead it with us")
    partner.press("Continue")
    partner.press("Continue")
    partner.reads(IDEA)
    partner.press("Send it")
    assert partner.heading() == "Your proposal is sent"
    partner.follow("See where it stands")
    partner.reads("mostly within a week")
