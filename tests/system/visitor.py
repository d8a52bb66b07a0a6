"""Somebody with a browser: every page they come to is looked at as people with any need would."""

import base64
import hmac
import os
import struct
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import (  # noqa: TID253 - loaded by tests that need a browser only
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
)

from ops.browser import axe
from tests.architecture.house import ROOT
from tests.system.stack import Stack

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PICTURES = ROOT / "docs" / "screenshots"


@dataclass
class Visitor:
    """One person in a browser of their own.

    Each page they come to is checked: no finding of axe, nothing on the console, nothing that
    failed to load, a title, no sideways scrolling.
    """

    stack: Stack
    context: BrowserContext
    page: Page
    script: bool = True
    name: str = "somebody"
    seen: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def arrive(
        cls, browser: Browser, stack: Stack, size: dict[str, int], *, script: bool = True
    ) -> "Visitor":
        context = browser.new_context(
            base_url=stack.base,
            viewport=size,
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            has_touch=size == PHONE,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        visitor = cls(stack, context, page, script)
        page.on("console", visitor._on_console)
        page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
        page.on("requestfailed", visitor._on_failed)
        return visitor

    def _on_console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")

    def _on_failed(self, request: Any) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # a page that was left
            self.complaints.append(f"not loaded: {request.url} ({request.failure})")

    def leave(self) -> None:
        self.context.close()

    # --- Getting about ---------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the button of this name, and look at the page it leads to."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow the link of this name, and look at the page it leads to."""
        # A link that looks like a button has the role of one.
        link = self.page.get_by_role("link", name=name, exact=exact)
        button = self.page.locator("a[role=button]").filter(has_text=name)
        link.or_(button).first.click()
        self.page.wait_for_load_state()
        self.look()

    def open_row(self, text: str) -> None:
        """In a list of the admin: open the row that says `text`."""
        row = self.page.locator("#result_list tbody tr").filter(has_text=text)
        row.locator("a").first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)

    def fill_date(self, legend: str, day: date) -> None:
        """Fill day, month and year of the date that `legend` asks for."""
        group = self.page.get_by_role("group", name=legend, exact=True)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(label, exact=True).fill(str(value))

    def choose(self, label: str) -> None:
        """Choose a radio or tick a box by its words."""
        self.page.get_by_label(label, exact=False).first.check()

    def reads(self, text: str) -> None:
        """The page says `text`, in what is shown."""
        expect(self.page.locator("body")).to_contain_text(text)

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().strip()

    def focused(self) -> Locator:
        return self.page.locator(":focus")

    def tab_to(self, role: str, name: str, presses: int = 60) -> None:
        """Press Tab until the focus, which must be seen, is on the thing of this name."""
        wanted = self.page.get_by_role(role, name=name).or_(  # type: ignore[arg-type]
            self.page.locator("a[role=button]").filter(has_text=name)
        )
        for _ in range(presses):
            self.page.keyboard.press("Tab")
            focused = self.focused()
            if focused.count() and wanted.and_(focused).count():
                style = "getComputedStyle(document.activeElement)"
                ring = f"{style}.outlineStyle !== 'none' || {style}.boxShadow !== 'none'"
                assert self.page.evaluate(ring), f"the focus on {name} cannot be seen"
                return
        raise AssertionError(f"the keyboard does not come to {name}")

    def forget_complaints(self) -> None:
        """Leave the page, and what it complained of."""
        self.page.goto("about:blank")
        self.complaints.clear()

    # --- Looking ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Check the page that is open; fails with everything that is wrong about it."""
        url = self.page.url.removeprefix(self.stack.base)
        self.seen.append(url.split("?")[0])
        faults = axe(self.page) if self.script else []
        if not self.page.title().strip():
            faults.append("no title")
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        if self.script and self.page.viewport_size == PHONE and self.page.evaluate(wide):
            faults.append("the page scrolls sideways")
        faults += self.complaints
        self.complaints.clear()
        if faults and os.environ.get("VAR"):
            folder = Path(os.environ["VAR"]) / "faults"
            folder.mkdir(parents=True, exist_ok=True)
            name = url.strip("/").replace("/", "-").split("?")[0] or "home"
            self.page.screenshot(path=folder / f"{name}.png", full_page=True)
        assert not faults, f"{url}: " + "; ".join(faults)

    def expect_errors(self) -> None:
        """The page that refused says so first: in its title, and by taking focus to a summary."""
        assert self.page.title().startswith("Error:"), self.page.title()
        summary = self.page.locator(".nhsuk-error-summary")
        expect(summary).to_be_visible()
        if self.script:
            expect(summary).to_be_focused()
        for link in summary.get_by_role("link").all():
            target = link.get_attribute("href") or ""
            assert self.page.locator(target).count() == 1, f"{target} leads nowhere"

    def enter(self) -> None:
        """Press Enter on what has the focus, and look at the page that it leads to."""
        # Asked for beforehand: the page that is left has long been loaded.
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def picture(self, name: str) -> None:
        """Keep a picture for the documentation, when SCREENSHOTS is set."""
        if os.environ.get("SCREENSHOTS"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png")

    # --- Signing in ------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str, totp: str | None = None) -> None:
        self.go("/account/login/")
        self.fill("E-mail", email)
        self.page.locator("input[type=password]").fill(password)
        self.press("Sign in")
        if totp:
            self.page.locator("input[name=code]").fill(fresh_code(totp))
            self.page.locator("form:has(input[name=code]) button").first.click()
            self.page.wait_for_load_state()
            self.look()
            assert "/account/" not in self.page.url, "the code was not taken"

    def sign_out(self) -> None:
        """By the menu, which opens without script too."""
        menu = self.page.locator("summary").filter(has_text="Your account")
        if menu.count() and menu.is_visible():
            menu.click()
        self.press("Sign out")


_TAKEN: set[tuple[str, int]] = set()


def fresh_code(secret: str, step: int = 30) -> str:
    """Six digits that an authenticator app shows now or next (RFC 6238), each given once.

    A code is taken once only (RFC 6238, 5.2), and journeys sign one person in more often than
    twice a minute: the portal takes the next one too.
    """
    while True:
        left = step - time.time() % step
        if left < 3:  # it would be the last one by the time it arrives
            time.sleep(left + 0.5)
        now = int(time.time() // step)
        for moment in (now, now + 1):
            if (secret, moment) not in _TAKEN:
                _TAKEN.add((secret, moment))
                return _code(secret, moment)
        time.sleep(step - time.time() % step)


def _code(secret: str, moment: int) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.digest(key, struct.pack(">Q", moment), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
