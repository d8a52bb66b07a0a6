"""A new partner, from the invitation to the first thing she shares."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.system.spine import Spine, today
from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BRINGS = "I know what it is to wait two years for an answer"


def test_new_partner_from_invitation_to_first_shared_expertise(
    stack: Stack, arrive: Callable[..., Visitor]
) -> None:
    journey = Spine(stack, f"profile-{int(time.time())}", arrive(DESK), arrive(PHONE))
    journey.coordinator_accepts_the_invitation()
    journey.coordinator_connects_an_authenticator()
    add_her(journey)
    partner = journey.partner
    accept(journey, partner)

    partner.go("/me/")
    say_how_to_reach_her(partner)
    say_what_she_needs(partner)
    say_when_and_how_much(partner)
    share_what_she_brings(partner)

    partner.follow("See what others see of all this")
    partner.reads("They are told what to see to")
    partner.reads(BRINGS)
    coordinator_sees_it(journey.coordinator)


def add_her(journey: Spine) -> None:
    visitor = journey.coordinator
    visitor.go("/admin/partners/theme/")
    visitor.reads("Waiting and access")
    visitor.go("/admin/partners/partner/add/")
    visitor.page.locator("#id_name").fill("Maureen Okafor")
    visitor.page.locator("#id_known_as").fill("Mo")
    visitor.page.locator("#id_email").fill(journey.mo)
    visitor.press("Save", exact=True)
    visitor.follow("Maureen Okafor")
    visitor.press("Invite to the portal")
    visitor.reads("was invited")


def accept(journey: Spine, visitor: Visitor) -> None:
    mailbox = journey.stack.mailbox
    mail = eventually(lambda: mailbox.to(journey.mo, "invitation"), "her invitation")
    visitor.go(link_in(mail[0], journey.stack))
    visitor.press("Accept and sign in")
    visitor.reads("Mo")


def say_how_to_reach_her(visitor: Visitor) -> None:
    visitor.follow("How we reach you")
    visitor.choose("By telephone")
    visitor.press("Save")
    visitor.expect_errors()
    visitor.fill("Telephone number", "07700 900101")
    visitor.fill("Good times to ring", "After 11 on weekdays")
    visitor.press("Save")
    visitor.reads("By telephone")


def say_what_she_needs(visitor: Visitor) -> None:
    visitor.follow("What helps you to take part")
    visitor.follow("Add something you need")
    visitor.press("Save")
    visitor.expect_errors()
    visitor.choose("Energy, pain and concentration")
    visitor.fill("What do you need", "After an hour the pain takes over.")
    visitor.choose("Yes, tell them what to do")
    visitor.press("Save")
    visitor.expect_errors()
    visitor.fill("What should whoever arranges", "A break after an hour")
    visitor.press("Save")
    visitor.reads("A break after an hour")
    visitor.follow("Delete")
    visitor.follow("No, keep it")
    visitor.follow("Your profile")


def say_when_and_how_much(visitor: Visitor) -> None:
    visitor.follow("Days and times that suit you")
    visitor.fill("Which days and times suit you?", "Tuesdays and Thursdays")
    visitor.press("Save")
    visitor.follow("Your pace")
    visitor.fill("How many hours", "8")
    visitor.press("Save")
    visitor.expect_errors()
    visitor.choose("A month")
    visitor.page.get_by_label("longest you can do").select_option("2 hours")
    visitor.press("Save")
    visitor.reads("About 8 hours a month, at most 2 hours at a time")
    visitor.follow("Times away")
    visitor.follow("Add a time away")
    visitor.fill_date("From which day?", today() + timedelta(days=30))
    visitor.press("Save")
    visitor.follow("Last day")
    visitor.fill_date("What is your last day away?", today() + timedelta(days=37))
    visitor.press("Save")
    visitor.follow("Your profile")
    visitor.follow("Emergency contact")
    visitor.fill("Their name", "Ada Okafor")
    visitor.fill("Their telephone number", "01632 960002")
    visitor.press("Save")
    visitor.reads("Ada Okafor, 01632 960002")


def share_what_she_brings(visitor: Visitor) -> None:
    visitor.follow("Add something you bring")
    visitor.press("Save")
    visitor.expect_errors()
    visitor.choose("From being a patient or carer")
    visitor.fill("What do you bring?", BRINGS)
    visitor.choose("Waiting and access")
    visitor.choose("Coordinators")
    visitor.press("Save")
    visitor.reads("You and your coordinators see this")
    visitor.follow("Add something you want")
    visitor.fill("What would you like for yourself?", "To speak in front of people again")
    visitor.press("Save")
    visitor.reads("Only you see this")
    visitor.go("/me/")
    visitor.picture("partner-profile-phone")


def coordinator_sees_it(visitor: Visitor) -> None:
    visitor.go("/admin/partners/partner/")
    visitor.reads("1 need")
    visitor.follow("Maureen Okafor")
    visitor.reads(BRINGS)
    visitor.reads("A break after an hour")
    visitor.reads("Ada Okafor")
    assert "To speak in front of people" not in visitor.page.content()
