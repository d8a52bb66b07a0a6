"""What has to be in place, for whom, until when: facts without HTTP or database.

Days are counted with both ends in: what is good until the 3rd is good on the 3rd. A period of
months ends on the same day of a later month, or on that month's last day where it has no such
day: twelve months from 29 February 2028 end on 28 February 2029.
"""

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from accounts.rules import coordinates
from partners.models import AgreementText, Partner, Requirement, RequirementRecord

_Status = RequirementRecord.Status


class State(models.TextChoices):
    """How a requirement stands with a partner on a day."""

    MISSING = "missing", "Nothing recorded yet"
    ASKED = "asked", "Asked for"
    SHOWN = "shown", "Waiting to be looked at"
    RETURNED = "returned", "Something is missing"
    NEW_VERSION = "new_version", "A new version to read"
    ENDED = "ended", "Ended"
    ENDING = "ending", "Ends soon"
    IN_PLACE = "in_place", "In place"


_OPEN = {_Status.ASKED: State.ASKED, _Status.SHOWN: State.SHOWN, _Status.RETURNED: State.RETURNED}


@dataclass(frozen=True)
class Standing:
    """How one requirement stands: the state, the last day of it, and what is under way.

    `until` is the last day of what was approved last (None: without end, or nothing approved).
    `approved` is that record; `under_way` one that is asked for, shown or returned.
    """

    requirement: Requirement
    state: State
    until: date | None = None
    approved: RequirementRecord | None = None
    under_way: RequirementRecord | None = None

    @property
    def is_met(self) -> bool:
        """In place today, if perhaps not for long."""
        return self.state in {State.IN_PLACE, State.ENDING}


def may_keep_requirements(user: Any, requirement: Requirement) -> bool:
    """Coordinators say what is asked for."""
    return coordinates(user, requirement.programme_id)


def may_look_at(user: Any, record: RequirementRecord) -> bool:
    """Coordinators look at what partners show, never at their own."""
    return coordinates(user, record.partner.programme_id) and record.partner.user_id != user.pk


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def good_until(requirement: Requirement, obtained_on: date) -> date | None:
    """The last day of what was obtained on a day; None where it does not end."""
    if requirement.valid_months is None:
        return None
    return months_after(obtained_on, requirement.valid_months)


def applies(wanted_roles: Collection[int], held_roles: Collection[int]) -> bool:
    """A requirement is everybody's when it names no role, else that of whoever has one of them."""
    return not wanted_roles or bool(set(wanted_roles) & set(held_roles))


def standing(
    partner: Partner,
    requirement: Requirement,
    records: Iterable[RequirementRecord],
    today: date,
    *,
    text: AgreementText | None = None,
) -> Standing:
    """How `requirement` stands with `partner` today.

    `records` may hold others too; `text` is the version of an agreement that is asked for now.
    What was approved last counts, so that a mistake is put right by approving again.
    """
    own = [
        record
        for record in records
        if record.partner_id == partner.pk and record.requirement_id == requirement.pk
    ]
    under_way = next((record for record in own if record.status in _OPEN), None)
    approved = max(
        (record for record in own if record.approved_at is not None),
        key=lambda record: (record.approved_at, record.pk),
        default=None,
    )
    until = approved.expires_on if approved else None
    state = _approved_state(requirement, approved, text, today)
    if state not in {State.IN_PLACE, State.ENDING} and under_way is not None:
        state = _OPEN[_Status(under_way.status)]
    return Standing(requirement, state, until, approved, under_way)


def _approved_state(
    requirement: Requirement,
    approved: RequirementRecord | None,
    text: AgreementText | None,
    today: date,
) -> State:
    if approved is None:
        return State.MISSING
    if text is not None and approved.agreement_id != text.pk:
        return State.NEW_VERSION
    if approved.expires_on is None:
        return State.IN_PLACE
    if approved.expires_on < today:
        return State.ENDED
    if approved.expires_on - timedelta(days=requirement.warn_days) <= today:
        return State.ENDING
    return State.IN_PLACE


def text_asked_for(texts: Iterable[AgreementText], today: date) -> AgreementText | None:
    """The version of an agreement that is asked for today: the highest that has begun."""
    begun = [text for text in texts if text.from_on <= today]
    return max(begun, key=lambda text: text.number, default=None)


def unmet(standings: Iterable[Standing]) -> list[Standing]:
    """Those without which no new work is given: they block, and are not in place.

    What only warns never stands in the way.
    """
    block = Requirement.Strength.BLOCK
    return [one for one in standings if one.requirement.strength == block and not one.is_met]
