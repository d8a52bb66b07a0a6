"""From what staff need to thanks for it, and from what a partner would love to do to a group."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.system.spine import today
from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED, SHARPER = "Partners to read our letters", "Read the pain clinic’s letters with us"
GROUP = "Letters in plain words"
THANKS = "You made our letters kind. Thank you."
IDEA, WALK = "A walk for people who are new", "The newcomers’ walk"


def test_journey_from_a_request_of_staff_to_thanks(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    people = partners(stack)
    both, coordinator, staff = [arrive(PHONE), arrive(PHONE)], arrive(DESK), arrive(DESK)
    sign_in(stack, coordinator, "coordinator")
    address = sign_in(stack, staff, "staff")
    for partner, person in zip(both, people, strict=True):
        partner.sign_in(person["email"], person["password"])

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

    for partner, person in zip(both, people, strict=True):
        mail = eventually(
            lambda to=person["email"]: stack.mailbox.to(to, SHARPER), "the partner is asked"
        )
        answers(partner, link_in(mail[-1], stack))
    coordinator.page.reload()
    coordinator.reads("Not on clinic days")
    coordinator.reads("Yes, I would like to")
    staff.go("/")
    staff.follow(ASKED)
    names = [name_of(stack, person) for person in people]
    assert not any(name in staff.page.locator("main").inner_text() for name in names)

    offers_both_places(coordinator, names)
    for partner in both:
        accepts(partner)
    staff.page.reload()
    for name in names:
        staff.reads(name)

    plans_a_meeting(coordinator)
    for partner in both:
        says_yes_to_the_meeting(partner)
    a_day_later(stack)
    confirms_the_meeting(coordinator)
    for partner in both:
        partner.go("/portfolio/")
        partner.reads(GROUP)
    thanks(coordinator, names[0])
    mail = eventually(
        lambda: stack.mailbox.to(people[0]["email"], "Thank you for your time"), "the thanks"
    )
    both[0].go(link_in(mail[-1], stack))
    both[0].reads(THANKS)


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


def name_of(stack: Stack, person: dict[str, str]) -> str:
    """How the register has them."""
    asked = (
        "SELECT p.name FROM partners_partner p JOIN accounts_user u ON u.id = p.user_id"
        " WHERE u.email = %s"
    )
    return str(stack.rows(asked, person["email"])[0][0])


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
    coordinator.fill_date("First day (optional)", today() - timedelta(days=7))
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


def offers_both_places(coordinator: Visitor, names: list[str]) -> None:
    coordinator.follow("Offer places")
    coordinator.press("Offer these places")
    coordinator.expect_errors()
    for name in names:
        coordinator.choose(name)
    coordinator.press("Offer these places")
    for name in names:
        coordinator.reads(name)


def accepts(partner: Visitor) -> None:
    partner.go("/")
    partner.follow(SHARPER)
    partner.press("Yes, I would like this place")
    partner.reads("You have a place")
    partner.follow(GROUP)
    assert GROUP in partner.heading()


def plans_a_meeting(coordinator: Visitor) -> None:
    coordinator.go("/admin/assignments/workgroup/")
    coordinator.follow(GROUP)
    coordinator.follow("Plan a meeting")
    coordinator.fill_date("Day", today() + timedelta(days=1))
    coordinator.fill("Starts at", "9am")
    coordinator.fill("Ends at", "11am")
    coordinator.press("Plan this meeting")


def says_yes_to_the_meeting(partner: Visitor) -> None:
    partner.go("/diary/")
    partner.follow(GROUP)
    partner.press("I’m coming")
    partner.reads("You told us that you are coming")


def a_day_later(stack: Stack) -> None:
    """The meeting is over: nobody waits for tomorrow in a test."""
    stack.rows(
        "UPDATE assignments_meeting m SET starts_at = m.starts_at - interval '2 days',"
        " ends_at = m.ends_at - interval '2 days' FROM assignments_workgroup g"
        " WHERE g.id = m.work_group_id AND g.name = %s",
        GROUP,
    )


def confirms_the_meeting(coordinator: Visitor) -> None:
    coordinator.go("/admin/")
    coordinator.follow("to confirm")
    coordinator.open_row(GROUP)
    coordinator.follow("Confirm who was there")
    coordinator.press("All of these were there")
    coordinator.reads("Held")


def thanks(coordinator: Visitor, name: str) -> None:
    coordinator.go("/admin/assignments/workgroup/")
    coordinator.follow(GROUP)
    coordinator.follow(name)
    coordinator.follow("End this place")
    coordinator.fill_date("Last day", today())
    coordinator.fill("A line of thanks", THANKS)
    coordinator.press("End this place")
    coordinator.reads(f"The place of {name} is ended")


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
