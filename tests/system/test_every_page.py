"""Every page that a person can come to, on a phone and at a desk, in the demo programme."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.system.stack import Stack
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = [
    "partner",
    "coordinator",
    "finance",
    "clinical_lead",
    "clinician",
    "peer_observer",
    "staff",
]
# Where no page is: files, what signs out, what is for scripts.
NO_PAGE = re.compile(r"^/static/|/files/|/jsi18n/|/logout/|\.ics$|/download/|^/papers/|^/healthz")
MOST = 80
# Pages whose picture is shown in the documentation.
PICTURES = {
    "partner-home-phone": ("partner", "/", PHONE),
    "partner-money": ("partner", "/money/", DESK),
    "coordinator-home": ("coordinator", "/admin/", DESK),
}


def kind_of(path: str) -> str:
    """The address without its numbers: one example of each kind of page is looked at."""
    return re.sub(r"\d+", "#", path)


def links(visitor: Visitor) -> list[str]:
    """Addresses of the portal on the page that is open, without their queries."""
    hrefs = visitor.page.locator("a[href]").evaluate_all("found => found.map(a => a.href)")
    here = [urlsplit(href) for href in hrefs if href.startswith(visitor.stack.base)]
    return [part.path for part in here if not NO_PAGE.search(part.path)]


def crawl(visitor: Visitor, start: str, faults: list[str]) -> list[str]:
    """Look at one page of each kind that can be reached from `start`; their addresses."""
    waiting, seen, looked_at = [start], {kind_of(start)}, []
    while waiting and len(looked_at) < MOST:
        path = waiting.pop(0)
        look_at(visitor, path, faults)
        looked_at.append(path)
        for found in links(visitor):
            if kind_of(found) not in seen:
                seen.add(kind_of(found))
                waiting.append(found)
    return looked_at


def look_at(visitor: Visitor, path: str, faults: list[str]) -> None:
    """Open a page and note its faults; LOOK=folder keeps a picture of each for looking at."""
    try:
        visitor.go(path)
    except AssertionError as fault:
        faults.append(str(fault))
    if os.environ.get("LOOK"):
        size = "phone" if visitor.page.viewport_size == PHONE else "desk"
        folder = Path(os.environ["LOOK"]) / visitor.name
        folder.mkdir(parents=True, exist_ok=True)
        name = kind_of(path).strip("/").replace("/", "-").replace("#", "1") or "home"
        visitor.page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(
    stack: Stack, arrive: Callable[..., Visitor], role: str
) -> None:
    person = stack.sign_ins()[role]
    faults: list[str] = []
    desk, phone = arrive(DESK), arrive(PHONE)
    desk.sign_in(person["email"], person["password"], person["totp"])
    # The same session on the phone: a code is taken once only.
    desk.name = phone.name = role
    phone.context.add_cookies(desk.context.cookies())

    pages = crawl(desk, person["start"], faults)
    for picture, (whose, path, size) in PICTURES.items():
        if whose == role:
            visitor = phone if size == PHONE else desk
            visitor.go(path)
            visitor.picture(picture)
    for path in pages:
        look_at(phone, path, faults)

    assert len(pages) >= 5, pages
    assert not faults, "\n".join(faults)
