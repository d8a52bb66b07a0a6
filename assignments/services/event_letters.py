"""What people who register for an open event are told, and the secret link in each letter.

The secret is made of the installation's key and the registration, so that each letter can carry
it; the row keeps its SHA-256 alone, by which the page behind the link is found.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import Message
from accounts.services.messages import Letter, call_back_all, queue_messages
from assignments.models import EventPage, Meeting, Registration
from assignments.rules.events import CONFIRM_WITHIN, kept_until
from assignments.services.calendars import entry
from assignments.words import spoken_day

CONFIRM, KNOWN, PLACE, QUEUE, CHANGED = (
    "event_confirm",
    "event_known",
    "event_place",
    "event_queue",
    "event_changed",
)
CANCELLED, THANKS = "event_cancelled", "event_thanks"
_SALT = "assignments.registration"


def digest(token: str) -> str:
    """What the row keeps of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(
    page: EventPage, email: str, registered_at: datetime, key: str | bytes | None = None
) -> str:
    """The secret of who registers with `email` at this moment."""
    told = f"{page.pk}:{email}:{registered_at.astimezone(UTC).isoformat()}"
    return salted_hmac(_SALT, told, secret=key, algorithm="sha256").hexdigest()


def path_of(registration: Registration) -> str:
    """The page behind the link; of whichever key of the installation the row was made with."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = token_for(registration.page, registration.email, registration.registered_at, key)
        if digest(token) == registration.token_hash:
            return reverse("assignments:registration", args=[token])
    return reverse("assignments:event", args=[registration.page.slug])


def ask_to_confirm(registration: Registration, now: datetime) -> None:
    """The first letter: nothing is theirs before they press the button behind its link."""
    page = registration.page
    _call_back(registration, CONFIRM)
    _queue(
        registration,
        CONFIRM,
        f"Please confirm: {page}",
        [
            f"You asked for a place at “{page}” on {page.meeting.when}.",
            (
                "Please open the link and press “Confirm my place”. The link works for "
                f"{CONFIRM_WITHIN.total_seconds() / 3600:.0f} hours; after that we delete what you "
                "told us."
            ),
            "If it was not you who asked, you need do nothing.",
        ],
        "See and confirm",
        now,
    )


def tell_known(registration: Registration, now: datetime) -> None:
    """Somebody registered this address again."""
    page = registration.page
    how = "have a place" if registration.seat else "are on the waiting list"
    _queue(
        registration,
        KNOWN,
        f"You are registered already: {page}",
        [
            (
                f"Somebody, perhaps you, registered this e-mail address again for “{page}” on "
                f"{page.meeting.when}."
            ),
            f"You are registered already, and you {how}. Nothing has changed.",
        ],
        "See your registration",
        now,
    )


def tell_places(rows: Iterable[Registration], now: datetime, *, waited: bool) -> None:
    """They have a place, at once or after waiting."""
    opening = "Good news: there is now a place for you" if waited else "You have a place"
    queue_messages(
        letters=(
            _letter(
                row,
                PLACE,
                f"You have a place: {row.page}",
                [
                    f"{opening} at “{row.page}”.",
                    *_when_and_where(row.page.meeting),
                    (
                        "If you cannot come, please open the link and tell us: somebody else "
                        "would be glad of the place."
                    ),
                ],
                "See your registration",
                now,
                calendar=_entry(row.page),
            )
            for row in rows
        ),
        now=now,
    )


def tell_queue(registration: Registration, now: datetime) -> None:
    """They wait for a place."""
    page = registration.page
    _queue(
        registration,
        QUEUE,
        f"You are on the waiting list: {page}",
        [
            (
                f"All places at “{page}” on {page.meeting.when} are taken at the moment, and you "
                "are on the waiting list."
            ),
            (
                "When somebody cannot come, whoever has waited longest gets the place. We write to "
                "you then."
            ),
        ],
        "See your registration",
        now,
    )


def tell_moved(page: EventPage, rows: Iterable[Registration], before: str, now: datetime) -> None:
    """The event has another time; everybody who confirmed is told."""
    # Where the mail server was away, the word of the move before may still wait: it would come
    # after this one, and be wrong.
    Message.objects.filter(
        key__startswith=_prefix(page), kind=CHANGED, status=Message.Status.WAITING
    ).update(status=Message.Status.CANCELLED, link="", link_label="")
    opening = f"“{page}” has moved." + (f" It was to be on {before}." if before else "")

    def letter(row: Registration) -> Letter:
        has = "You still have your place" if row.seat else "You are still on the waiting list"
        body = [
            opening,
            *_when_and_where(page.meeting, "It is now on"),
            f"{has}. If you cannot come then, please open the link and tell us.",
        ]
        calendar = _entry(page) if row.seat else ""
        label = "See your registration"
        return _letter(row, CHANGED, f"New time: {page}", body, label, now, calendar)

    queue_messages(letters=map(letter, rows), now=now)


def tell_cancelled(page: EventPage, rows: Iterable[Registration], why: str, now: datetime) -> None:
    """The event does not happen; everybody who confirmed is told, nobody is asked any more."""
    call_back_all(prefix=_prefix(page))
    opening = f"We are sorry: “{page}” on {page.meeting.when} is cancelled. You need do nothing."
    body = [opening, *([f"Why: {why}"] if why else [])]

    def letter(row: Registration) -> Letter:
        calendar = _entry(page) if row.seat else ""
        return _letter(row, CANCELLED, f"Cancelled: {page}", body, "", now, calendar)

    queue_messages(letters=map(letter, rows), now=now)


def tell_thanks(rows: Iterable[Registration], words: str, now: datetime) -> None:
    """Thank everybody who came."""
    queue_messages(
        letters=(
            _letter(row, THANKS, f"Thank you for coming: {row.page}", [words], "", now)
            for row in rows
        ),
        now=now,
    )


def call_back_letters(registration: Registration) -> None:
    """Send nothing more to whoever cancelled."""
    _call_back(registration, "")


def forget_letters(page: EventPage, registrations: Iterable[int] | None = None) -> None:
    """Delete what was sent to these registrations, or to all of the page: it names them."""
    if registrations is None:
        Message.objects.filter(key__startswith=_prefix(page)).delete()
        return
    for pk in registrations:
        Message.objects.filter(key__startswith=f"{_prefix(page)}{pk}:").delete()


def _when_and_where(meeting: Meeting, opening: str = "It is on") -> list[str]:
    where = f" Where: {meeting.place}." if meeting.place else ""
    online = " How to join online stands behind the link." if meeting.join_link else ""
    return [f"{opening} {meeting.when}.{where}{online}"]


def _entry(page: EventPage) -> str:
    return entry([page.meeting], page=reverse("assignments:event", args=[page.slug]))


def _prefix(page: EventPage) -> str:
    return f"event:{page.pk}:"


def _key(registration: Registration, kind: str) -> str:
    return f"{_prefix(registration.page)}{registration.pk}:{kind}"


def _call_back(registration: Registration, kind: str) -> None:
    call_back_all(prefix=_key(registration, kind))


def _queue(
    registration: Registration,
    kind: str,
    subject: str,
    body: list[str],
    link_label: str,
    now: datetime,
    calendar: str = "",
) -> None:
    letter = _letter(registration, kind, subject, body, link_label, now, calendar)
    queue_messages(letters=[letter], now=now)


def _letter(
    registration: Registration,
    kind: str,
    subject: str,
    body: list[str],
    link_label: str,
    now: datetime,
    calendar: str = "",
) -> Letter:
    meeting = registration.page.meeting
    kept = f"We delete your name and address on {spoken_day(kept_until(meeting))}."
    return Letter(
        key=f"{_key(registration, kind)}:{now.timestamp():.6f}",
        kind=kind,
        programme=meeting.programme,
        to_name=registration.name,
        to_address=registration.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {registration.name},", *body, kept]),
        link=path_of(registration) if link_label else "",
        link_label=link_label,
        calendar=calendar,
    )
