"""What is held about somebody: looked at, taken along, put right; and the way out."""

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect  # noqa: TID253 - loaded by tests that need a browser only

from tests.system.stack import Stack
from tests.system.test_codesign import partners
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_journey_of_a_copy(stack: Stack, arrive: Callable[..., Visitor], script: bool) -> None:
    person = partners(stack)[0]
    partner = arrive(PHONE if script else DESK, script=script)
    partner.sign_in(person["email"], person["password"])
    partner.go("/me/")
    partner.follow("See everything we hold about you")
    partner.reads("Your password is never shown to anybody")
    if script:
        partner.picture("my-data-phone")

    partner.press("Make a copy")
    ready = partner.page.locator("a[role=button]").filter(has_text="Save the copy")
    for _ in range(1 if script else 60):
        if script:
            expect(ready).to_be_visible(timeout=60_000)
        elif not ready.count():
            partner.page.wait_for_timeout(500)
            partner.follow("Look again")
    partner.look()
    with partner.page.expect_download() as saved:
        ready.click()

    with zipfile.ZipFile(saved.value.path()) as copy:
        assert "Everything we hold about" in copy.read("index.html").decode()
        assert "pages/partners-contributions.html" in copy.namelist()


def test_journey_of_a_correction_and_a_look_at_leaving(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    person, boss = partners(stack)[0], stack.sign_ins()["coordinator"]
    partner, coordinator = arrive(PHONE), arrive(DESK)
    partner.sign_in(person["email"], person["password"])
    coordinator.sign_in(boss["email"], boss["password"], boss["totp"])

    partner.go("/me/data/")
    partner.follow("Ask for something to be put right")
    partner.press("Send")
    partner.expect_errors()
    partner.fill("What is it about?", "The day I joined")
    partner.fill("What is wrong, and what would be right?", "It was in May, not in June.")
    partner.press("Send")
    partner.reads("Waits for an answer")

    coordinator.go("/admin/")
    coordinator.reads("to put data right")
    coordinator.go("/admin/partners/correction/?status__exact=asked")
    coordinator.open_row("The day I joined")
    coordinator.press("Send the answer")
    coordinator.expect_errors()
    coordinator.choose("I put it right")
    coordinator.fill("What was done, and why", "It says May now. Thank you.")
    coordinator.press("Send the answer")

    partner.go("/me/data/")
    partner.reads("It says May now")
    partner.follow("See what happens when you leave")
    partner.reads("For 30 days nothing is erased")
    partner.picture("leaving-phone")
    partner.follow("Leave the programme")
    partner.reads("Leave the programme?")
    partner.follow("No, go back")
