"""The column of a register that says what a partner does with the money."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from partners.models import Partner
from partners.services.register_fields import CellError, RegisterField, register_field
from payments.models import PaymentChoice
from payments.rules import choice_on
from payments.services.rates import choose

_Choice = PaymentChoice.Choice
# What people write, and what it means: the choice and the part taken, in per cent.
_SAID: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("yes", "y", "takes", "take", "take it", "full", "all"), (_Choice.TAKE, 100)),
    **dict.fromkeys(("half", "part", "50%", "half of it"), (_Choice.PART, 50)),
    **dict.fromkeys(
        ("donates", "donate", "donated", "gives it away", "charity"), (_Choice.DONATE, 100)
    ),
    **dict.fromkeys(
        ("declines", "decline", "declined", "no", "n", "none", "unpaid"), (_Choice.DECLINE, 100)
    ),
}


def read_choice(cell: str) -> tuple[str, int]:
    """The choice and its per cent in a cell such as "Yes", "Half", "Donates" or "Declines"."""
    said = " ".join(cell.lower().split()).strip(" .!")
    if said not in _SAID:
        raise CellError(
            f"“{cell[:40]}” does not say what to do with the money. "
            "Write Yes, Half, Donates or Declines."
        )
    return _SAID[said]


def write_choice(
    *, partner: Partner, value: tuple[str, int], by: User | None, now: datetime
) -> bool:
    """Keep the choice from the day of joining on, a later change of it from today on.

    Says whether anything changed: not when the choice in force is the same.
    """
    choice, percent = value
    today = timezone.localdate(now)
    made = list(PaymentChoice.objects.filter(partner=partner))
    first_day = partner.joined_on or today
    current = choice_on(made, max(today, first_day))
    if current.pk and (current.choice, current.percent) == (choice, percent):
        return False
    choose(
        partner=partner,
        choice=choice,
        percent=percent,
        starts_on=today if made else first_day,
        by=by,
        now=now,
    )
    return True


def offer_column() -> None:
    """Let registers have the column."""
    register_field(
        RegisterField(
            "payment_choice",
            "Payment",
            (
                "payment",
                "payment choice",
                "takes payment",
                "paid",
                "honorarium",
                "payment preference",
            ),
            read_choice,
            write_choice,
        )
    )
