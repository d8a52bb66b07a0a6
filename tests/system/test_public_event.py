"""An open evening: strangers register on a phone, one waits, names are printed and thanked."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.system.spine import today
from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVENT = "Open evening on hands"
ANN, BEN = "ann.stranger@example.net", "ben.stranger@example.net"


def letter(stack: Stack, address: str, subject: str) -> str:
    """The path behind the link of the latest letter."""
    found = eventually(lambda: stack.mailbox.to(address, subject), f"“{subject}” to {address}")
    return link_in(found[-1], stack)


def test_journey_of_an_open_event(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    person = stack.sign_ins()["coordinator"]
    coordinator = arrive(DESK)
    coordinator.sign_in(person["email"], person["password"], person["totp"])
    coordinator.name = "coordinator"

    plans(coordinator, today() + timedelta(days=30))
    address = publishes(coordinator)
    anns = registers(stack, arrive(PHONE), address, "Ann Strange", ANN)
    waits = arrive(PHONE, script=False)
    bens = asks(waits, stack, address, "Ben Strange", BEN)
    waits.press("Confirm my place")
    waits.reads("You are on the waiting list")

    ann = arrive(PHONE)
    ann.go(anns)
    ann.follow("I can’t come any more")
    ann.press("Give my place back")
    ann.reads("Thank you for telling us")
    assert letter(stack, BEN, "you have a place") == bens
    waits.go(bens)
    waits.reads("You have a place")

    prints(coordinator)
    thanks(stack, coordinator)


def plans(coordinator: Visitor, day: date) -> None:
    coordinator.go("/admin/assignments/workgroup/")
    coordinator.page.locator("#result_list tbody tr a").first.click()
    coordinator.page.wait_for_load_state()
    coordinator.follow("Plan a meeting")
    coordinator.fill_date("Day", day)
    coordinator.fill("Starts at", "6pm")
    coordinator.fill("Ends at", "8pm")
    coordinator.fill("Title", EVENT)
    coordinator.fill("Where", "The old library")
    coordinator.press("Plan this meeting")
    if not coordinator.page.get_by_role("link", name="Public page").count():
        coordinator.go(f"/admin/assignments/meeting/?q={EVENT.replace(' ', '+')}")
        coordinator.open_row(EVENT)


def publishes(coordinator: Visitor) -> str:
    """The path of the public page."""
    coordinator.follow("Public page")
    coordinator.press("Save")
    coordinator.expect_errors()
    coordinator.fill("What it is about", "What hands can do after an operation. Tea and cake.")
    coordinator.fill("What is there for access", "Step-free, with a hearing loop.")
    coordinator.fill("How many places", "1")
    coordinator.press("Save")
    coordinator.reads("The page is public")
    coordinator.reads("Nobody has registered yet")
    found = re.search(r'href="(/events/[^"]+)"', coordinator.page.content())
    assert found
    return found[1]


def registers(stack: Stack, ann: Visitor, address: str, name: str, email: str) -> str:
    """Ann registers, confirms, and has the place; the path behind her link."""
    ann.go(address)
    ann.reads("One place is left")
    ann.picture("event-phone")
    ann.press("Ask for a place")
    ann.expect_errors()
    ann.fill("Your name", "See www.example.org")
    ann.fill("Your e-mail address", "ann at example")
    ann.fill("What would help you", "A seat near the door")
    ann.press("Ask for a place")
    ann.reads("in the correct format")
    ann.fill("Your e-mail address", email)
    ann.press("Ask for a place")
    ann.reads("without a web or e-mail address")
    assert ann.page.get_by_label("What would help you").input_value() == "A seat near the door"
    there = asks(ann, stack, address, name, email)
    ann.press("Confirm my place")
    ann.reads("You have a place")
    ann.picture("event-place-phone")
    assert letter(stack, email, "you have a place") == there
    with ann.page.expect_download() as download:
        ann.page.get_by_role("link", name="Put it into my calendar").click()
    assert EVENT in download.value.path().read_text()
    ann.go(address)
    ann.reads("All places are taken")
    assert name not in ann.page.content()
    return there


def asks(visitor: Visitor, stack: Stack, address: str, name: str, email: str) -> str:
    """Fills the form, and opens the page behind the letter's link; its path."""
    visitor.go(address)
    visitor.fill("Your name", name)
    visitor.fill("Your e-mail address", email)
    visitor.fill("What would help you", "A seat near the door")
    visitor.press("Ask for a place")
    visitor.reads("Look at your e-mail")
    there = letter(stack, email, "please confirm")
    visitor.go(there)
    visitor.reads(f"Hello {name}")
    return there


def prints(coordinator: Visitor) -> None:
    coordinator.page.reload()
    coordinator.look()
    coordinator.reads("1 of 1 taken")
    coordinator.reads("A seat near the door")
    coordinator.picture("event-registered")
    coordinator.follow("Print the sign-in sheet")
    coordinator.reads("Ben Strange")
    for told in ("Ann Strange", BEN, "A seat near the door"):
        assert told not in coordinator.page.content()
    coordinator.page.emulate_media(media="print")
    assert not coordinator.page.locator(".app-sheet__hint").is_visible()
    assert not coordinator.page.locator("footer").is_visible()
    assert coordinator.page.locator(".app-sheet__room").count() == 1 + 2 * 12
    coordinator.picture("event-sheet")
    coordinator.page.emulate_media(media="screen")
    coordinator.follow("Back")


def thanks(stack: Stack, coordinator: Visitor) -> None:
    """A month later, who came is marked and thanked."""
    stack.rows(
        "UPDATE assignments_meeting SET starts_at = starts_at - interval '40 days',"
        " ends_at = ends_at - interval '40 days' WHERE title = %s",
        EVENT,
    )
    coordinator.page.reload()
    coordinator.follow("Mark who came")
    coordinator.choose("Ben Strange")
    coordinator.press("Save")
    coordinator.reads("Came")
    coordinator.follow("Thank everybody who came")
    coordinator.press("Send it to everybody")
    coordinator.reads("Your thanks are on their way")
    sent = eventually(lambda: stack.mailbox.to(BEN, "thank you for coming"), "Ben is thanked")
    assert len(sent) == 1
    assert not stack.mailbox.to(ANN, "thank you for coming")
