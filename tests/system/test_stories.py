"""A story is told, lent, used, and taken back: gone from every page on the next request."""

from collections.abc import Callable

import pytest

from tests.system.stack import Stack, eventually
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "The morning they asked me first"
TEXT = "For ten years nobody asked. Then a physiotherapist put down her pen and did."


def signed_in(stack: Stack, visitor: Visitor, role: str) -> Visitor:
    person = stack.sign_ins()[role]
    visitor.sign_in(person["email"], person["password"], person.get("totp"))
    visitor.name = role
    return visitor


def test_journey_of_a_story_that_is_withdrawn(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    partner = signed_in(stack, arrive(PHONE), "partner")
    staff = signed_in(stack, arrive(PHONE), "staff")
    coordinator = signed_in(stack, arrive(DESK), "coordinator")

    address = tells(partner)
    lends(partner)
    at = address.rstrip("/").rsplit("/", 1)[-1]

    staff.go("/stories/")
    staff.follow(TITLE)
    staff.reads("Know this first")
    staff.reads(TEXT)
    staff.picture("story-read-phone")
    is_used(coordinator)
    partner.go(address)
    partner.reads("at “Induction day”")
    partner.picture("story-own-phone")

    partner.follow("Withdraw this story")
    partner.press("Withdraw it")
    partner.reads("Nobody but you can see it")
    for visitor, there in (
        (staff, f"/stories/{at}/"),
        (coordinator, f"/admin/partners/story/{at}/copy/"),
    ):
        answer = visitor.page.goto(there)
        assert answer is not None
        assert answer.status == 404
        visitor.forget_complaints()
    staff.go("/stories/")
    assert TITLE not in staff.page.content()
    coordinator.go("/admin/partners/story/")
    assert TITLE not in coordinator.page.content()
    coordinator.go("/who-could-help/?q=physiotherapist+pen")
    assert TITLE not in coordinator.page.content()


def tells(partner: Visitor) -> str:
    """Writes it, and finds it saved before any button is pressed; its address."""
    partner.go("/me/stories/")
    partner.follow("Tell a story")
    partner.press("Save")
    partner.expect_errors()
    partner.fill("What is it called?", TITLE)
    partner.fill("Your story", TEXT)
    said = partner.page.locator("[data-app-saved]")
    eventually(lambda: said.inner_text().startswith("Saved at "), "the story says it is saved", 20)
    assert "/change/" in partner.page.url
    partner.look()
    partner.picture("story-writing-phone")
    partner.page.reload()
    assert partner.page.get_by_label("Your story").input_value() == TEXT
    partner.press("Save")
    partner.fill("Is there something a reader", "This is about being overlooked")
    partner.choose("No name")
    partner.press("Continue")
    return partner.page.url.removeprefix(partner.stack.base).removesuffix("where/")


def lends(partner: Visitor) -> None:
    partner.choose("Read by staff of the programme here")
    partner.choose("Teaching and training of staff")
    group = partner.page.locator(".nhsuk-checkboxes__conditional:visible").first
    group.get_by_label("Day").fill("31")
    group.get_by_label("Month").fill("2")
    group.get_by_label("Year").fill("2030")
    partner.press("Save")
    partner.expect_errors()
    partner.picture("story-consents-phone")
    group.get_by_label("Day").fill("28")
    partner.press("Save")
    partner.reads("It holds from now on")
    partner.reads("until 28 February 2030")


def is_used(coordinator: Visitor) -> None:
    coordinator.go("/admin/partners/story/")
    coordinator.follow(TITLE)
    coordinator.reads("Know this first")
    coordinator.picture("story-bank")
    coordinator.follow("Write down a use")
    coordinator.press("Write it down")
    coordinator.expect_errors()
    coordinator.choose("Teaching and training of staff")
    coordinator.fill("Where was it used?", "Induction day")
    today = coordinator.page.evaluate(
        "[new Date().getDate(), new Date().getMonth() + 1, new Date().getFullYear()]"
    )
    for label, value in zip(("Day", "Month", "Year"), today, strict=True):
        coordinator.page.get_by_label(label, exact=True).fill(str(value))
    coordinator.press("Write it down")
    coordinator.reads("is told")
    coordinator.follow("Take a copy")
    coordinator.choose("Teaching and training of staff")
    coordinator.fill("Where will it be used?", "Induction day")
    with coordinator.page.expect_download() as download:
        coordinator.page.get_by_role("button", name="Take a copy").click()
    assert TEXT in download.value.path().read_text()
