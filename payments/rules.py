"""What work is worth, in pure functions; and who may do what with a claim or a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.rules import coordinates, does_finances
from partners.models import Contribution
from payments.models import Claim, ClaimLine, PaymentChoice, PaymentRun, Rate

PENNY = Decimal("0.01")
NOTHING = Decimal("0.00")
# No programme paid anybody before; a year such as 0026 is a slip of the hand.
EARLIEST_MONTH = date(2000, 1, 1)


# --- What work is worth --------------------------------------------------------------------------


def to_pence(amount: Decimal) -> Decimal:
    """Round pounds half up to the penny; done once, at the line."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def rate_on(rates: Iterable[Rate], kind: str, day: date) -> Rate | None:
    """The rate for `kind` of work on `day`: the kind's own first, else the one for every kind."""
    in_force = {
        rate.kind: rate
        for rate in rates
        if rate.kind in {kind, ""}
        and rate.starts_on <= day
        and (rate.ends_on is None or day <= rate.ends_on)
    }
    return in_force.get(kind) or in_force.get("")


def choice_on(choices: Iterable[PaymentChoice], day: date) -> PaymentChoice:
    """The choice in force on `day`; somebody who never chose takes the money."""
    made = [choice for choice in choices if choice.starts_on <= day]
    return max(made, key=lambda choice: choice.starts_on, default=PaymentChoice())


def worth_of_day(rate: Rate, minutes: int) -> Decimal:
    """Pounds for `minutes` of one day by a rate by the day: nothing, a half day or a day."""
    if minutes <= 0:
        return NOTHING
    half = minutes <= rate.half_day_minutes and rate.half_amount is not None
    return rate.half_amount if half else rate.amount  # type: ignore[return-value]


def worth_of_piece(rate: Rate, minutes: int) -> Decimal:
    """Pounds, not rounded yet, for one piece of work by a rate by the hour or by the session."""
    if rate.basis == Rate.Basis.HOUR:
        return Decimal(minutes) * rate.amount / 60
    return rate.amount


def share(amount: Decimal, minutes: Sequence[int]) -> list[Decimal]:
    """Share `amount` by minutes, half up to the penny, odd pennies on the last; never negative."""
    left, shares = amount, []
    for part in minutes[:-1]:
        shares.append(min(left, to_pence(amount * part / sum(minutes))))
        left -= shares[-1]
    return [*shares, left] if minutes else []


def taken(amount: Decimal, percent: int) -> Decimal:
    """What is paid of `amount` to somebody who takes `percent` of it; here it is rounded."""
    return to_pence(amount * percent / 100)


def before_choice(amount: Decimal, percent: int) -> Decimal:
    """The full amount, not rounded, of which `amount` is `percent`."""
    return amount if percent == 100 else amount * 100 / percent


def given_away(lines: Iterable[ClaimLine]) -> Decimal:
    """What `lines` bring that their partner gives away: it is paid to nobody."""
    return sum((line.amount for line in lines if line.donated), NOTHING)


@dataclass(frozen=True)
class Why:
    """What explains a line's amount: its minutes, those of the whole day, rate and choice."""

    minutes: int
    day_minutes: int
    rate: Rate
    percent: int
    donated: bool
    amount: Decimal

    def __str__(self) -> str:
        """Say it in words: "2 hours: half a day"."""
        said = f"{in_hours(self.minutes)}: {self._basis()}"
        if self.donated:
            return f"{said}. You chose to give it away."
        if self.percent != 100:
            return f"{said}. You chose to take {self.percent}%."
        return said

    def _basis(self) -> str:
        if self.rate.basis == Rate.Basis.HOUR:
            return f"£{self.rate.amount:,.2f} an hour"
        if self.rate.basis == Rate.Basis.SESSION:
            return f"£{self.rate.amount:,.2f} each time"
        is_half = self.day_minutes <= self.rate.half_day_minutes
        whole = "half a day" if is_half else "a full day"
        if self.day_minutes == self.minutes:
            return whole
        said = f"part of {in_hours(self.day_minutes)} that day, which is {whole}"
        return said if self.amount else f"{said}. You have claimed all of it already."


def in_hours(minutes: int) -> str:
    """Say minutes as people do: "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    said = [
        f"{number} {unit}{'' if number == 1 else 's'}"
        for number, unit in ((hours, "hour"), (rest, "minute"))
        if number
    ]
    return " ".join(said) or "0 minutes"


def what_finance_reads(kind: str, title: str, source_path: str) -> str:
    """What a piece of work is called towards finance: the title that its page here gave it.

    Work without a page was titled by its partner, who may tell of their health: its kind only.
    """
    return title if source_path else Contribution.Kind(kind).label


# --- Months --------------------------------------------------------------------------------------


def month_of(day: date) -> date:
    """The first day of the month of `day`, which is how a month is written."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month_of(month_of(month) + timedelta(days=31))


def last_day(month: date) -> date:
    """The last day of `month`."""
    return next_month(month) - timedelta(days=1)


def expected_month(happened_on: date, today: date, last_closed: date | None) -> date:
    """The month with whose payments an approved line goes: the first run still open to it."""
    soonest = max(month_of(happened_on), month_of(today))
    return soonest if last_closed is None else max(soonest, next_month(last_closed))


def when_paid(line: ClaimLine, today: date, last_closed: date | None) -> str:
    """When the money of a line comes, in words; the line's claim and run are at hand."""
    if line.donated:
        return "You give this away, so no money comes to you for it"
    if line.run is None:
        month = expected_month(line.happened_on, today, last_closed)
        sure = "" if line.claim.status == Claim.Status.APPROVED else ", once it is approved"
        return f"Comes with the payments of {month:%B %Y}{sure}"
    if line.run.status == PaymentRun.Status.PAID:
        return f"Paid with the payments of {line.run.month:%B %Y}"
    if line.run.status == PaymentRun.Status.CLOSED:
        return f"With finance, in the payments of {line.run.month:%B %Y}"
    return f"Comes with the payments of {line.run.month:%B %Y}"


# --- Who may do what -----------------------------------------------------------------------------


def is_claimant(user: Any, claim: Claim) -> bool:
    """The claim is this person's own."""
    return bool(user.pk is not None and claim.partner.user_id == user.pk)


def may_change(user: Any, claim: Claim) -> bool:
    """The partner, while the claim is with them."""
    return is_claimant(user, claim) and claim.status in Claim.WITH_PARTNER


def may_withdraw(user: Any, claim: Claim) -> bool:
    """The partner, until it is approved."""
    return is_claimant(user, claim) and claim.status in {
        *Claim.WITH_PARTNER,
        Claim.Status.SUBMITTED,
    }


def may_decide(user: Any, claim: Claim) -> bool:
    """A coordinator of the programme who is not the partner, while the claim waits."""
    return (
        claim.status == Claim.Status.SUBMITTED
        and coordinates(user, claim.programme_id)
        and not is_claimant(user, claim)
    )


def may_read_words(user: Any, claim: Claim) -> bool:
    """Coordinators: what the partner wrote on a claim and was asked. Finance: kinds and sums."""
    return coordinates(user, claim.programme_id)


def handles_payments(user: Any, programme: Any) -> bool:
    """Coordinators and finance of the programme: make and take reports, close a run."""
    return coordinates(user, programme) or does_finances(user, programme)


def may_close(user: Any, run: PaymentRun) -> bool:
    return run.status == PaymentRun.Status.OPEN and handles_payments(user, run.programme_id)


def may_mark_paid(user: Any, run: PaymentRun) -> bool:
    return run.status == PaymentRun.Status.CLOSED and handles_payments(user, run.programme_id)
