"""What work is worth: the table, the edges and the properties."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Contribution, Partner
from partners.tests.factories import signed_up_partner
from payments import rules
from payments.models import PaymentChoice, Rate
from payments.services import claims, rates
from payments.services.pricing import Offer, quote
from payments.tests.factories import DAY, NOW, RateFactory, coordinator_of, work

BY_DAY = Rate(basis="day", amount=D("150.00"), half_amount=D("75.00"))


@pytest.mark.parametrize(
    ("minutes", "pounds"),
    [
        (0, "0.00"),
        (1, "75.00"),
        (239, "75.00"),
        (240, "75.00"),
        (241, "150.00"),
        (1440, "150.00"),
    ],
)
def test_worth_of_day_at_each_side_of_the_half_day(minutes: int, pounds: str) -> None:
    assert rules.worth_of_day(BY_DAY, minutes) == D(pounds)


@pytest.mark.parametrize(
    ("minutes", "an_hour", "pounds"),
    [(60, "12.21", "12.21"), (90, "12.21", "18.32"), (1, "0.30", "0.01"), (1, "0.29", "0.00")],
)
def test_worth_by_the_hour_is_rounded_half_up_at_the_line(
    minutes: int, an_hour: str, pounds: str
) -> None:
    worth = rules.worth_of_piece(Rate(basis="hour", amount=D(an_hour)), minutes)

    assert rules.taken(worth, 100) == D(pounds)


def test_worth_by_the_session_is_fixed() -> None:
    assert rules.worth_of_piece(Rate(basis="session", amount=D("40.00")), 15) == D("40.00")


@pytest.mark.parametrize(
    ("pounds", "minutes", "shares"),
    [
        ("75.00", [60, 60, 60], ["25.00", "25.00", "25.00"]),
        ("75.00", [100, 50, 30], ["41.67", "20.83", "12.50"]),
        ("100.00", [60, 60, 60], ["33.33", "33.33", "33.34"]),
        ("0.05", [1] * 10, ["0.01"] * 5 + ["0.00"] * 5),
        ("75.00", [], []),
    ],
)
def test_share_leaves_odd_pennies_to_the_last(
    pounds: str, minutes: list[int], shares: list[str]
) -> None:
    assert rules.share(D(pounds), minutes) == [D(part) for part in shares]


@given(
    pence=st.integers(0, 100_000), minutes=st.lists(st.integers(1, 1440), min_size=1, max_size=12)
)
def test_shares_add_up_to_the_day_and_are_never_negative(pence: int, minutes: list[int]) -> None:
    amount = D(pence) / 100

    shares = rules.share(amount, minutes)

    assert sum(shares) == amount
    assert min(shares) >= 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ((120, 120, 100, False, "75.00"), "2 hours: half a day"),
        ((241, 241, 100, False, "150.00"), "4 hours 1 minute: a full day"),
        (
            (60, 300, 100, False, "30.00"),
            "1 hour: part of 5 hours that day, which is a full day",
        ),
        ((120, 120, 50, False, "37.50"), "2 hours: half a day. You chose to take 50%."),
        ((120, 120, 100, True, "75.00"), "2 hours: half a day. You chose to give it away."),
        (
            (30, 150, 100, False, "0.00"),
            (
                "30 minutes: part of 2 hours 30 minutes that day, which is half a day. "
                "You have claimed all of it already."
            ),
        ),
    ],
)
def test_why_says_the_amount_in_words(line: tuple, said: str) -> None:
    minutes, day_minutes, percent, donated, amount = line

    assert str(rules.Why(minutes, day_minutes, BY_DAY, percent, donated, D(amount))) == said


@pytest.mark.parametrize(
    ("today", "last_closed", "month"),
    [
        (date(2026, 11, 22), None, date(2026, 11, 1)),
        (date(2026, 10, 6), date(2026, 9, 1), date(2026, 10, 1)),
        (date(2026, 11, 22), date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_expected_month_is_the_first_that_is_open(
    today: date, last_closed: date | None, month: date
) -> None:
    assert rules.expected_month(DAY, today, last_closed) == month


@pytest.fixture
def partner(db: None) -> Partner:
    rate = RateFactory()
    return signed_up_partner(rate.programme)


def priced(partner: Partner) -> Offer:
    return quote(partner=partner, contributions=Contribution.objects.of(partner).claimable())


def amounts(partner: Partner) -> list[D]:
    return [made.amount for made in priced(partner).quotes]


def test_quote_adds_up_the_minutes_of_a_day(partner: Partner) -> None:
    for minutes in (100, 50, 30):
        work(partner, minutes)
    work(partner, 241, on=date(2026, 10, 7))

    assert amounts(partner) == [D("41.67"), D("20.83"), D("12.50"), D("150.00")]


def test_quote_takes_the_kind_of_works_own_rate_first(partner: Partner) -> None:
    RateFactory(
        programme=partner.programme,
        kind="reading",
        basis="hour",
        amount=D("12.21"),
        half_amount=None,
    )
    work(partner, 120, kind="panel")
    work(partner, 90, kind="reading")

    assert amounts(partner) == [D("75.00"), D("18.32")]


def test_quote_takes_the_rate_of_the_day(partner: Partner) -> None:
    Rate.objects.update(ends_on=date(2026, 10, 6))
    RateFactory(
        programme=partner.programme,
        amount=D("160.00"),
        half_amount=D("80.00"),
        starts_on=date(2026, 10, 7),
    )
    work(partner, 60, on=date(2026, 10, 6))
    work(partner, 60, on=date(2026, 10, 7))

    assert amounts(partner) == [D("75.00"), D("80.00")]


def test_quote_names_work_that_no_rate_covers(partner: Partner) -> None:
    row = work(partner, 60, on=date(2019, 3, 31))

    offer = priced(partner)

    assert offer.without_rate == [row]
    assert offer.total == 0


@pytest.mark.parametrize(
    ("choice", "percent", "amount", "donated"),
    [
        ("take", 100, "75.00", False),
        ("part", 50, "37.50", False),
        ("part", 33, "24.75", False),
        ("donate", 100, "75.00", True),
    ],
)
def test_quote_keeps_to_the_choice_in_force(
    partner: Partner, choice: str, percent: int, amount: str, donated: bool
) -> None:
    rates.choose(
        partner=partner, choice=choice, percent=percent, starts_on=DAY, by=partner.user, now=NOW
    )
    work(partner, 60)

    (made,) = priced(partner).quotes

    assert (made.amount, made.why.donated) == (D(amount), donated)


@pytest.mark.parametrize(("percent", "pounds"), [(50, "37.50"), (33, "24.75"), (1, "0.75")])
def test_part_of_a_day_is_rounded_once_however_many_pieces_it_has(
    partner: Partner, percent: int, pounds: str
) -> None:
    rates.choose(
        partner=partner, choice="part", percent=percent, starts_on=DAY, by=partner.user, now=NOW
    )
    for minutes in (10, 20, 40, 70):
        work(partner, minutes)
    claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    claims.submit(claim=claim, by=partner.user, now=NOW)
    work(partner, 100)

    later = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    assert claim.total == D(pounds)
    assert later.total == D("0.00")


def test_part_of_an_hour_is_rounded_once(partner: Partner) -> None:
    rates.choose(
        partner=partner, choice="part", percent=50, starts_on=DAY, by=partner.user, now=NOW
    )
    RateFactory(
        programme=partner.programme,
        kind="reading",
        basis="hour",
        amount=D("16.69"),
        half_amount=None,
    )
    work(partner, 30, kind="reading")

    assert amounts(partner) == [D("4.17")]  # of 8.345; half of 8.35 would be 4.18


def test_quote_leaves_out_what_was_declined(partner: Partner) -> None:
    rates.choose(partner=partner, choice="decline", starts_on=DAY, by=partner.user, now=NOW)
    declined = work(partner, 60)
    before = work(partner, 60, on=date(2026, 10, 5))

    offer = priced(partner)

    assert offer.declined == [declined]
    assert [made.contribution for made in offer.quotes] == [before]


def test_choose_again_in_force_writes_nothing_new(partner: Partner) -> None:
    for day in (DAY, date(2026, 11, 1)):
        rates.choose(partner=partner, choice="part", percent=50, starts_on=day, by=None, now=NOW)

    assert PaymentChoice.objects.count() == 1


@pytest.mark.parametrize("order", [(200, 100), (100, 200), (30, 200), (200, 30)])
def test_later_claim_for_a_day_pays_what_the_day_is_worth_less_what_it_carries(
    partner: Partner, order: tuple[int, int]
) -> None:
    paid = []
    for minutes in order:
        work(partner, minutes)
        claim = claims.open_claim(partner=partner, by=partner.user, now=NOW)
        claims.submit(claim=claim, by=partner.user, now=NOW)
        paid.append(claim.lines.get().amount)

    assert sum(paid) == rules.worth_of_day(BY_DAY, sum(order))
    assert paid[0] == D("75.00")


def test_later_claim_is_never_negative(partner: Partner) -> None:
    work(partner, 300)
    first = claims.open_claim(partner=partner, by=partner.user, now=NOW)
    claims.submit(claim=first, by=partner.user, now=NOW)
    Rate.objects.update(amount=D("100.00"), half_amount=D("50.00"))
    work(partner, 60)

    second = claims.open_claim(partner=partner, by=partner.user, now=NOW)

    assert second.total == 0
    assert coordinator_of(partner.programme) != partner.user
