"""A clinician reads what was seen, reflects, releases and takes a paper along; the lead reads."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import expect  # noqa: TID253 - loaded by tests that need a browser only
from pypdf import PdfReader

from tests.system.stack import Stack
from tests.system.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "I explain well and check too little. From now on I ask people to tell me what we decided."
# In the order in which somebody hears the paper read aloud.
PARTS = ("Kerstin Lindqvist", "Upper limb", "Sharing the decision", WORDS)


def test_journey_from_results_to_an_appraisal(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    people = stack.sign_ins()
    kerstin, lead = arrive(PHONE), arrive(PHONE)
    for visitor, role in ((kerstin, "clinician"), (lead, "clinical_lead")):
        person = people[role]
        visitor.sign_in(person["email"], person["password"], person["totp"])
        visitor.name = role

    kerstin.go("/")
    kerstin.follow("Read your results, and reflect")
    kerstin.reads("What was seen, item by item")
    kerstin.picture("results")
    kerstin.follow("Write a reflection")
    kerstin.press("Save")
    kerstin.expect_errors()
    kerstin.fill("What do you take from it?", "She can be rung on 07700 900555.")
    kerstin.press("Save", exact=True)
    kerstin.expect_errors()
    kerstin.fill("What do you take from it?", WORDS)
    kerstin.press("Save", exact=True)
    kerstin.reads("Only you can read them")

    lead.go("/results/teams/")
    lead.follow("Upper limb")
    lead.reads("Month by month")
    lead.picture("team-results")
    shown = lead.page.locator("main").inner_text()
    assert "Francesca Marchetti" in shown  # who released
    for unreleased in ("Peter Aldous", "Ngozi Adeyemi", "Helen Farrow"):
        assert unreleased not in shown
    there = kerstin.page.url.removeprefix(stack.base)
    number = there.rstrip("/").rsplit("/", 1)[-1]
    assert lead.page.goto(f"/results/released/{number}/").status == 404
    lead.forget_complaints()

    kerstin.follow("Release it to your clinical lead")
    kerstin.reads("Dr Abena Mensah")
    kerstin.press("Release it")
    kerstin.reads("Your clinical lead can read this now.")
    lead.go(f"/results/released/{number}/")
    lead.reads(WORDS)
    kerstin.follow("Take it back")
    kerstin.press("Take it back")
    assert lead.page.goto(f"/results/released/{number}/").status == 404
    lead.forget_complaints()

    paper = takes_the_paper(kerstin)
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    places = [text.find(part) for part in PARTS]
    assert -1 not in places, text
    assert places == sorted(places)
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert paper.trailer["/Root"]["/Lang"].startswith("en")


def takes_the_paper(kerstin: Visitor) -> PdfReader:
    kerstin.press("Make the paper (PDF)")
    expect(kerstin.page.locator("main")).to_contain_text("Your paper is ready", timeout=60_000)
    kerstin.look()
    with kerstin.page.expect_download() as found:
        kerstin.page.get_by_text("Save the PDF").click()
    return PdfReader(io.BytesIO(found.value.path().read_bytes()))
