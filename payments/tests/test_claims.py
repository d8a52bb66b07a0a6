"""Claims: every move, both sides of every refusal, and the database on its own."""

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message, User
from partners.models import Partner
from partners.services import ledger
from partners.services.ledger import LedgerError
from partners.tests.factories import PartnerFactory, signed_up_partner
from payments.models import Claim, ClaimLine, PaymentRun
from payments.services import claims
from payments.services.claims import ClaimError
from payments.tests.factories import (
    DAY,
    NOW,
    RateFactory,
    approved_claim,
    coordinator_of,
    submitted_claim,
    work,
)
from workflow.sealed import SealedError, writing
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    rate = RateFactory()
    return signed_up_partner(rate.programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def coordinator(partner: Partner) -> User:
    return coordinator_of(partner.programme)


def moves(claim: Claim) -> list[str]:
    return list(claim.history.values_list("to_status", flat=True))


def test_open_claim_puts_all_confirmed_work_on_one_draft(partner: Partner) -> None:
    first, second = work(partner, 120), work(partner, 300, on=date(2026, 10, 7))
    ledger.record(
        partner=partner,
        kind="panel",
        happened_on=DAY,
        minutes=30,
        title="Not confirmed yet",
        by=partner.user,
        now=NOW,
    )

    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    assert (claim.status, claim.total) == ("draft", D("225.00"))
    assert list(claim.lines.values_list("contribution", "amount")) == [
        (first.pk, D("75.00")),
        (second.pk, D("150.00")),
    ]
    first.refresh_from_db()
    assert first.claimed_at == NOW
    assert claims.open_claim(partner=partner, by=partner.user, now=NOW) == claim
    assert claim.lines.count() == 2


def test_open_claim_refuses_an_empty_one(partner: Partner) -> None:
    with pytest.raises(ClaimError, match="nothing to claim"):
        claims.open_claim(partner=partner, by=partner.user, now=NOW)
    work(partner, on=date(2019, 1, 1))
    with pytest.raises(ClaimError, match="No rate is set"):
        claims.open_claim(partner=partner, by=partner.user, now=NOW)
    assert not Claim.objects.exists()


def test_open_claim_keeps_nothing_when_its_last_step_fails(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(partner)

    def refuse(**_: Any) -> None:
        raise LedgerError("planted")

    monkeypatch.setattr(ledger, "mark_claimed", refuse)

    with pytest.raises(LedgerError), transaction.atomic():
        claims.open_claim(partner=partner, by=partner.user, now=NOW)
    assert not ClaimLine.objects.exists()
    assert not Claim.objects.exists()


def test_add_expense_adds_to_the_total(partner: Partner) -> None:
    claim = claims.open_for_expenses(partner=partner, by=partner.user, now=NOW)

    line = claims.add_expense(
        claim=claim,
        head="taxi",
        amount=D("12.40"),
        happened_on=DAY,
        by=partner.user,
        now=NOW,
    )

    claim.refresh_from_db()
    assert (claim.total, line.description, line.rate) == (D("12.40"), "Taxi", None)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"happened_on": date(2026, 11, 23)}, "still to come"),
        ({"happened_on": date(2018, 1, 1)}, "before you joined, on 12 March 2018"),
        ({"head": "yacht"}, "what you paid for"),
        ({"amount": D("0.00")}, "between 1p and £5,000"),
        ({"amount": D("5000.01")}, "between 1p and £5,000"),
    ],
)
def test_add_expense_refuses_what_cannot_have_been(
    partner: Partner, changed: dict[str, Any], sentence: str
) -> None:
    Partner.objects.update(joined_on=date(2018, 3, 12))
    claim = claims.open_for_expenses(partner=partner, by=partner.user, now=NOW)
    facts = {"head": "taxi", "amount": D("12.40"), "happened_on": DAY, **changed}

    with pytest.raises(ClaimError, match=sentence):
        claims.add_expense(claim=claim, by=partner.user, now=NOW, **facts)
    assert not claim.lines.exists()


def test_remove_line_prices_the_rest_of_its_day_again(partner: Partner) -> None:
    work(partner, 200)
    gone = work(partner, 100)
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    assert claim.total == D("150.00")

    claim = claims.remove_line(line=claim.lines.get(contribution=gone), by=partner.user, now=NOW)

    assert claim.total == D("75.00")
    gone.refresh_from_db()
    assert gone.claimed_at is None


def test_remove_line_twice_is_told(partner: Partner) -> None:
    work(partner)
    line = claims.open_claim(partner=partner, by=partner.user, now=NOW).lines.get()
    claims.remove_line(line=line, by=partner.user, now=NOW)

    with pytest.raises(ClaimError, match="not on the claim any more"):
        claims.remove_line(line=line, by=partner.user, now=NOW)


def test_approve_stamps_the_claim_and_tells_the_partner(
    partner: Partner, coordinator: User
) -> None:
    claim = submitted_claim(partner)

    claims.approve(claim=claim, by=coordinator, now=NOW)

    claim.refresh_from_db()
    assert (claim.status, claim.approved_by, claim.approved_at) == ("approved", coordinator, NOW)
    assert moves(claim) == ["draft", "submitted", "approved"]
    message = Message.objects.get()
    assert message.subject == "Your claim of £75.00 is approved"
    assert message.link == f"/money/claims/{claim.pk}/"
    assert message.body.startswith("Hello Mo,")


def test_approve_twice_is_refused(partner: Partner, coordinator: User) -> None:
    claim = approved_claim(partner)

    with pytest.raises(IllegalMoveError):
        claims.approve(claim=claim, by=coordinator, now=NOW)
    assert Message.objects.count() == 1


def test_nobody_approves_or_questions_their_own_claim(partner: Partner) -> None:
    claim = submitted_claim(partner)

    with pytest.raises(ClaimError, match="your own claim"):
        claims.approve(claim=claim, by=partner.user, now=NOW)
    with pytest.raises(ClaimError, match="your own claim"):
        claims.query(claim=claim, question="Why?", by=partner.user, now=NOW)


def test_database_refuses_ones_own_approval(partner: Partner, coordinator: User) -> None:
    claim = submitted_claim(partner)
    stamped = {"status": "approved", "approved_at": NOW}

    with writing(Claim), pytest.raises(IntegrityError, match="own claim"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**stamped, approved_by=partner.user)
    with writing(Claim):
        assert Claim.objects.filter(pk=claim.pk).update(**stamped, approved_by=coordinator)


def test_query_asks_the_partner_who_changes_it_and_sends_it_again(
    partner: Partner, coordinator: User
) -> None:
    claim = submitted_claim(partner, 120)

    claim = claims.query(claim=claim, question=" Which\nroom? ", by=coordinator, now=NOW)
    assert (claim.status, claim.query) == ("queried", "Which room?")
    claims.add_expense(
        claim=claim,
        head="public_transport",
        amount=D("3.20"),
        happened_on=DAY,
        by=partner.user,
        now=NOW,
    )
    claim = claims.submit(claim=claim, by=partner.user, now=NOW)
    claim = claims.approve(claim=claim, by=coordinator, now=NOW)

    assert (claim.total, claim.query) == (D("78.20"), "")
    assert moves(claim) == ["draft", "submitted", "queried", "submitted", "approved"]
    assert claim.history.get(to_status="queried").why == "Which room?"
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == [
        "claim_question",
        "claim_approved",
    ]


def test_query_needs_words(partner: Partner, coordinator: User) -> None:
    claim = submitted_claim(partner)

    with pytest.raises(ClaimError, match="Write your question"):
        claims.query(claim=claim, question=" \n ", by=coordinator, now=NOW)


@pytest.mark.parametrize("status", ["submitted", "approved", "paid", "withdrawn"])
def test_claim_that_left_the_partner_cannot_be_changed(partner: Partner, status: str) -> None:
    claim = approved_claim(partner)
    with writing(Claim):
        Claim.objects.update(status=status)

    with pytest.raises(ClaimError, match="has been sent"):
        claims.remove_line(line=claim.lines.get(), by=partner.user, now=NOW)
    with pytest.raises(ClaimError, match="has been sent"):
        claims.add_expense(
            claim=claim, head="taxi", amount=D("1.00"), happened_on=DAY, by=None, now=NOW
        )


def test_withdraw_lets_the_work_be_claimed_again(partner: Partner) -> None:
    claim = submitted_claim(partner)

    claim = claims.withdraw(claim=claim, by=partner.user, now=NOW)

    assert (claim.status, claim.total) == ("withdrawn", 0)
    again = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    assert again.total == D("75.00")


def test_approved_claim_cannot_be_withdrawn(partner: Partner) -> None:
    claim = approved_claim(partner)

    with pytest.raises(IllegalMoveError):
        claims.withdraw(claim=claim, by=partner.user, now=NOW)
    assert claim.lines.live().count() == 1


def test_partner_without_an_address_gets_no_message() -> None:
    partner = PartnerFactory(programme=RateFactory().programme, email=None)

    approved_claim(partner)

    assert not Message.objects.exists()


# --- The database on its own ---------------------------------------------------------------------


def line_like(line: ClaimLine, **changed: Any) -> ClaimLine:
    values = {
        "claim": line.claim,
        "partner": line.partner,
        "contribution": line.contribution,
        "happened_on": line.happened_on,
        "description": "Planted",
        "minutes": 60,
        "rate": line.rate,
        "amount": D("1.00"),
        **changed,
    }
    return ClaimLine.unsealed(**values)


def test_database_refuses_to_claim_the_same_work_twice(partner: Partner) -> None:
    line = submitted_claim(partner).lines.get()

    with (
        pytest.raises(IntegrityError, match="contribution_claimed_once"),
        transaction.atomic(),
    ):
        line_like(line)
    with writing(ClaimLine):
        ClaimLine.objects.update(voided_at=NOW)
    assert line_like(line).pk


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"contribution": None}, "claim_line_work_or_expense"),
        ({"rate": None}, "claim_line_work_has_rate"),
        ({"minutes": None}, "claim_line_work_has_rate"),
        ({"amount": D("-0.01")}, "claim_line_not_negative"),
    ],
)
def test_database_refuses_a_line_that_cannot_be(
    partner: Partner, changed: dict[str, Any], constraint: str
) -> None:
    line = submitted_claim(partner).lines.get()
    claims.withdraw(claim=line.claim, by=partner.user, now=NOW)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        line_like(line, **changed)
    assert line_like(line).pk


def test_database_keeps_a_line_of_a_run_on_its_claim(partner: Partner) -> None:
    line = approved_claim(partner).lines.get()
    run = PaymentRun.unsealed(programme=partner.programme, month=date(2026, 10, 1), opened_at=NOW)

    with writing(ClaimLine):
        ClaimLine.objects.filter(pk=line.pk).update(run=run)
        with (
            pytest.raises(IntegrityError, match="claim_line_in_run_is_live"),
            transaction.atomic(),
        ):
            ClaimLine.objects.filter(pk=line.pk).update(voided_at=NOW)


def test_database_refuses_an_approval_without_a_stamp(partner: Partner) -> None:
    claim = submitted_claim(partner)

    with (
        writing(Claim),
        pytest.raises(IntegrityError, match="claim_approved"),
        transaction.atomic(),
    ):
        Claim.objects.filter(pk=claim.pk).update(status="approved")


def test_database_allows_one_draft_a_partner(partner: Partner) -> None:
    claims.open_for_expenses(partner=partner, by=partner.user, now=NOW)
    facts = {"programme": partner.programme, "partner": partner, "opened_at": NOW}

    with pytest.raises(IntegrityError, match="claim_one_draft"), transaction.atomic():
        Claim.unsealed(**facts)
    assert Claim.unsealed(**facts, status="withdrawn").pk


def test_database_refuses_two_rates_for_one_day(partner: Partner) -> None:
    facts = {"programme": partner.programme, "starts_on": date(2026, 10, 1)}

    with pytest.raises(IntegrityError, match="rate_one_a_day"), transaction.atomic():
        RateFactory(**facts)
    partner.programme.rates.update(ends_on=date(2026, 9, 30))
    assert RateFactory(**facts).pk


def test_claims_are_sealed(partner: Partner) -> None:
    claim = submitted_claim(partner)

    with pytest.raises(SealedError):
        claim.save()
    with pytest.raises(SealedError):
        ClaimLine.objects.update(amount=D("0.00"))
    with pytest.raises(SealedError):
        PaymentRun(programme=partner.programme, month=DAY.replace(day=1), opened_at=NOW).save()


def test_work_on_a_claim_cannot_be_withdrawn_from_the_ledger(
    partner: Partner, coordinator: User
) -> None:
    line = submitted_claim(partner).lines.get()

    with pytest.raises(LedgerError, match="on a claim"):
        ledger.withdraw(contribution=line.contribution, by=coordinator, now=NOW, why="Mistaken")
    claims.withdraw(claim=line.claim, by=partner.user, now=NOW + timedelta(hours=1))
    ledger.withdraw(contribution=line.contribution, by=coordinator, now=NOW, why="Mistaken")
