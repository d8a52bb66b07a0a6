"""The spine, one step a method: from a coordinator's workbook to a paid partner."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.system.stack import Stack, eventually, link_in
from tests.system.visitor import Visitor, fresh_code

LONDON = ZoneInfo("Europe/London")
GROUP = "Upper limb MDT"


def today() -> date:
    return datetime.now(LONDON).date()


@dataclass
class Spine:
    """One programme, its coordinator at a desk and one partner with a phone."""

    stack: Stack
    slug: str
    coordinator: Visitor
    partner: Visitor

    def __post_init__(self) -> None:
        self.cora = f"cora.{self.slug}@example.net"
        self.mo = f"mo.{self.slug}@example.net"
        self.programme = "MSK Partnership"

    # --- The coordinator comes in ----------------------------------------------------------------

    def coordinator_accepts_the_invitation(self) -> None:
        self.stack.manage(
            *("create_programme", self.slug, "--name", self.programme),
            *("--coordinator", self.cora, "--coordinator-name", "Cora Lane"),
        )
        mail = eventually(lambda: self.stack.mailbox.to(self.cora, "invitation"), "her invitation")
        visitor = self.coordinator

        visitor.go(link_in(mail[0], self.stack))
        visitor.press("Accept and sign in")

        assert visitor.heading() == "Set up a second step"

    def coordinator_connects_an_authenticator(self) -> None:
        visitor = self.coordinator
        visitor.follow("An app on your phone")
        told = visitor.page.locator("main details").text_content() or ""
        secret = max(re.findall(r"[A-Z2-7]{4}(?: [A-Z2-7]{4})+", told), key=len)

        visitor.fill("The 6 numbers", "000000")
        visitor.press("Connect")
        visitor.expect_errors()
        visitor.fill("The 6 numbers", fresh_code(secret.replace(" ", "")))
        visitor.press("Connect")

        assert visitor.heading() == "Your recovery codes"

    # --- The workbook ----------------------------------------------------------------------------

    def coordinator_brings_in_the_register(self, workbook: Path) -> None:
        visitor = self.coordinator
        visitor.go("/admin/partners/partner/")
        visitor.follow("Bring in a register")

        visitor.press("Read it")
        visitor.expect_errors()
        visitor.page.locator("input[type=file]").set_input_files(workbook)
        visitor.press("Read it")
        self._choose_the_sheet()
        visitor.press("Try it out")
        visitor.reads("Nothing is changed yet")
        visitor.reads("Derek")
        assert self._partners() == 0
        visitor.press("Bring it in")

        assert self._partners() == 9

    def _choose_the_sheet(self) -> None:
        """Where a workbook has several sheets, the page may ask which."""
        sheet = self.coordinator.page.get_by_label("PCP register")
        if sheet.count():
            sheet.check()
            self.coordinator.press("Continue")

    def _partners(self) -> int:
        asked = (
            "SELECT count(*) FROM partners_partner p JOIN accounts_programme a"
            " ON a.id = p.programme_id WHERE a.slug = %s"
        )
        return int(self.stack.rows(asked, self.slug)[0][0])

    # --- A partner, a place, two meetings --------------------------------------------------------

    def coordinator_invites_a_partner(self) -> None:
        """Mo has a new address: it goes into the register first."""
        visitor = self.coordinator
        visitor.go("/admin/partners/partner/")
        visitor.follow("Maureen Okafor")
        visitor.fill("E-mail", self.mo)
        visitor.press("Save")
        visitor.go("/admin/partners/partner/")
        visitor.follow("Maureen Okafor")
        visitor.press("Invite to the portal")

        visitor.reads("was invited")

    def coordinator_places_her(self, group: str) -> None:
        visitor = self.coordinator
        visitor.go("/admin/assignments/workgroup/")
        visitor.follow(group)
        visitor.follow("Place a partner")
        visitor.fill("Name or e-mail address", "okafor")
        visitor.press("Search")
        visitor.follow("Maureen Okafor")
        visitor.fill_date("First day", today() - timedelta(days=30))
        visitor.press("Give this place")

        visitor.reads("Maureen Okafor")

    def coordinator_plans(self, group: str, day: date, asks: str) -> None:
        visitor = self.coordinator
        visitor.go("/admin/assignments/workgroup/")
        visitor.follow(group)
        visitor.follow("Plan a meeting")
        visitor.fill_date("Day", day)
        visitor.fill("Starts at", "2pm")
        visitor.fill("Ends at", "1pm")
        visitor.press("Plan this meeting")
        visitor.expect_errors()
        visitor.fill("Ends at", "4:30pm")
        visitor.fill("What it asks of partners", asks)
        visitor.press("Plan this meeting")

    # --- The partner, on her phone ---------------------------------------------------------------

    def partner_accepts_the_invitation(self) -> None:
        mail = eventually(lambda: self.stack.mailbox.to(self.mo, "invitation"), "her invitation")
        visitor = self.partner

        visitor.go(link_in(mail[0], self.stack))
        visitor.press("Accept and sign in")

        assert visitor.heading() == "Hello, Mo"

    def partner_sees_what_is_next_and_answers(self, asks: str) -> None:
        visitor = self.partner
        visitor.go("/")
        card = visitor.page.locator(".app-next")
        assert "Tomorrow" in card.inner_text()
        assert asks in card.inner_text()
        card.get_by_role("link").first.click()
        visitor.page.wait_for_load_state()
        visitor.look()
        visitor.press("I’m coming")

        visitor.reads("You told us that you are coming")

    # --- The work, and the money -----------------------------------------------------------------

    def coordinator_confirms_who_was_there(self) -> None:
        visitor = self.coordinator
        visitor.go("/admin/")
        visitor.follow("to confirm")
        visitor.follow(GROUP)
        visitor.follow("Confirm who was there")
        visitor.press("All of these were there")

        visitor.reads("Held")

    def partner_claims_in_two_taps(self) -> None:
        """And, before the second, adds the train: a day and an amount."""
        visitor = self.partner
        visitor.go("/money/")
        visitor.press("Claim £")
        visitor.reads("£75.00")
        visitor.follow("Add an expense")
        visitor.press("Continue")
        visitor.expect_errors()
        visitor.choose("Bus or train")
        visitor.press("Continue")
        visitor.fill_date("Which day was it?", today() - timedelta(days=3))
        visitor.press("Continue")
        visitor.fill("How much did you pay?", "7,50")
        visitor.press("Add this expense")
        visitor.expect_errors()
        visitor.fill("How much did you pay?", "7.50")
        visitor.press("Add this expense")
        visitor.reads("£82.50")
        visitor.press("Send it")

        visitor.reads("Your coordinator looks at it")

    def coordinator_approves(self) -> None:
        visitor = self.coordinator
        visitor.go("/admin/")
        visitor.follow("to approve")
        visitor.open_row("Maureen Okafor")
        visitor.reads("£82.50")
        visitor.press("Approve £82.50")

        visitor.reads("is approved: £82.50")

    def coordinator_makes_the_months_report(self) -> None:
        visitor = self.coordinator
        visitor.go("/admin/payments/paymentrun/")
        visitor.press("Make the month’s report")
        visitor.page.get_by_text("Ready:").wait_for(timeout=60_000)
        visitor.look()

        visitor.reads("£82.50")

    def files_add_up(self) -> None:
        """The report's total, the sum of its lines, and plain numbers are one and the same."""
        visitor = self.coordinator
        files = {}
        for link in visitor.page.locator("a[href*='/files/']").all():
            with visitor.page.expect_download() as download:
                link.click()
            path = download.value.path()
            files[Path(download.value.suggested_filename).suffix] = path.read_bytes()
        assert set(files) == {".csv", ".xlsx"}

        text = files[".csv"].decode("utf-8-sig")
        lines = [row for row in csv.DictReader(io.StringIO(text)) if row["Partner"]]
        amounts = [Decimal(row["Amount"]) for row in lines]
        assert sorted(amounts) == [Decimal("7.50"), Decimal("75.00")]
        assert sum(amounts) == Decimal("82.50") == self._total_of_run()
        assert {row["Partner"] for row in lines} == {"Maureen Okafor"}
        visitor.reads(hashlib.sha256(files[".csv"]).hexdigest())
        assert files[".xlsx"].startswith(b"PK")

    def _total_of_run(self) -> Decimal:
        asked = (
            "SELECT r.total FROM payments_paymentrun r JOIN accounts_programme a"
            " ON a.id = r.programme_id WHERE a.slug = %s"
        )
        return Decimal(self.stack.rows(asked, self.slug)[0][0])

    # --- The day before --------------------------------------------------------------------------

    def reminder_goes_out_the_day_before(self) -> None:
        """Made by the worker's own round; its hour is brought forward, whatever hour it is now."""
        self.stack.send_task("reminders.tasks.reconcile")
        eventually(self._reminders, "a reminder of tomorrow's meeting")
        self.bring_reminders_forward()
        mails = eventually(lambda: self.stack.mailbox.to(self.mo, "tomorrow"), "the reminder")

        assert len(mails) == 1
        assert mails[0]["Message-ID"]

    def _reminders(self) -> int:
        asked = (
            "SELECT count(*) FROM reminders_reminder r JOIN accounts_programme a"
            " ON a.id = r.programme_id WHERE a.slug = %s AND r.withdrawn_at IS NULL"
        )
        return int(self.stack.rows(asked, self.slug)[0][0])

    def coordinator_brings_it_in_again_and_nothing_changes(self, workbook: Path) -> None:
        visitor = self.coordinator
        visitor.go("/admin/partners/registerimport/upload/")
        visitor.page.locator("input[type=file]").set_input_files(workbook)
        visitor.press("Read it")
        self._choose_the_sheet()
        visitor.press("Try it out")

        visitor.reads("There is nothing new to bring in")
        visitor.press("Let it go")
        assert self._partners() == 9

    # --- When servers are killed -----------------------------------------------------------------

    def coordinator_asks_for_the_report_again(self) -> None:
        visitor = self.coordinator
        visitor.go("/admin/payments/paymentrun/")
        visitor.open_row(self.programme)
        visitor.page.get_by_role("button", name="Make the month’s report again").click()
        visitor.page.wait_for_load_state()

    def reports_are_ready(self) -> bool:
        asked = (
            "SELECT count(*), count(*) FILTER (WHERE r.status = 'ready')"
            " FROM payments_paymentreport r"
            " JOIN accounts_programme a ON a.id = r.programme_id WHERE a.slug = %s"
        )
        asked_for, ready = self.stack.rows(asked, self.slug)[0]
        return bool(asked_for == ready)

    def ledger(self) -> tuple[object, ...]:
        """What must not be lost: work, claims, lines and what was paid."""
        asked = (
            "SELECT (SELECT count(*) FROM partners_contribution c WHERE c.programme_id = a.id),"
            " (SELECT count(*) FROM payments_claim c WHERE c.programme_id = a.id),"
            " (SELECT sum(l.amount) FROM payments_claimline l JOIN payments_claim c"
            "  ON c.id = l.claim_id WHERE c.programme_id = a.id),"
            " (SELECT count(*) FROM assignments_meeting m WHERE m.programme_id = a.id)"
            " FROM accounts_programme a WHERE a.slug = %s"
        )
        return self.stack.rows(asked, self.slug)[0]

    def expected(self) -> int:
        """People to be reminded of tomorrow's meetings: down for one, and reachable by mail."""
        asked = (
            "SELECT count(*) FROM assignments_attendance t JOIN assignments_meeting m"
            " ON m.id = t.meeting_id JOIN accounts_programme a ON a.id = m.programme_id"
            " JOIN partners_partner p ON p.id = t.partner_id"
            " WHERE a.slug = %s AND m.status = 'planned' AND m.starts_at > now()"
            " AND t.plan <> 'not_this_time' AND p.email IS NOT NULL"
        )
        return int(self.stack.rows(asked, self.slug)[0][0])

    def reminded(self) -> int:
        return self._reminders()

    def bring_reminders_forward(self) -> None:
        """The hour of tomorrow's reminders is now, whatever hour it is."""
        self.stack.rows(
            "UPDATE accounts_message m SET due_at = now() FROM accounts_programme a"
            " WHERE a.id = m.programme_id AND a.slug = %s AND m.kind = 'meeting_tomorrow'"
            " AND m.status = 'waiting'",
            self.slug,
        )

    def everybody_was_written_to(self) -> bool:
        asked = (
            "SELECT m.to_address, m.status FROM accounts_message m JOIN accounts_programme a"
            " ON a.id = m.programme_id WHERE a.slug = %s AND m.kind = 'meeting_tomorrow'"
        )
        told = self.stack.rows(asked, self.slug)
        return bool(told) and all(
            status == "sent" and self.stack.mailbox.to(address, "tomorrow")
            for address, status in told
        )
