"""The journey of a piece of work: from what was done, with evidence and thanks, to a PDF."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.system.spine import today
from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TALK = "Talk to new physiotherapists"
LINE = "She told us what no lecture could."


@pytest.fixture(scope="module")
def partner(stack: Stack, arrive: Callable[..., Visitor]) -> Visitor:
    """A partner of the demo on her phone; the tests of this module continue each other."""
    person = stack.sign_ins()["partner"]
    visitor = arrive(PHONE)
    visitor.sign_in(person["email"], person["password"])
    return visitor


def poster() -> bytes:
    """A photograph that knows where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "CAMERAMAKER"
    exif.get_ifd(0x8825)[2] = (53.0, 24.0, 36.0)
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_work_is_written_down_and_told(partner: Visitor) -> None:
    partner.go("/portfolio/")
    partner.picture("partner-portfolio-phone")
    partner.follow("Add something you did")
    partner.fill("What did you do?", TALK)
    partner.page.get_by_label("What kind of work was it?").select_option("talk")
    partner.fill_date("Which day was it?", today())
    partner.fill("Hours", "1")
    partner.press("Continue")
    partner.follow("Tell the story of it")

    partner.fill("What was your part in it?", "I spoke, and answered questions")
    partner.fill("What changed?", "They now ask what matters first")
    partner.page.locator("[data-app-saved]").filter(has_text="Saved at").wait_for()
    partner.look()
    partner.page.reload()
    assert partner.page.get_by_label("What changed?").input_value().startswith("They now ask")
    partner.fill("What do you take from it?", "My voice carries \U0001f44d")
    partner.press("Save")

    partner.reads("Your words are kept. Only you can see this.")
    partner.reads("They now ask what matters first")


def test_evidence_stands_beside_it(partner: Visitor, tmp_path: Path) -> None:
    page = partner.page.url
    partner.follow("Add a link")
    partner.fill("What is it?", "The slides")
    partner.fill("Its address", "javascript:alert(1)")
    partner.press("Add this link")
    partner.expect_errors()
    partner.reads("Give an address that begins with https://")
    assert partner.page.get_by_label("What is it?").input_value() == "The slides"
    partner.fill("Its address", "https://example.org/slides")
    partner.press("Add this link")
    partner.reads("The link is added.")

    partner.follow("Add a file")
    chooser = partner.page.locator("input[type=file]")
    chooser.set_input_files(
        {"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\0" + b"\0" * 500}
    )
    partner.press("Add this file")
    partner.expect_errors()
    chooser.set_input_files({"name": "poster.jpg", "mimeType": "image/jpeg", "buffer": poster()})
    partner.press("Add this file")
    partner.reads("The file is added.")

    with partner.page.expect_download() as download:
        partner.page.get_by_role("link", name="poster.jpg").first.click()
    kept = tmp_path / "poster.jpg"
    download.value.save_as(kept)
    assert b"CAMERAMAKER" not in kept.read_bytes()
    assert not Image.open(io.BytesIO(kept.read_bytes())).getexif()

    partner.follow("Change who may see it")
    partner.choose("Coordinators")
    partner.press("Save")
    partner.reads("You and your coordinators can see this.")
    partner.follow("See it as they do")
    partner.reads("I spoke, and answered questions")
    partner.go(page.removeprefix(partner.stack.base))
    partner.picture("partner-contribution-phone")


def test_line_of_thanks_comes_by_link(
    partner: Visitor, stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    page = partner.page.url.removeprefix(stack.base)
    address = f"ann.{int(time.time())}@example.net"
    partner.follow("Ask for a line of thanks")
    partner.press("Ask them")
    partner.expect_errors()
    partner.fill("Who do you ask?", "Dr Ann Lee")
    partner.fill("Their e-mail address", address)
    partner.press("Ask them")
    partner.reads("Nothing has come yet")

    mail = eventually(lambda: stack.mailbox.to(address), "Ann's message")
    ann = arrive(DESK)
    link = link_in(mail[0], stack)
    ann.go(link)
    ann.reads(TALK)
    ann.press("Send it")
    ann.expect_errors()
    ann.fill("What did their part mean", LINE)
    ann.press("Send it")
    ann.reads("Thank you")
    assert stack.answers(link) == 404

    partner.go(page)
    partner.reads(LINE)
    partner.press("Let it show")
    partner.reads("This shows with what you share, and in your PDF.")


def chosen_pdf(partner: Visitor) -> None:
    partner.go("/portfolio/take-along/")
    partner.choose("Only what I choose")
    partner.page.get_by_label(TALK).check()
    partner.press("Make it")


def test_chosen_work_becomes_a_pdf(partner: Visitor, tmp_path: Path) -> None:
    partner.go("/portfolio/take-along/")
    partner.press("Make it")
    partner.expect_errors()

    chosen_pdf(partner)
    saved = partner.page.get_by_role("button", name="Save the PDF").or_(
        partner.page.locator("a[role=button]").filter(has_text="Save the PDF")
    )
    saved.first.wait_for(timeout=60_000)
    partner.look()
    partner.page.reload()
    partner.look()
    with partner.page.expect_download() as download:
        saved.first.click()

    download.value.save_as(tmp_path / "portfolio.pdf")
    pdf = PdfReader(tmp_path / "portfolio.pdf")
    words = " ".join("\n".join(page.extract_text() for page in pdf.pages).split())
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert download.value.suggested_filename.endswith(".pdf")
    for shown in (TALK, "They now ask what matters first", LINE, "1 piece of work"):
        assert shown in words
    assert "My voice carries" not in words


def test_pdf_is_made_although_the_worker_is_killed(partner: Visitor, stack: Stack) -> None:
    stack.kill("worker")
    chosen_pdf(partner)
    address = partner.page.url

    def ready() -> bool:
        partner.page.goto(address)
        return "Your PDF is ready" in partner.page.locator("main").inner_text()

    eventually(ready, "the PDF is ready after the worker was killed", 150)


def test_portfolio_at_a_desk(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    person = stack.sign_ins()["partner"]
    visitor = arrive(DESK)
    visitor.sign_in(person["email"], person["password"])

    visitor.go("/portfolio/")
    visitor.picture("partner-portfolio")
    visitor.page.get_by_text("The same as a table").click()
    visitor.look()
    visitor.go("/portfolio/take-along/")
    visitor.choose("Only what I choose")
    visitor.look()
