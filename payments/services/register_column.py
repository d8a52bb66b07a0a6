"""The column of a register that says what a partner does with the money."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from partners.models import Partner
from partners.services.register_fields import CellError, Change, RegisterField, register_field
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


def write_choices(
    *, rows: list[tuple[Partner, tuple[str, int]]], by: User | None, now: datetime
) -> list[Change | CellError | None]:
    """Keep choices from the day of joining on, later changes of them from today on.

    Gives each row's change: None when the choice in force is the same. First
    choices are written together; there are few changes, and each is made by itself.
    """
    today = timezone.localdate(now)
    made: dict[int, list[PaymentChoice]] = {partner.pk: [] for partner, _ in rows}
    for kept in PaymentChoice.objects.filter(partner__in=made):
        made[kept.partner_id].append(kept)
    answers: list[Change | CellError | None] = []
    first: list[PaymentChoice] = []
    for partner, (choice, percent) in rows:
        before, first_day = made[partner.pk], partner.joined_on or today
        current = choice_on(before, max(today, first_day))
        same = current in before and (current.choice, current.percent) == (choice, percent)
        said = _in_words(current.choice, current.percent) if current in before else ""
        answers.append(None if same else Change(said, _in_words(choice, percent)))
        if before and not same:
            choose(partner=partner, choice=choice, percent=percent, starts_on=today, by=by, now=now)
        elif not before:
            new = PaymentChoice(
                partner=partner,
                choice=choice,
                percent=percent,
                starts_on=first_day,
                made_at=now,
                made_by=by,
            )
            before.append(new)
            first.append(new)
    PaymentChoice.objects.bulk_create(first, batch_size=500)
    return answers


def _in_words(choice: str, percent: int) -> str:
    label = str(_Choice(choice).label)
    return label if percent == 100 else f"{label}: {percent}%"


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
            write_choices,
        )
    )
