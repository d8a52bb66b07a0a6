"""Somebody asks who could help, and is told who and why."""

from collections.abc import Callable

import pytest

from tests.system.stack import Stack
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "I kept bees for twenty years, and taught others to"


def test_journey_of_a_search_that_finds_and_explains(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    people = stack.sign_ins()
    partner, coordinator, staff = arrive(PHONE), arrive(DESK), arrive(PHONE)
    for visitor, role in ((partner, "partner"), (coordinator, "coordinator"), (staff, "staff")):
        person = people[role]
        visitor.sign_in(person["email"], person["password"], person.get("totp"))
    partner.go("/me/brings/add/")
    partner.page.locator("input[value=frozen_asset]").check()
    partner.page.locator("textarea").first.fill(WORDS)
    partner.page.locator("input[value=coordinators]").check()
    partner.page.locator("main form button.nhsuk-button").first.click()
    partner.page.wait_for_load_state()

    coordinator.go("/admin/")
    coordinator.follow("Find who could help")
    coordinator.fill("What do you need help with?", "bees")
    coordinator.press("Find partners")
    found = coordinator.page.locator(".app-found__one").first
    assert found.locator("mark").all_inner_texts() == ["bees"]
    coordinator.reads("Brings: ")
    coordinator.picture("who-could-help")
    coordinator.fill("What do you need help with?", "taugt")
    coordinator.press("Find partners")
    coordinator.reads("spelt nearly the same")
    coordinator.choose("Free now")
    coordinator.press("Show")
    coordinator.reads("Remove the filter")

    for typed in ("bees", "taugt"):
        staff.go("/who-could-help/")
        staff.fill("What do you need help with?", typed)
        staff.press("Find partners")
        assert "bees for" not in staff.page.content()
    staff.picture("who-could-help-phone")
    staff.fill("What do you need help with?", "waiting " * 40)
    staff.press("Find partners")
    staff.reads("Shorten your search to 200 characters")
