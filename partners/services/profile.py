"""When partners are free and how much they want to do, and whom to ring in an emergency.

Who they are and how to reach them is changed by `register.change_partner`; what they need stands
in `services.needs`, whose functions are offered here too.
"""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from partners.models import EmergencyContact, Partner, Pause
from partners.services.needs import (
    add_need,
    change_need,
    remove_need,
    review_need,
    to_do_for,
)
from partners.services.refusal import Refusal, check, check_facts

__all__ = [
    "ProfileError",
    "add_need",
    "add_pause",
    "change_need",
    "end_pause",
    "free_on",
    "minutes_a_month",
    "pace_in_words",
    "remove_emergency_contact",
    "remove_need",
    "remove_pause",
    "rests_on",
    "review_need",
    "set_emergency_contact",
    "to_do_for",
    "too_long",
]

# Of those who did not say how long they can keep going, this many minutes count as a long one.
LONG = 180
MOST_PAUSES = 200
_WEEKS_A_MONTH = 52 / 12
_TAKES_NO_WORK = frozenset({Partner.Status.ON_BREAK, Partner.Status.LEFT})
_ABOUT_PAUSE = {"pause_ends_after_start": "ends_on", "pause_once_at_a_time": "starts_on"}
_CONTACT_WORDS = {"name": "Enter their name.", "phone": "Enter their telephone number."}


class ProfileError(Refusal):
    """A part of a profile cannot be kept as it was told."""


# --- Away ----------------------------------------------------------------------------------------


@transaction.atomic
def add_pause(
    *,
    partner: Partner,
    starts_on: date,
    by: User | None,
    now: datetime,
    ends_on: date | None = None,
) -> Pause:
    """Keep the days on which a partner takes no work, both included; the last may be open.

    Raises ProfileError for days on which they are away already, or that go backwards.
    """
    del by  # the audit says who
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if Pause.objects.filter(partner=partner).count() >= MOST_PAUSES:
        raise ProfileError("There are too many times away here. Remove one that is over first.")
    pause = Pause(partner=partner, starts_on=starts_on, ends_on=ends_on, added_at=now)
    check_facts(pause, ProfileError, _ABOUT_PAUSE)
    pause.save()
    return pause


@transaction.atomic
def end_pause(*, pause: Pause, ends_on: date, by: User | None, now: datetime) -> bool:
    """Give a pause another last day, earlier or later; returns whether anything changed.

    Raises ProfileError for a day before its first, or on which another pause has begun.
    """
    del by, now  # the audit says who and when
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=pause.partner_id)
    locked = Pause.objects.filter(pk=pause.pk).first()
    if locked is None:
        raise ProfileError("This was removed a moment ago.")
    if locked.ends_on == ends_on:
        return False
    locked.ends_on = pause.ends_on = ends_on
    check_facts(locked, ProfileError, {**_ABOUT_PAUSE, "pause_once_at_a_time": "ends_on"})
    locked.save(update_fields=["ends_on"])
    return True


@transaction.atomic
def remove_pause(*, pause: Pause, by: User | None, now: datetime) -> None:
    """Delete it, as though they had never said it."""
    del by, now  # the audit says who and when
    Pause.objects.filter(pk=pause.pk).delete()


def free_on(partner: Partner, day: date) -> bool:
    """They take part, and did not say that they are away on `day`; their own hours aside.

    Of many partners at once, `Partner.objects.not_away_on(day)` asks once.
    """
    return partner.status not in _TAKES_NO_WORK and not partner.pauses.on(day).exists()


# --- Pacing --------------------------------------------------------------------------------------


def minutes_a_month(partner: Partner) -> int | None:
    """The minutes a month that they want to give; None where they did not say."""
    if partner.hours_wanted is None:
        return None
    weeks = _WEEKS_A_MONTH if partner.hours_per == Partner.Per.WEEK else 1
    return round(partner.hours_wanted * 60 * weeks)


def too_long(partner: Partner, minutes: int) -> bool:
    """The work is longer than they can do in one go, as far as they said."""
    return partner.longest_minutes is not None and minutes > partner.longest_minutes


def rests_on(partner: Partner, day: date, *, worked_on: date, minutes: int) -> bool:
    """`day` is one of the days they rest after work of `minutes` on `worked_on`.

    Work is a long one when it lasts as long as their longest stint, or LONG where they set none.
    """
    is_long = minutes >= (partner.longest_minutes or LONG)
    days_after = (day - worked_on).days
    return is_long and 0 < days_after <= (partner.rest_days or 0)


def pace_in_words(partner: Partner) -> str:
    """ "About 8 hours a month, at most 2 hours at a time, then 1 day of rest", or nothing."""
    said = []
    if partner.hours_wanted is not None:
        said.append(
            f"about {_number(partner.hours_wanted, 'hour')} {partner.get_hours_per_display()}"
        )
    if partner.longest_minutes is not None:
        said.append(f"at most {_length(partner.longest_minutes)} at a time")
    if partner.rest_days:
        rest = f"{_number(partner.rest_days, 'day')} of rest"
        said.append(f"then {rest}" if partner.longest_minutes else f"{rest} after a long one")
    words = ", ".join(said)
    return words[:1].upper() + words[1:]


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_number(hours, "hour") if hours else "", _number(rest, "minute") if rest else ""]
    return " ".join(part for part in parts if part)


# --- In an emergency -----------------------------------------------------------------------------


@transaction.atomic
def set_emergency_contact(
    *,
    partner: Partner,
    name: str,
    phone: str,
    by: User | None,
    now: datetime,
    relation: str = "",
) -> EmergencyContact:
    """Keep whom to ring if something happens to the partner, in the place of who was there.

    Raises ProfileError for an empty or overlong name or number.
    """
    del by, now  # the audit says who and when
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    kept = EmergencyContact.objects.filter(partner=partner).first()
    contact = kept or EmergencyContact(partner=partner)
    contact.name = " ".join(name.split())
    contact.relation = " ".join(relation.split())
    contact.phone = " ".join(phone.split())
    check(contact, ProfileError, exclude={"partner"}, words=_CONTACT_WORDS)
    contact.save()
    return contact


@transaction.atomic
def remove_emergency_contact(*, partner: Partner, by: User | None, now: datetime) -> None:
    """Delete whom to ring."""
    del by, now  # the audit says who and when
    EmergencyContact.objects.filter(partner=partner).delete()
