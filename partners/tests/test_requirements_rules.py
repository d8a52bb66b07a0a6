"""Days and states of what has to be in place: boundaries first."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from partners.models import AgreementText, Partner, Requirement, RequirementRecord
from partners.rules import requirements as rules
from partners.rules.requirements import State
from partners.tests.factories import NOW, PartnerFactory
from partners.tests.pathway_factories import requirement

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 22), 36, date(2029, 11, 22)),
    ],
)
def test_months_after_ends_on_a_day_that_there_is(day: date, months: int, expected: date) -> None:
    assert rules.months_after(day, months) == expected


def _record(**values: Any) -> RequirementRecord:
    approved = {"status": "approved", "obtained_on": date(2026, 1, 1), "approved_at": NOW}
    return RequirementRecord(**{"partner_id": 1, "requirement_id": 1, **approved, **values})


def _state(*records: RequirementRecord, text: AgreementText | None = None, **values: Any) -> str:
    asked = Requirement(pk=1, **{"kind": "training", "warn_days": 60, **values})
    return rules.standing(Partner(pk=1), asked, records, TODAY, text=text).state


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (None, State.IN_PLACE),
        (TODAY - timedelta(days=1), State.ENDED),
        (TODAY, State.ENDING),  # good on its last day
        (TODAY + timedelta(days=60), State.ENDING),
        (TODAY + timedelta(days=61), State.IN_PLACE),
    ],
)
def test_standing_at_the_edges_of_a_period(expires_on: date | None, expected: State) -> None:
    assert _state(_record(expires_on=expires_on)) == expected


def test_standing_of_what_is_under_way() -> None:
    ended = _record(expires_on=date(2026, 1, 2))
    good = _record(expires_on=date(2028, 1, 2))
    shown = _record(status="shown", approved_at=None)

    assert _state() == State.MISSING
    assert _state(shown) == State.SHOWN
    assert _state(ended, shown) == State.SHOWN
    assert _state(good, shown) == State.IN_PLACE  # a renewal takes nothing away


def test_standing_takes_what_was_approved_last() -> None:
    wrong = _record(pk=1, expires_on=date(2036, 1, 1))
    right = _record(pk=2, expires_on=date(2026, 1, 1), approved_at=NOW + timedelta(minutes=1))

    assert _state(wrong, right) == State.ENDED


def test_standing_asks_again_for_a_new_version() -> None:
    first, second = AgreementText(pk=1, number=1), AgreementText(pk=2, number=2)

    assert _state(_record(agreement_id=1), text=first, kind="agreement") == State.IN_PLACE
    assert _state(_record(agreement_id=1), text=second, kind="agreement") == State.NEW_VERSION


def test_standing_ignores_what_is_another_partners() -> None:
    assert _state(_record(partner_id=2)) == State.MISSING


def test_version_asked_for_is_the_highest_that_has_begun() -> None:
    now = AgreementText(number=1, from_on=TODAY)
    later = AgreementText(number=2, from_on=TODAY + timedelta(days=1))

    assert rules.text_asked_for([later, now], TODAY) == now
    assert rules.text_asked_for([later, now], TODAY + timedelta(days=1)) == later
    assert rules.text_asked_for([later], TODAY) is None


def test_only_what_blocks_stands_in_the_way() -> None:
    def one(strength: str, state: State) -> rules.Standing:
        return rules.Standing(Requirement(strength=strength), state)

    ended, shown = one("block", State.ENDED), one("block", State.SHOWN)

    assert rules.unmet([one("warn", State.MISSING), one("block", State.ENDING)]) == []
    assert rules.unmet([ended, shown]) == [ended, shown]


def test_requirement_of_some_roles_is_asked_of_who_has_one() -> None:
    assert rules.applies([], [])
    assert rules.applies([1, 2], [2])
    assert not rules.applies([1], [2])


@pytest.mark.django_db
def test_ending_in_the_database_is_ending_by_the_rule() -> None:
    partner = PartnerFactory()
    days = [None, *(TODAY + timedelta(days=n) for n in (-400, -1, 0, 1, 59, 60, 61, 400))]
    told = {}
    for number, day in enumerate(days):
        asked = requirement(partner.programme, f"Thing {number}")
        told[asked.pk] = rules.standing(
            partner, asked, [_approved(partner, asked, day)], TODAY
        ).state in {State.ENDING, State.ENDED}
    asked = requirement(partner.programme, "Renewed")
    _approved(partner, asked, TODAY)
    _approved(partner, asked, date(2030, 1, 1), at=datetime(2026, 11, 21, 12, tzinfo=UTC))
    told[asked.pk] = False

    ending = RequirementRecord.objects.ending(TODAY).values_list("requirement", flat=True)

    assert set(ending) == {pk for pk, is_ending in told.items() if is_ending}
    assert len(ending) == 6


def _approved(
    partner: Partner, asked: Requirement, expires_on: date | None, *, at: datetime | None = None
) -> RequirementRecord:
    return RequirementRecord.objects.create(
        partner=partner,
        requirement=asked,
        status="approved",
        obtained_on=date(2025, 1, 1),
        expires_on=expires_on,
        recorded_at=NOW,
        approved_at=at or datetime(2026, 11, 20, 12, tzinfo=UTC),
    )
