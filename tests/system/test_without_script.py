"""Everything works without script; script only makes it quicker."""

from collections.abc import Callable

import pytest

from tests.system.stack import Stack
from tests.system.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


def test_partner_without_script(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    partner = stack.sign_ins()["partner"]
    visitor = arrive(PHONE, script=False)

    visitor.sign_in(partner["email"], "not the password")
    visitor.expect_errors()
    visitor.sign_in(partner["email"], partner["password"])
    assert visitor.heading().startswith("Hello, ")

    visitor.follow("Diary")
    visitor.page.locator("main a[href^='/meetings/']").first.click()
    visitor.look()
    assert "/meetings/" in visitor.page.url

    visitor.go("/portfolio/add/")
    visitor.press("Continue")
    visitor.expect_errors()

    visitor.go("/money/")
    visitor.go("/account/display/")
    visitor.choose("Larger")
    visitor.press("Save")
    visitor.reads("Saved")
    assert "app-text-large" in (visitor.page.locator("html").get_attribute("class") or "")
    visitor.choose("Usual")
    visitor.press("Save")
    visitor.sign_out()
    visitor.go("/")
    assert visitor.heading() == "Sign in"


def test_coordinator_without_script(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    coordinator = stack.sign_ins()["coordinator"]
    visitor = arrive(PHONE, script=False)

    visitor.sign_in(coordinator["email"], coordinator["password"], coordinator["totp"])
    visitor.go("/admin/partners/registerimport/upload/")
    visitor.press("Read it")
    visitor.expect_errors()

    visitor.go("/admin/assignments/workgroup/")
    visitor.open_row("MDT")
    visitor.follow("Plan a meeting")
    visitor.press("Plan this meeting")
    visitor.expect_errors()
