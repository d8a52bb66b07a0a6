"""Who comes, what they show and ask, and what stays of who left: the demo programme as it is."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.system.stack import Stack
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def as_partner(stack: Stack, visitor: Visitor, email: str) -> Visitor:
    person = next(one for one in stack.people() if one["email"].startswith(email))
    visitor.sign_in(person["email"], person["password"])
    visitor.name = email
    return visitor


def with_role(stack: Stack, visitor: Visitor, role: str) -> Visitor:
    person = stack.sign_ins()[role]
    visitor.sign_in(person["email"], person["password"], person["totp"])
    visitor.name = role
    return visitor


def saved(visitor: Visitor, link: str) -> bytes:
    with visitor.page.expect_download() as download:
        visitor.page.locator("main a").filter(has_text=link).first.click()
    return Path(download.value.path()).read_bytes()


def test_journey_of_somebody_on_the_way_in(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    new = as_partner(stack, arrive(PHONE), "fraser.")
    new.reads("Welcome, Fraser")
    new.picture("partner-welcome-phone")

    coordinator = with_role(stack, arrive(DESK), "coordinator")
    coordinator.go("/admin/partners/partner/arriving/")
    for name in ("Gwen Pritchard", "Harjit Singh Bains", "Marta Zielińska"):
        coordinator.reads(name)
    coordinator.follow("Fraser Galbraith")
    coordinator.reads("Met the team they will join")
    assert coordinator.page.locator("#checklist").inner_text().count("by Hannah Castle") == 3
    coordinator.picture("coordinator-support")
    coordinator.press("Met the team they will join")
    assert coordinator.page.locator("#checklist").inner_text().count("by Hannah Castle") == 4
    phone = with_role(stack, arrive(PHONE), "coordinator")
    phone.go("/admin/partners/partner/arriving/")
    phone.follow("Marta Zielińska")
    phone.reads("DBS check at the level that the role needs")


def test_journey_of_what_shows_it(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    toby = as_partner(stack, arrive(PHONE), "t.adeyemi")
    work, _ = shown_by(stack, "The gap.jpg")
    toby.go(f"/portfolio/{work}/")
    toby.reads("Five months between two clinics")
    toby.page.get_by_text("What shows it").first.scroll_into_view_if_needed()
    toby.picture("partner-evidence-phone")
    assert Image.open(io.BytesIO(saved(toby, "The drawing of the gap"))).size == (900, 560)

    coordinator = with_role(stack, arrive(DESK), "coordinator")
    _, entry = shown_by(stack, "Appointment letter.pdf")
    coordinator.go(f"/portfolio/shared/{entry}/")
    letter = PdfReader(io.BytesIO(saved(coordinator, "The letter as it is now")))
    assert "Your appointment" in letter.pages[0].extract_text()


def shown_by(stack: Stack, name: str) -> tuple[int, int]:
    """The piece of work that the file of this name shows, and what is told of it."""
    asked = (
        "SELECT n.contribution_id, n.id FROM partners_evidence e"
        " JOIN partners_portfolioentry n ON n.id = e.entry_id"
        " JOIN partners_storedfile f ON f.id = e.file_id WHERE f.name = %s"
    )
    work, entry = stack.rows(asked, name)[0]
    return work, entry


def test_journey_of_what_was_asked_for_and_answered(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    gareth = as_partner(stack, arrive(PHONE), "gareth.")
    gareth.go("/me/data/")
    gareth.reads("The labels say Pugh-Davies from today")
    gareth.page.locator("#corrections").scroll_into_view_if_needed()
    gareth.picture("correction-answered-phone")

    jun = as_partner(stack, arrive(PHONE), "jun.")
    jun.go("/me/data/")
    jun.follow("Copy of ")
    jun.reads("Your copy is ready")
    with zipfile.ZipFile(io.BytesIO(saved(jun, "Save the copy"))) as copy:
        assert "Jun Watanabe-Cole" in copy.read("index.html").decode()


def test_journey_of_a_story_that_was_given(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    for size in (DESK, PHONE):
        coordinator = with_role(stack, arrive(size), "coordinator")
        coordinator.go("/admin/partners/story/")
        coordinator.follow("The second question")
        coordinator.reads("Eileen, who brought the post")
        coordinator.reads("Induction of new physiotherapists, autumn")
    staff = with_role(stack, arrive(PHONE), "staff")
    staff.go("/stories/")
    staff.follow("The second question")
    staff.reads("She wrote down leeks.")
