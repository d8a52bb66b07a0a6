"""What contributions bring their partner, by the programme's rates and the partner's choice."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from partners.models import Contribution, Partner
from partners.querysets import ContributionQuerySet
from payments import rules
from payments.models import Claim, ClaimLine, PaymentChoice, Rate


@dataclass(frozen=True)
class Quote:
    """What one contribution would bring, and why."""

    contribution: Contribution
    why: rules.Why

    @property
    def amount(self) -> Decimal:
        return self.why.amount

    def facts(self) -> dict[str, Any]:
        """What a claim line keeps of it."""
        why = self.why
        return {
            "minutes": why.minutes,
            "rate": why.rate,
            "percent": why.percent,
            "donated": why.donated,
            "amount": why.amount,
        }


@dataclass(frozen=True)
class Offer:
    """What can be claimed now; what was declined; what no rate covers."""

    quotes: list[Quote] = field(default_factory=list)
    declined: list[Contribution] = field(default_factory=list)
    without_rate: list[Contribution] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((quote.amount for quote in self.quotes), rules.NOTHING)

    @property
    def given_away(self) -> Decimal:
        """What of the total is paid to nobody."""
        return sum((quote.amount for quote in self.quotes if quote.why.donated), rules.NOTHING)


@dataclass(frozen=True)
class AsItStands:
    """A claim at the prices of now: its lines, those that changed, and what comes off it."""

    lines: list[ClaimLine]
    changed: list[ClaimLine]
    gone: list[ClaimLine]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), rules.NOTHING)

    @property
    def given_away(self) -> Decimal:
        """What of the total is paid to nobody."""
        return rules.given_away(self.lines)

    @property
    def mark(self) -> str:
        """A text that is another as soon as a line or what it brings is another."""
        facts = [
            (line.pk, str(line.amount), line.minutes, line.rate_id, line.percent, line.donated)
            for line in self.lines
        ]
        return hashlib.sha256(repr(facts).encode()).hexdigest()


# A day by one kind's rate: work of other kinds that have a rate by the day of their own is apart.
_Day = tuple[date, str]


@dataclass
class _Carried:
    """What live lines of a day carry already, as if all of it had been taken."""

    minutes: int = 0
    amount: Decimal = rules.NOTHING


def quote(
    *, partner: Partner, contributions: Iterable[Contribution], without: Claim | None = None
) -> Offer:
    """Price `contributions` of `partner`, beside the live lines of other claims of those days.

    By the day, the whole day's minutes are worth a half day or a day; of that the new lines get
    what live lines do not carry yet, never less than nothing, shared by minutes. Lines of the
    claim `without` do not count: it is being priced again. Three queries, however many.
    """
    work = sorted(contributions, key=lambda row: (row.happened_on, row.pk))
    offer = Offer()
    if not work:
        return offer
    rates = list(Rate.objects.filter(programme_id=partner.programme_id))
    choices = list(PaymentChoice.objects.filter(partner=partner))
    carried = _carried(partner, {row.happened_on for row in work}, without)

    by_day: defaultdict[_Day, list[tuple[Contribution, Rate]]] = defaultdict(list)
    for row in work:
        choice = rules.choice_on(choices, row.happened_on)
        rate = rules.rate_on(rates, row.kind, row.happened_on)
        if choice.choice == PaymentChoice.Choice.DECLINE:
            offer.declined.append(row)
        elif rate is None:
            offer.without_rate.append(row)
        elif rate.basis == Rate.Basis.DAY:
            by_day[row.happened_on, rate.kind].append((row, rate))
        else:
            part = rules.taken(rules.worth_of_piece(rate, row.minutes), choice.percent)
            offer.quotes.append(_quote(row, rate, choice, part, row.minutes))

    for day, pieces in by_day.items():
        choice = rules.choice_on(choices, day[0])
        rate = pieces[0][1]
        minutes = [row.minutes for row, _ in pieces]
        day_minutes = carried[day].minutes + sum(minutes)
        worth = rules.worth_of_day(rate, day_minutes)
        open_ = max(worth - carried[day].amount, rules.NOTHING)
        taken = rules.taken(open_, choice.percent)
        for (row, _), part in zip(pieces, rules.share(taken, minutes), strict=True):
            offer.quotes.append(_quote(row, rate, choice, part, day_minutes))
    offer.quotes.sort(key=lambda made: (made.contribution.happened_on, made.contribution.pk))
    return offer


def as_it_stands(*, claim: Claim) -> AsItStands:
    """Price the work on `claim` again, in memory only; each line for work says why that amount."""
    lines = list(
        claim.lines.live()
        .select_related("claim", "contribution", "rate", "run")
        .order_by("happened_on", "pk")
    )
    offer = quote(
        partner=claim.partner,
        contributions=[line.contribution for line in lines if line.contribution is not None],
        without=claim,
    )
    quotes = {made.contribution.pk: made for made in offer.quotes}
    kept: list[ClaimLine] = []
    changed, gone = [], []
    for line in lines:
        made = quotes.get(line.contribution_id)
        if line.contribution_id is None:
            kept.append(line)
        elif made is None:
            gone.append(line)
        else:
            kept.append(line)
            facts = made.facts()
            if any(getattr(line, name) != value for name, value in facts.items()):
                for name, value in facts.items():
                    setattr(line, name, value)
                changed.append(line)
            line.why = str(made.why)
    return AsItStands(kept, changed, gone)


@dataclass(frozen=True)
class Ready:
    """How many pieces of work can be claimed, and for how many of them the money is given away."""

    pieces: int = 0
    given_away: int = 0


def ready_to_claim(*, partner: Partner, contributions: ContributionQuerySet) -> Ready:
    """Count those of `contributions` of `partner` that are neither declined nor without a rate.

    What `quote` would make a line of, without pricing it. Three queries, however many; one where
    there are none.
    """
    done = list(contributions.values_list("kind", "happened_on"))
    if not done:
        return Ready(0, 0)
    rates = list(Rate.objects.filter(programme_id=partner.programme_id))
    choices = list(PaymentChoice.objects.filter(partner=partner))
    chosen = [
        rules.choice_on(choices, day).choice
        for kind, day in done
        if rules.rate_on(rates, kind, day) is not None
    ]
    given_away = chosen.count(PaymentChoice.Choice.DONATE)
    declined = chosen.count(PaymentChoice.Choice.DECLINE)
    return Ready(len(chosen) - declined, given_away)


def _quote(
    row: Contribution, rate: Rate, choice: PaymentChoice, amount: Decimal, day_minutes: int
) -> Quote:
    donated = choice.choice == PaymentChoice.Choice.DONATE
    return Quote(row, rules.Why(row.minutes, day_minutes, rate, choice.percent, donated, amount))


def _carried(
    partner: Partner, days: set[date], without: Claim | None
) -> defaultdict[_Day, _Carried]:
    lines = (
        ClaimLine.objects.live()
        .filter(partner=partner, happened_on__in=days, rate__basis=Rate.Basis.DAY)
        .exclude(claim=without)
        .select_related("rate")
    )
    carried: defaultdict[_Day, _Carried] = defaultdict(_Carried)
    for line in lines:
        day = carried[line.happened_on, line.rate.kind]
        day.minutes += line.minutes
        day.amount += rules.before_choice(line.amount, line.percent)
    return carried


def explained(lines: Iterable[ClaimLine]) -> list[ClaimLine]:
    """Give each line of one partner its `why`: words for work, "" for an expense. One query."""
    rows = list(lines)
    days = {line.happened_on for line in rows if line.contribution_id}
    day_minutes: defaultdict[_Day, int] = defaultdict(int)
    if days:
        live = ClaimLine.objects.live().filter(
            partner_id=rows[0].partner_id, happened_on__in=days, rate__basis=Rate.Basis.DAY
        )
        for day, kind, minutes in live.values_list("happened_on", "rate__kind", "minutes"):
            day_minutes[day, kind] += minutes
    for line in rows:
        if line.rate is not None and line.minutes is not None:
            whole = day_minutes.get((line.happened_on, line.rate.kind), line.minutes)
            line.why = str(
                rules.Why(line.minutes, whole, line.rate, line.percent, line.donated, line.amount)
            )
    return rows
