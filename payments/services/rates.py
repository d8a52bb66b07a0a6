"""What a programme pays, and what a partner chose to do with it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from accounts.models import Programme, User
from partners.models import Partner
from payments.models import ClaimLine, PaymentChoice, Rate
from payments.rules import choice_on

SEED_DAY = Decimal("150.00")
SEED_HALF_DAY = Decimal("75.00")
# Work of years gone by comes in with a programme's records, and must have a rate too.
SEED_FROM = date(2000, 1, 1)


@transaction.atomic
def seed_rates(*, programme: Programme, by: User | None, now: datetime, starts_on: date) -> Rate:
    """Give a programme without rates the usual one: £150.00 a day, £75.00 up to four hours.

    Source: NHS England, patient and public voice partners policy. A programme with any rate for
    every kind of work keeps it.
    """
    rate = Rate.objects.filter(programme=programme, kind="").first()
    return rate or Rate.objects.create(
        programme=programme,
        basis=Rate.Basis.DAY,
        amount=SEED_DAY,
        half_amount=SEED_HALF_DAY,
        starts_on=starts_on,
    )


class RateError(Exception):
    """A rate cannot be changed like this; the text says why, for people."""


@transaction.atomic
def keep_rate(*, rate: Rate, by: User | None, now: datetime) -> Rate:
    """Write a rate that a form has checked; of one that stands on a claim only the last day.

    Raises RateError for any other change of a used rate, and for a last day before work that is
    claimed at it.
    """
    if rate.pk is not None:
        # A full lock: a claim that is taking this rate now comes first, and counts.
        kept = Rate.objects.select_for_update().get(pk=rate.pk)
        used = ClaimLine.objects.live().filter(rate=kept).aggregate(last=Max("happened_on"))["last"]
        if used is not None:
            _refuse_to_rewrite(kept, rate, used)
    rate.save()
    return rate


def _refuse_to_rewrite(kept: Rate, rate: Rate, used: date) -> None:
    others = [field.attname for field in Rate._meta.concrete_fields if field.name != "ends_on"]
    if any(getattr(kept, name) != getattr(rate, name) for name in others):
        raise RateError(
            "Work has been claimed at this rate, so it stays as it is. "
            "End it, and add a new one from the day after."
        )
    if rate.ends_on is not None and rate.ends_on < used:
        raise RateError(
            f"Work of {used:%-d %B %Y} is claimed at this rate. Let it end on that day or later."
        )


@transaction.atomic
def choose(
    *,
    partner: Partner,
    choice: str,
    percent: int = 100,
    starts_on: date,
    by: User | None,
    now: datetime,
) -> PaymentChoice:
    """Write what `partner` chose from `starts_on` on; nothing new when it is in force already.

    `percent` (1 to 99) counts for a part only. Amounts that stand on a claim do not change.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    percent = percent if choice == PaymentChoice.Choice.PART else 100
    made = list(PaymentChoice.objects.filter(partner=partner))
    current = choice_on(made, starts_on)
    if current.pk and (current.choice, current.percent) == (choice, percent):
        return current
    row, _ = PaymentChoice.objects.update_or_create(
        partner=partner,
        starts_on=starts_on,
        defaults={"choice": choice, "percent": percent, "made_at": now, "made_by": by},
    )
    return row
