"""Registering for an open event: asked for, confirmed by letter, cancelled, and deleted after it.

Whoever changes who has a place locks the event's page first; then its registrations.
"""

import unicodedata
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from accounts.models import User
from assignments.models import EventPage, Meeting, Registration
from assignments.rules.events import (
    CONFIRM_WITHIN,
    KEPT_AFTER,
    Standing,
    has_lapsed,
    is_ahead,
    standing,
)
from assignments.services import event_letters
from assignments.services.refusals import RegistrationError, told_by_constraints
from partners.services.refusal import check

SENTENCES = {
    Standing.CLOSED: "Registration is closed.",
    Standing.BEGUN: "This event has begun, so nobody can register any more.",
    Standing.OVER: "This event is over.",
    Standing.CANCELLED: "This event is cancelled.",
}
_NO_ADDRESS = "Enter an e-mail address in the correct format, like name@example.org"


class RegistrationOverError(Exception):
    """The link is none, nobody confirmed it in time, or the place was given back."""


@transaction.atomic
def register(
    *, page: EventPage, name: str, email: str, access_needs: str = "", now: datetime
) -> None:
    """Ask for a place at an event, with a letter to `email` in which it is confirmed.

    Says nothing of whether the address was known: a stranger may have typed it. Whoever is
    registered already is told so by letter; whoever did not confirm yet is written to again.
    Raises RegistrationError with a sentence for what cannot be kept, and where nobody can register.
    """
    locked = lock_page(page)
    how = standing(locked, now)
    if how != Standing.OPEN:
        raise RegistrationError(SENTENCES[how])
    row = Registration(
        page=locked,
        name=_name(name),
        email=_address(email),
        access_needs="\n".join(access_needs.splitlines()).strip(),
        registered_at=now,
    )
    check(row, RegistrationError, exclude={"page", "token_hash"})
    known = _known(locked, row.email)
    if known is not None and has_lapsed(known, now):
        _forget(known)
        known = None
    if known is None:
        row.token_hash = event_letters.digest(event_letters.token_for(locked, row.email, now))
        with told_by_constraints(Registration, RegistrationError):
            row.save(force_insert=True)
        event_letters.ask_to_confirm(row, now)
    elif known.confirmed_at is None:
        known.name, known.access_needs = row.name, row.access_needs
        known.save(update_fields=["name", "access_needs"])
        event_letters.ask_to_confirm(known, now)
    else:
        event_letters.tell_known(known, now)


def registered(*, token: str, now: datetime) -> Registration:
    """The registration that a letter's link opens. Raises RegistrationOverError."""
    row: Registration | None = (
        Registration.objects.select_related("page__meeting__programme", "page__meeting__work_group")
        .filter(token_hash=event_letters.digest(token))
        .first()
    )
    if row is None or row.cancelled_at is not None or has_lapsed(row, now):
        raise RegistrationOverError
    return row


@transaction.atomic
def confirm(*, token: str, now: datetime) -> Registration:
    """Give whoever pressed the button the lowest free seat, or a turn on the waiting list.

    In this order: the moment, and the seat when one is free that nobody waits for; the letter.
    Confirming again changes nothing. Raises RegistrationOverError, and RegistrationError when the
    event is cancelled or has begun.
    """
    row = _locked(token, now)
    if row.confirmed_at is not None:
        return row
    _check_ahead(row.page, now)
    others_wait = Registration.objects.queue().filter(page=row.page).exists()
    seat = None if others_wait else next(iter(_free_seats(row.page)), None)
    row.confirmed_at, row.seat = now, seat
    with told_by_constraints(Registration, RegistrationError):
        row.save(update_fields=["confirmed_at", "seat"])
    if seat is None:
        event_letters.tell_queue(row, now)
        move_waiting_list(page=row.page, now=now)
    else:
        event_letters.tell_places([row], now, waited=False)
    return row


@transaction.atomic
def cancel(*, token: str, now: datetime) -> Registration:
    """Give a place back, or leave the waiting list; who waited longest gets the place.

    What they told about access is deleted at once. Raises RegistrationOverError, and
    RegistrationError once the event has begun.
    """
    row = _locked(token, now)
    _check_ahead(row.page, now)
    return _cancel(row, now)


@transaction.atomic
def cancel_for(*, registration: Registration, by: User, now: datetime) -> Registration:
    """`cancel`, by a coordinator whom somebody rang. Raises RegistrationError."""
    del by  # the audit says who
    page = lock_page(registration.page)
    row = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    row.page = page
    if row.cancelled_at is not None:
        raise RegistrationError("This registration was cancelled already.")
    _check_ahead(page, now)
    return _cancel(row, now)


@transaction.atomic
def move_waiting_list(*, page: EventPage, now: datetime) -> int:
    """Give each free seat to who waits longest, with a letter; how many moved."""
    locked = lock_page(page)
    if not is_ahead(locked.meeting, now):
        return 0
    seats = _free_seats(locked)
    moved = list(Registration.objects.queue().filter(page=locked)[: len(seats)])
    for row, seat in zip(moved, seats, strict=False):
        row.page, row.seat = locked, seat
        with told_by_constraints(Registration, RegistrationError):
            row.save(update_fields=["seat"])
    event_letters.tell_places(moved, now, waited=True)
    return len(moved)


def lapse(*, now: datetime) -> int:
    """Delete what nobody confirmed in 48 hours, with its letters; how many."""
    old = Registration.objects.filter(
        confirmed_at__isnull=True, registered_at__lte=now - CONFIRM_WITHIN
    )
    gone = 0
    for page in EventPage.objects.filter(registrations__in=old).distinct():
        with transaction.atomic():
            rows = lock_page(page).registrations.filter(pk__in=old.values("pk"))
            keys = list(rows.values_list("pk", flat=True))
            event_letters.forget_letters(page, keys)
            Registration.objects.filter(pk__in=keys).delete()
            gone += len(keys)
    return gone


def forget(*, now: datetime) -> int:
    """Delete everything about who registered, 31 days after the event; how many.

    Of an event that was cancelled, 31 days after that. Their letters go too.
    """
    cut = now - KEPT_AFTER
    cancelled = Q(
        meeting__status=Meeting.Status.CANCELLED,
        meeting__history__to_status=Meeting.Status.CANCELLED,
        meeting__history__at__lte=cut,
    )
    due = EventPage.objects.filter(Q(meeting__ends_at__lte=cut) | cancelled)
    gone = 0
    for page in due.filter(registrations__isnull=False).distinct():
        with transaction.atomic():
            locked = lock_page(page)
            event_letters.forget_letters(locked)
            gone += locked.registrations.all().delete()[0]
    return gone


def lock_page(page: EventPage) -> EventPage:
    """The row, locked and read again, with its meeting."""
    locked: EventPage = (
        EventPage.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting__programme", "meeting__work_group")
        .get(pk=page.pk)
    )
    return locked


def free_places(page: EventPage) -> int:
    """How many places nobody has."""
    return max(0, page.places - Registration.objects.coming().filter(page=page).count())


def counts(page: EventPage) -> dict[str, int]:
    """How many are coming, wait for a place, did not confirm yet, cancelled, and came."""
    live = Q(cancelled_at__isnull=True)
    found: dict[str, int] = page.registrations.aggregate(
        coming=Count("pk", filter=Q(seat__isnull=False)),
        queue=Count("pk", filter=live & Q(seat__isnull=True, confirmed_at__isnull=False)),
        unconfirmed=Count("pk", filter=live & Q(confirmed_at__isnull=True)),
        cancelled=Count("pk", filter=~live),
        came=Count("pk", filter=Q(came=True)),
    )
    return found


def _locked(token: str, now: datetime) -> Registration:
    page = lock_page(registered(token=token, now=now).page)
    row: Registration | None = (
        Registration.objects.select_for_update(of=("self",))
        .filter(token_hash=event_letters.digest(token), cancelled_at__isnull=True)
        .first()
    )
    if row is None or has_lapsed(row, now):
        raise RegistrationOverError
    row.page = page
    return row


def _check_ahead(page: EventPage, now: datetime) -> None:
    if not is_ahead(page.meeting, now):
        how = standing(page, now)
        raise RegistrationError(
            "This event has begun, so nothing can be changed any more."
            if how == Standing.BEGUN
            else SENTENCES[how]
        )


def _cancel(row: Registration, now: datetime) -> Registration:
    had_place = row.seat is not None
    row.cancelled_at, row.seat, row.access_needs = now, None, ""
    row.save(update_fields=["cancelled_at", "seat", "access_needs"])
    event_letters.call_back_letters(row)
    if had_place:
        move_waiting_list(page=row.page, now=now)
    return row


def _free_seats(page: EventPage) -> list[int]:
    """The seats that nobody has, the lowest first; as many as may still be given."""
    coming = Registration.objects.coming().filter(page=page)
    taken = set(coming.values_list("seat", flat=True))
    free = [seat for seat in range(1, page.places + 1) if seat not in taken]
    return free[: max(0, page.places - len(taken))]


def _known(page: EventPage, email: str) -> Registration | None:
    row: Registration | None = (
        Registration.objects.select_for_update(of=("self",))
        .filter(Exact(Lower("email"), email), page=page, cancelled_at__isnull=True)
        .first()
    )
    if row is not None:
        row.page = page
    return row


def _forget(row: Registration) -> None:
    event_letters.forget_letters(row.page, [row.pk])
    row.delete()


def _name(typed: str) -> str:
    """A name as one line. Letters carry it to an address that anybody may have typed."""
    name = " ".join(typed.split())
    if not name:
        raise RegistrationError("Enter your name", "name")
    if len(name) > 120:
        raise RegistrationError("Shorten your name to 120 characters", "name")
    # Control characters, and those that turn the direction of what follows them.
    if any(unicodedata.category(sign) in {"Cc", "Cs"} or sign in _TURNING for sign in name):
        raise RegistrationError(
            "There is a character in your name that we cannot keep. Type it again.", "name"
        )
    if any(part in name.lower() for part in ("://", "www.", "@")):
        raise RegistrationError("Enter your name without a web or e-mail address", "name")
    return name


_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def _address(typed: str) -> str:
    email = User.objects.normalize_email(typed)
    if not email:
        raise RegistrationError("Enter your e-mail address", "email")
    try:
        validate_email(email)
    except ValidationError:
        raise RegistrationError(_NO_ADDRESS, "email") from None
    return email
