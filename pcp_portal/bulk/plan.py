"""One programme's rows, worked out from their numbers.

So any row can be written without keeping the others in memory. A partner's work lies on
`contributions` working days spread over the years up to the month before last; seven of ten are
meetings of their work group of ten, the rest their own. Last month's payment run is still to be
made, and the weeks to come hold planned meetings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import count
from typing import Any

from django.db import models
from django.urls import reverse

from accounts.models import Programme, User
from partners.services.register import sort_key
from payments.models import PaymentRun, Rate
from pcp_portal.bulk.words import FIRST_NAMES, OWN_WORK, SUBJECTS, SURNAMES

NULL = r"\N"  # as COPY writes it
GROUP_SIZE = 10
CLAIM_SIZE = 5
TO_COME = 3  # meetings a group has beside those that were held

# Steps of a history: subject, from, to, at, by.
Steps = Iterator[tuple[int, str, str, str, Any]]


class BulkError(Exception):
    """The load was refused; its text is a sentence for people."""


@dataclass(frozen=True)
class Table:
    """A model, the fields that are written, and the lines in COPY's text form."""

    model: type[models.Model]
    fields: str
    lines: Callable[[], Iterator[str]]


@dataclass
class Plan:
    """One programme's rows. `ids` holds, by model, the key of its first row."""

    programme: Programme
    coordinator: User
    member: User
    rate: Rate
    number: int
    partners: int
    years: int
    contributions: int
    today: date
    ids: dict[type[models.Model], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Read now: while a COPY goes on, the connection takes no query.
        self.teams = list(self.programme.teams.values_list("pk", flat=True))
        self.groups = -(-self.partners // GROUP_SIZE)
        self.meeting_slots = [slot for slot in range(self.contributions) if slot % 10 < 7]
        self.held = len(self.meeting_slots)
        self.claims = -(-self.contributions // CLAIM_SIZE)
        this_month = self.today.replace(day=1)
        self.last_month = (this_month - timedelta(days=1)).replace(day=1)
        self.last_day = self.last_month - timedelta(days=1)
        span = (self.last_day - timedelta(days=n) for n in reversed(range(365 * self.years)))
        self.days = [day for day in span if day.weekday() < 5]
        self.step = len(self.days) // self.contributions
        if not self.step:
            raise BulkError(
                f"{self.contributions} contributions do not fit into {self.years} years: "
                "ask for fewer, or for more years."
            )
        self.text = {
            self.days[0] + timedelta(days=n): (self.days[0] + timedelta(days=n)).isoformat()
            for n in range(365 * self.years + 150)
        }
        self.meeting_base, self.meeting_tail = reverse("assignments:meeting", args=[0]).split("0")

    # Days and words, by number
    def day(self, group: int, slot: int) -> date:
        unused = len(self.days) - self.contributions * self.step
        return self.days[unused + slot * self.step + group % self.step]

    @cached_property
    def slot_days(self) -> list[list[date]]:
        """The working day of each slot, by `group % step`."""
        return [
            [self.day(shift, slot) for slot in range(self.contributions)]
            for shift in range(self.step)
        ]

    def later(self, day: date, days: int) -> str:
        return self.text[day + timedelta(days=days)]

    def name(self, partner: int) -> str:
        first = FIRST_NAMES[partner * 7 % len(FIRST_NAMES)]
        return f"{first} {SURNAMES[(partner // len(FIRST_NAMES) + partner) % len(SURNAMES)]}"

    def person(self, partner: int) -> tuple[str, str]:
        """Name, and how the register sorts it."""
        name = self.name(partner)
        return name, _sort_key(name)

    def email(self, partner: int) -> str:
        return f"{self.name(partner).lower().replace(' ', '.')}.{partner}@example.org"

    def group_name(self, group: int) -> str:
        kind = "MDT" if group % 10 < 6 else "project"
        return f"{SUBJECTS[group % len(SUBJECTS)]} {kind} {group + 1}"

    def work(self, partner: int, slot: int) -> tuple[str, str, int]:
        """Kind, title and minutes of a partner's own work."""
        kind, title, minutes = OWN_WORK[(slot + partner) % len(OWN_WORK)]
        return kind, title.format(SUBJECTS[partner // GROUP_SIZE % len(SUBJECTS)]), minutes

    def minutes(self, partner: int, slot: int) -> int:
        if slot % 10 < 7:
            return 60 if (partner + slot) % 29 == 0 else 120
        return OWN_WORK[(slot + partner) % len(OWN_WORK)][2]

    def fee(self, partner: int, slot: int) -> int:
        return 150 if self.minutes(partner, slot) > 240 else 75

    def claim_slots(self, claim: int) -> range:
        return range(claim * CLAIM_SIZE, min((claim + 1) * CLAIM_SIZE, self.contributions))

    def claim_status(self, partner: int, claim: int) -> str:
        """Everything older is paid; of the latest claims a fifth waits for its run."""
        place = partner % 100
        if claim < self.claims - 1 or place >= 30:
            return "paid"
        if place < 20:
            return "approved"
        return "submitted" if place < 25 else "queried" if place < 27 else "draft"

    def expense(self, partner: int, claim: int) -> str | None:
        return f"{3 + (partner + claim) % 34}.20" if (partner + claim) % 4 == 0 else None

    @cached_property
    def months(self) -> list[date]:
        """First days of the months that are paid, in order."""
        return sorted({day.replace(day=1) for day in self.days})

    def run_of(self, day: date) -> int:
        first = self.months[0]
        return self.ids[PaymentRun] + (day.year - first.year) * 12 + day.month - first.month


def history(plan: Plan, model: type[Any], steps: Callable[[], Steps]) -> Table:
    """Rows of `model`'s history from (subject, from, to, at, by)."""
    history = model.HISTORY

    def lines() -> Iterator[str]:
        key = count(plan.ids[history])
        for subject, before, after, at, by in steps():
            yield f"{next(key)}\t{subject}\t{before}\t{after}\t{at}\t{by}\t\n"

    return Table(history, "id subject from_status to_status at by why", lines)


@cache
def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@cache
def _sort_key(name: str) -> str:
    return sort_key(name)
