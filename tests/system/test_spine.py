"""The journey of a programme: from a coordinator's workbook to a paid partner, on real parts."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.system.spine import GROUP, Spine, today
from tests.system.stack import Stack, eventually
from tests.system.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKS = "Read two pages beforehand"


@pytest.fixture(scope="module")
def spine(stack: Stack, arrive: Callable[..., Visitor]) -> Iterator[Spine]:
    """A new programme beside the demo one; the tests of this module continue each other."""
    return Spine(stack, f"spine-{int(time.time())}", arrive(DESK), arrive(PHONE))


def test_journey_from_workbook_to_report(spine: Spine, workbook: Path) -> None:
    spine.coordinator_accepts_the_invitation()
    spine.coordinator_connects_an_authenticator()
    spine.coordinator_brings_in_the_register(workbook)
    spine.coordinator_brings_it_in_again_and_nothing_changes(workbook)
    spine.coordinator_invites_a_partner()
    spine.coordinator_places_her("Pain services")
    spine.coordinator_plans(GROUP, today() + timedelta(days=1), ASKS)
    spine.coordinator_plans(GROUP, today() - timedelta(days=3), "")

    spine.partner_accepts_the_invitation()
    spine.partner_sees_what_is_next_and_answers(ASKS)

    spine.coordinator_confirms_who_was_there()
    spine.partner_claims_in_two_taps()
    spine.coordinator_approves()
    spine.coordinator_makes_the_months_report()
    spine.files_add_up()
    spine.reminder_goes_out_the_day_before()


def test_killed_servers_come_back_and_nothing_is_lost(spine: Spine, stack: Stack) -> None:
    """kill -9 of worker, Redis and PostgreSQL, each while there is work for it."""
    spine.coordinator_plans("Lower limb MDT", today() + timedelta(days=1), "")
    before = spine.ledger()

    for victim in ("worker", "redis", "postgres"):
        first = stack.processes(victim)
        spine.coordinator_asks_for_the_report_again()
        stack.kill(victim)

        eventually(
            lambda victim=victim, first=first: set(stack.processes(victim)) - set(first),
            f"{victim} runs again",
        )
        eventually(lambda: stack.answers() == 200, "the portal answers")
        spine.coordinator.forget_complaints()  # a page that asks every second saw the gap
        spine.coordinator.go("/admin/")
        eventually(spine.reports_are_ready, f"the report is ready after {victim} was killed", 150)
        assert spine.ledger() == before

    stack.send_task("reminders.tasks.reconcile")
    eventually(lambda: spine.reminded() == spine.expected(), "nobody's reminder is missing", 120)
    spine.bring_reminders_forward()
    eventually(spine.everybody_was_written_to, "everybody was written to", 120)


def test_partner_uses_the_keyboard_alone(spine: Spine) -> None:
    visitor = spine.partner
    visitor.go("/")

    visitor.page.keyboard.press("Tab")
    assert "Skip to main content" in visitor.focused().inner_text()
    visitor.page.keyboard.press("Enter")
    visitor.tab_to("link", GROUP)
    visitor.enter()
    visitor.tab_to("button", "I can’t make it")
    visitor.enter()
    visitor.reads("You told us that you can’t make it")

    visitor.go("/portfolio/add/")
    visitor.tab_to("button", "Continue")
    visitor.enter()
    visitor.expect_errors()
