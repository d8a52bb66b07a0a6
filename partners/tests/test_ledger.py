"""The ledger: every move, both sides of every refusal, and two people at once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError

from accounts.models import Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Contribution, ContributionHistory, Partner
from partners.services import ledger
from partners.services.ledger import LedgerError
from partners.tests.factories import (
    NOW,
    PartnerFactory,
    confirmed_contribution,
    contribution,
    signed_up_partner,
)
from workflow.sealed import SealedError, writing

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def partner() -> Partner:
    return signed_up_partner(ProgrammeFactory())


@pytest.fixture
def coordinator(partner: Partner) -> User:
    return person(Role.COORDINATOR, partner.programme)


def statuses(row: Contribution) -> list[tuple[str, str]]:
    return list(row.history.values_list("from_status", "to_status"))


def test_record_keeps_the_facts_and_begins_the_history(partner: Partner) -> None:
    row = ledger.record(
        partner=partner,
        kind="panel",
        happened_on=DAY,
        minutes=90,
        title="  Expert \n panel ",
        by=partner.user,
        now=NOW,
        reflection="I was heard.\r\n",
    )

    row.refresh_from_db()
    assert (row.title, row.minutes, row.status, row.payable) == (
        "Expert panel",
        90,
        "recorded",
        True,
    )
    assert (row.programme, row.recorded_by, row.recorded_at) == (
        partner.programme,
        partner.user,
        NOW,
    )
    assert row.reflection == "I was heard."
    assert statuses(row) == [("", "recorded")]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"happened_on": date(2026, 11, 23)}, "happened_on"),
        ({"happened_on": date(2019, 1, 20)}, "happened_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"kind": "skydiving"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"reflection": "x" * 20_001}, "reflection"),
    ],
)
def test_record_refuses_what_cannot_have_been(
    partner: Partner, facts: dict[str, Any], field: str
) -> None:
    Partner.objects.filter(pk=partner.pk).update(joined_on=date(2019, 1, 21))

    with pytest.raises(LedgerError) as refused:
        contribution(partner, **facts)

    assert refused.value.field == field
    assert str(refused.value).endswith(".")
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"happened_on": date(2026, 11, 22)},
        {"happened_on": date(2019, 1, 21)},
        {"minutes": 1},
        {"minutes": 1440},
        {"title": "x" * 200},
        {"reflection": "x" * 20_000},
    ],
)
def test_record_takes_what_is_just_possible(partner: Partner, facts: dict[str, Any]) -> None:
    Partner.objects.filter(pk=partner.pk).update(joined_on=date(2019, 1, 21))

    row = contribution(partner, **facts)

    assert row.pk


def test_a_day_begins_at_midnight_in_london(partner: Partner) -> None:
    just_after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past twelve on 1 July

    row = contribution(partner, now=just_after_midnight, happened_on=date(2026, 7, 1))

    assert row.pk


def test_a_day_holds_24_hours_of_standing_work(partner: Partner, coordinator: User) -> None:
    first = contribution(partner, minutes=1000)
    contribution(partner, minutes=440)
    contribution(partner, minutes=1440, happened_on=DAY - timedelta(days=1))

    with pytest.raises(LedgerError, match="more than 24 hours"):
        contribution(partner, minutes=1)

    ledger.withdraw(contribution=first, by=coordinator, now=NOW, why="Twice")
    assert contribution(partner, minutes=1000).pk
    assert contribution(PartnerFactory(programme=partner.programme), minutes=1440).pk


def test_amend_changes_the_facts_and_says_which(partner: Partner) -> None:
    row = contribution(partner)

    changed = ledger.amend(contribution=row, by=partner.user, now=NOW, minutes=120, title="Panel")

    row.refresh_from_db()
    assert changed
    assert (row.minutes, row.title) == (120, "Panel")
    assert row.history.last().why == "Changed: minutes, title"
    assert not ledger.amend(contribution=row, by=partner.user, now=NOW, minutes=120)


def test_amend_refuses_what_record_refuses(partner: Partner) -> None:
    row = contribution(partner)
    contribution(partner, minutes=1000)

    with pytest.raises(LedgerError, match="still to come"):
        ledger.amend(contribution=row, by=None, now=NOW, happened_on=date(2026, 12, 1))
    with pytest.raises(LedgerError, match="more than 24 hours"):
        ledger.amend(contribution=row, by=None, now=NOW, minutes=441)
    assert ledger.amend(contribution=row, by=None, now=NOW, minutes=440)


def test_the_facts_freeze_at_confirmation(partner: Partner) -> None:
    row = confirmed_contribution(partner)

    with pytest.raises(LedgerError, match="confirmed"):
        ledger.amend(contribution=row, by=None, now=NOW, minutes=1)
    with (
        pytest.raises(InternalError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE partners_contribution SET minutes = 1 WHERE id = %s", [row.pk])

    row.refresh_from_db()
    assert row.minutes == 90


def test_confirm_says_who_and_when(partner: Partner, coordinator: User) -> None:
    row = contribution(partner)

    ledger.confirm(contribution=row, by=coordinator, now=NOW)

    row.refresh_from_db()
    assert (row.status, row.confirmed_by, row.confirmed_at) == ("confirmed", coordinator, NOW)
    assert statuses(row) == [("", "recorded"), ("recorded", "confirmed")]


def test_nobody_confirms_their_own_work(partner: Partner) -> None:
    row = contribution(partner)

    with pytest.raises(LedgerError, match="their own work"):
        ledger.confirm(contribution=row, by=partner.user, now=NOW)

    row.refresh_from_db()
    assert row.status == "recorded"


def test_confirm_twice_is_told(partner: Partner, coordinator: User) -> None:
    row = confirmed_contribution(partner, by=coordinator)

    with pytest.raises(LedgerError, match="a moment ago"):
        ledger.confirm(contribution=row, by=coordinator, now=NOW)

    assert row.history.count() == 2


def test_withdraw_needs_a_reason_and_keeps_the_row(partner: Partner, coordinator: User) -> None:
    row = confirmed_contribution(partner)

    with pytest.raises(LedgerError, match="why"):
        ledger.withdraw(contribution=row, by=coordinator, now=NOW, why=" ")
    ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="It was another day")

    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert row.history.last().why == "It was another day"
    with pytest.raises(LedgerError):
        ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="Again")
    with pytest.raises(LedgerError):
        ledger.confirm(contribution=row, by=coordinator, now=NOW)
    with pytest.raises(LedgerError, match="withdrawn"):
        ledger.amend(contribution=row, by=coordinator, now=NOW, minutes=1)


def test_the_reflection_stays_the_partners_for_ever(partner: Partner, coordinator: User) -> None:
    row = confirmed_contribution(partner, by=coordinator)
    ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="Twice")

    ledger.reflect(contribution=row, text="What I learned", by=partner.user, now=NOW)

    row.refresh_from_db()
    assert row.reflection == "What I learned"
    with pytest.raises(LedgerError, match="Only the partner"):
        ledger.reflect(contribution=row, text="Mine now", by=coordinator, now=NOW)


def test_what_is_on_a_claim_cannot_be_withdrawn(partner: Partner, coordinator: User) -> None:
    row = confirmed_contribution(partner, by=coordinator)
    assert ledger.mark_claimed(contributions=[row], now=NOW) == 1

    with pytest.raises(LedgerError, match="on a claim"):
        ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="Twice")

    assert ledger.release(contributions=[row], now=NOW) == 1
    assert ledger.release(contributions=[row], now=NOW) == 0
    ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="Twice")
    assert [line.why for line in row.history.all()][2:] == [
        "Put on a claim",
        "Taken off a claim",
        "Twice",
    ]


@pytest.mark.parametrize("facts", [{"payable": False}, {}])
def test_only_confirmed_payable_free_work_is_claimed(
    partner: Partner, coordinator: User, facts: dict[str, Any]
) -> None:
    good = confirmed_contribution(partner, by=coordinator)
    if facts:
        bad = confirmed_contribution(partner, by=coordinator, **facts)
    else:
        bad = contribution(partner)

    with pytest.raises(LedgerError, match="cannot be claimed"):
        ledger.mark_claimed(contributions=[good, bad], now=NOW)

    good.refresh_from_db()
    assert good.claimed_at is None
    ledger.mark_claimed(contributions=[good], now=NOW)
    with pytest.raises(LedgerError, match="cannot be claimed"):
        ledger.mark_claimed(contributions=[good], now=NOW)


def test_nobody_writes_past_the_service(partner: Partner) -> None:
    row = contribution(partner)

    row.minutes = 1
    with pytest.raises(SealedError):
        row.save()
    with pytest.raises(SealedError):
        row.delete()
    with pytest.raises(SealedError):
        Contribution.objects.update(minutes=1)
    with pytest.raises(SealedError):
        Contribution.objects.all().delete()


CONSTRAINTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("contribution_minutes_in_a_day", {"minutes": 0}, {"minutes": 1}),
    ("contribution_minutes_in_a_day", {"minutes": 1441}, {"minutes": 1440}),
    ("contribution_kind_known", {"kind": "skydiving"}, {"kind": "mdt"}),
    ("contribution_has_title", {"title": ""}, {"title": "x"}),
    ("contribution_confirmed_pair", {"status": "withdrawn", "confirmed_at": NOW}, {}),
    ("contribution_confirmed_has_stamp", {"status": "confirmed"}, {"status": "withdrawn"}),
    ("contribution_recorded_no_stamp", {"confirmed_at": NOW, "confirmed_by": True}, {}),
    ("contribution_claimed_is_payable", {"claimed_at": NOW}, {"claimed_at": None}),
    (
        "contribution_claimed_is_payable",
        {
            "claimed_at": NOW,
            "payable": False,
            "status": "confirmed",
            "confirmed_at": NOW,
            "confirmed_by": True,
        },
        {"claimed_at": NOW, "status": "confirmed", "confirmed_at": NOW, "confirmed_by": True},
    ),
]


@pytest.mark.parametrize(("name", "wrong", "right"), CONSTRAINTS)
def test_the_database_refuses_what_the_code_forbids(
    partner: Partner, coordinator: User, name: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    def write(values: dict[str, Any]) -> None:
        row = contribution(partner)
        values = {k: coordinator if v is True else v for k, v in values.items()}
        with writing(Contribution), transaction.atomic():
            Contribution.objects.filter(pk=row.pk).update(**values)

    with pytest.raises(IntegrityError, match=name):
        write(wrong)
    write(right)


@pytest.mark.parametrize("verb", ["record", "confirm", "withdraw"])
def test_when_the_history_cannot_be_written_nothing_is_kept(
    partner: Partner, coordinator: User, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    row = contribution(partner)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the last step failed")

    monkeypatch.setattr(ContributionHistory.objects, "create", fail)
    calls: dict[str, Callable[[], Any]] = {
        "record": lambda: contribution(partner),
        "confirm": lambda: ledger.confirm(contribution=row, by=coordinator, now=NOW),
        "withdraw": lambda: ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="x"),
    }

    with pytest.raises(RuntimeError):
        calls[verb]()

    assert [c.status for c in Contribution.objects.all()] == ["recorded"]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run `calls` in threads of their own, each in its own connection; what each gave or raised."""
    outcomes: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(i: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            outcomes[i] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, call)) for i, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_confirming_at_once_one_is_told(partner: Partner, coordinator: User) -> None:
    row = contribution(partner)
    other = person(Role.COORDINATOR, partner.programme)

    outcomes = at_once(
        *(
            lambda by=by: ledger.confirm(
                contribution=Contribution.objects.get(pk=row.pk), by=by, now=NOW
            )
            for by in (coordinator, other)
        )
    )

    assert sum(isinstance(outcome, LedgerError) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Contribution) for outcome in outcomes) == 1
    assert statuses(row) == [("", "recorded"), ("recorded", "confirmed")]


@pytest.mark.django_db(transaction=True)
def test_two_recording_at_once_cannot_overfill_a_day(partner: Partner) -> None:
    outcomes = at_once(*([lambda: contribution(partner, minutes=800)] * 2))

    assert sum(isinstance(outcome, LedgerError) for outcome in outcomes) == 1
    assert Contribution.objects.count() == 1
