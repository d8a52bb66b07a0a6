"""Two people observe a clinic on their phones, blind to each other, where the network goes away."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect  # noqa: TID253 - loaded by tests that need a browser only

from ops.browser import axe
from tests.system.stack import Stack
from tests.system.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MO_WORDS, PAT_WORDS = "Silence was given time", "Options were drawn on paper"
AGREED = "We saw the pause alike"
# What the browser holds of the clinic: each row as the types of its parts and the bytes as text.
STORED = """async () => {
  const open = (request) => new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  const there = await indexedDB.databases();
  if (!there.some((one) => one.name === "observing")) return [];
  const database = await open(indexedDB.open("observing", 1));
  const rows = await open(database.transaction("sheets").objectStore("sheets").getAll());
  database.close();
  return rows.map((row) => ({
    parts: Object.keys(row).sort().join(" "),
    all: JSON.stringify(row) + new TextDecoder("latin1").decode(row.bytes),
  }));
}"""
CLINIC = """
from datetime import timedelta

from django.utils import timezone
from accounts.models import RoleGrant, User
from observations.models import ClinicSession, Observer
from observations.services import instruments, sessions
from partners.models import Partner

now = timezone.now()
partner = Partner.objects.get(user__email={partner!r})
peer = User.objects.get(email={peer!r})
grant = RoleGrant.objects.current().get(user=peer, role="peer_observer")
programme, team = partner.programme, grant.team
instruments.seed(programme=programme, by=None, now=now)
version = next(v for v in instruments.usable_versions(programme))
clinician = User.objects.get(email={clinician!r})
session = ClinicSession.objects.create(
    programme=programme, team=team, clinician=clinician, version=version,
    day=timezone.localdate() - timedelta(days={days}), half={half!r},
    status="agreed", planned_at=now,
)
for one in ({{"partner": partner}}, {{"person": peer}}):
    Observer.objects.create(
        session=session, answer="yes", invited_at=now, answered_at=now, **one
    )
print("clinic", session.pk)
"""


def test_journey_of_two_blind_observers_and_a_network_that_goes(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    people = stack.sign_ins()
    clinic = plan(stack, people, "am")
    mo, pat = arrive(PHONE), arrive(PHONE)
    sign_in(mo, people["partner"])
    sign_in(pat, people["peer_observer"])

    mo.go(f"/observing/{clinic}/sheets/")
    mo.follow("Begin the first consultation")
    rate(mo, MO_WORDS)
    says(mo, "Saved ")
    mo.look()

    two_more_offline(mo, clinic)
    back_online(mo, f"/observing/{clinic}/3/")

    pat.go(f"/observing/{clinic}/1/")
    rate(pat, PAT_WORDS)
    says(pat, "Saved ")
    for number in (2, 3):
        pat.page.get_by_role("button", name="Save and next consultation").click()
        expect(pat.page.locator("h1")).to_contain_text(f"Consultation {number}")
        rate(pat, "")
    submits(pat, 3)
    pat.reads("not submitted yet")
    for path in ("1/compare/", "2/compare/", "sheets/"):
        pat.go(f"/observing/{clinic}/{path}")
        assert MO_WORDS not in pat.page.content()
    mo.go(f"/observing/{clinic}/sheets/")
    mo.go(f"/observing/{clinic}/1/compare/")
    assert PAT_WORDS not in mo.page.content()

    submits(mo, 3)
    mo.follow("Compare your sheets of consultation 1")
    mo.reads(PAT_WORDS)
    agree(mo)
    pat.go(f"/observing/{clinic}/1/compare/")
    pat.reads(MO_WORDS)
    pat.reads(AGREED)

    mo.go("/portfolio/")
    mo.reads("Observed a clinic of the upper limb team")
    signs_out(mo)
    assert mo.page.evaluate(STORED) == []


def test_journey_with_two_versions_of_a_sheet(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    people = stack.sign_ins()
    clinic = plan(stack, people, "evening")
    phone, desk = arrive(PHONE), arrive(PHONE)
    for visitor in (phone, desk):
        sign_in(visitor, people["partner"])
        visitor.go(f"/observing/{clinic}/1/")
    phone.context.set_offline(True)
    phone.page.get_by_label("What worked").fill("From the phone")
    says(phone, "Not saved: you are offline. 1 sheet waits on this phone.")
    desk.page.get_by_label("What worked").fill("From the desk")
    says(desk, "Saved ")

    phone.context.set_offline(False)
    says(phone, "Not saved: this sheet says something else on the portal.")
    phone.reads("From the desk")
    phone.complaints.clear()  # the browser tells of the answer 409
    phone.look()
    assert len(phone.page.evaluate(STORED)) == 1
    phone.page.get_by_role("button", name="Keep what is here").click()
    says(phone, "Saved ")

    desk.page.reload()
    expect(desk.page.get_by_label("What worked")).to_have_value("From the phone")
    assert phone.page.evaluate(STORED) == []


def test_journey_of_sheets_that_wait_for_a_new_sign_in(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    people = stack.sign_ins()
    clinic = plan(stack, people, "pm")
    mo = arrive(PHONE)
    sign_in(mo, people["partner"])
    mo.go(f"/observing/{clinic}/1/")
    mo.context.clear_cookies(name="sessionid")
    mo.page.get_by_label("What worked").fill(MO_WORDS)
    says(mo, "Sign in again to send 1 sheet.")
    encrypted(mo, 1)

    mo.complaints.clear()
    sign_in(mo, people["partner"])
    encrypted(mo, 1)
    mo.go(f"/observing/{clinic}/1/")
    says(mo, "Saved ")

    expect(mo.page.get_by_label("What worked")).to_have_value(MO_WORDS)
    assert mo.page.evaluate(STORED) == []


def test_journey_without_script(stack: Stack, arrive: Callable[..., Visitor]) -> None:
    people = stack.sign_ins()
    clinic = plan(stack, people, "am", days=1)
    mo = arrive(PHONE, script=False)
    sign_in(mo, people["partner"])

    mo.go(f"/observing/{clinic}/sheets/")
    mo.follow("Begin the first consultation")
    mo.fill("What worked", "Ring 07700 900101")
    mo.press("Save and next consultation")
    mo.expect_errors()
    mo.fill("What worked", MO_WORDS)
    mo.press("Check and submit")
    mo.follow("Was there a decision to share?")
    rate(mo, MO_WORDS)
    mo.press("Check and submit")
    mo.fill("Minutes for each consultation", "25")
    mo.press("Submit consultation 1")

    mo.reads("1 sheet submitted")
    mo.follow("Back to your sheets")
    mo.reads("Submitted")


# --- Steps ---------------------------------------------------------------------------------------


def plan(stack: Stack, people: dict[str, Any], half: str, days: int = 0) -> int:
    """A clinic of today (or `days` before) that the partner and the peer come to; its id."""
    code = CLINIC.format(
        partner=people["partner"]["email"],
        peer=people["peer_observer"]["email"],
        clinician=people["clinician"]["email"],
        half=half,
        days=days,
    )
    said = stack.manage("shell", "--no-imports", "-c", code)
    return int(said.split("clinic")[-1])


def sign_in(visitor: Visitor, person: dict[str, Any]) -> None:
    visitor.sign_in(person["email"], person["password"], person.get("totp"))


def rate(visitor: Visitor, worked: str) -> None:
    """Fill in everything that the sheet on the screen asks."""
    page = visitor.page
    page.get_by_label("Yes", exact=True).check()
    for group in page.locator(".app-marks").all():
        group.locator("input[value='3']").check()
    if worked:
        visitor.fill("What worked", worked)


def says(visitor: Visitor, words: str) -> None:
    expect(visitor.page.locator(".app-kept")).to_contain_text(words)


def encrypted(visitor: Visitor, count: int) -> None:
    """The browser holds so many sheets, and nothing of what they say."""
    rows = visitor.page.evaluate(STORED)
    assert [row["parts"] for row in rows] == ["at bytes id iv"] * count
    for row in rows:
        for word in (MO_WORDS, "decision", "worked", "item_1"):
            assert word not in row["all"]


def two_more_offline(mo: Visitor, clinic: int) -> None:
    page = mo.page
    mo.context.set_offline(True)
    for number in (2, 3):
        page.get_by_role("button", name="Save and next consultation").click()
        expect(page.locator("h1")).to_contain_text(f"Consultation {number}")
        assert page.get_by_label("What worked").input_value() == ""
        rate(mo, f"{MO_WORDS} {number}")
        waits = "1 sheet waits" if number == 2 else "2 sheets wait"
        says(mo, f"Not saved: you are offline. {waits} on this phone.")
    encrypted(mo, 2)
    kept = "SELECT number FROM observations_consultation WHERE session_id = %s"
    assert mo.stack.rows(kept, clinic) == [(1,)]
    assert axe(page) == []


def back_online(mo: Visitor, address: str) -> None:
    mo.context.set_offline(False)
    says(mo, "Saved ")
    expect(mo.page.locator(".app-sheets")).not_to_contain_text("Waits")
    assert mo.page.evaluate(STORED) == []
    assert mo.page.url.endswith(address)
    mo.page.reload()
    mo.complaints.clear()  # the browser told of what it could not load
    expect(mo.page.get_by_label("What worked")).to_have_value(f"{MO_WORDS} 3")


def submits(visitor: Visitor, count: int) -> None:
    clinic = visitor.page.url.split("/observing/")[1].split("/")[0]
    if visitor.page.locator("[data-app-sheet]").count():
        visitor.page.get_by_role("button", name="Check and submit").click()
        visitor.page.wait_for_url("**/check/")
        visitor.look()
    else:
        visitor.go(f"/observing/{clinic}/check/")
    visitor.press(f"Submit all {count} sheets")
    visitor.reads(f"{count} sheets submitted")
    assert visitor.page.evaluate(STORED) == []


def signs_out(mo: Visitor) -> None:
    """The script empties what the browser kept, and only then lets the form go."""
    mo.page.locator("summary").filter(has_text="Your account").click()
    with mo.page.expect_navigation():
        mo.page.get_by_role("button", name="Sign out").first.click()
    mo.look()


def agree(mo: Visitor) -> None:
    mo.follow("Write down what you agree on")
    mo.fill("What you talked about", AGREED)
    mo.press("Keep what we agree on")
    mo.reads(AGREED)
