"""The public page of a meeting that is open to everybody, and what is done after the event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from assignments.models import EventPage, Meeting, Registration
from assignments.rules.events import Standing, is_ahead, standing
from assignments.services import event_letters
from assignments.services.refusals import EventError
from assignments.services.registrations import lock_page, move_waiting_list
from partners.services.refusal import check, check_facts

_CHANGEABLE = frozenset({"slug", "intro", "access", "places", "closes_at", "is_open"})
_ABOUT = {"event_page_has_intro": "intro", "event_page_places_known": "places"}
_TAKEN = "Another event has this address. Choose another one."


def page_called(slug: str) -> EventPage | None:
    """The public page with this address, for anybody; with its meeting and programme."""
    found: EventPage | None = (
        EventPage.objects.select_related("meeting__programme", "meeting__work_group")
        .filter(slug=slug)
        .first()
    )
    return found


@transaction.atomic
def publish(
    *,
    meeting: Meeting,
    slug: str,
    intro: str,
    places: int,
    by: User | None,
    now: datetime,
    access: str = "",
    closes_at: datetime | None = None,
    is_open: bool = True,
) -> EventPage:
    """Give a meeting that is still to come a page that anybody may read and register on.

    Raises EventError: for a meeting that has one, or is over; for an address that is taken; for
    text that cannot be kept.
    """
    del by  # the audit says who
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if not is_ahead(locked, now):
        raise EventError("Only a planned meeting that is still to come can have a public page.")
    if EventPage.objects.filter(meeting=locked).exists():
        raise EventError("This meeting has a public page already.")
    page = EventPage(
        meeting=locked,
        slug=slug,
        intro=intro.strip(),
        access=access.strip(),
        places=places,
        closes_at=closes_at,
        is_open=is_open,
        published_at=now,
    )
    _check(page)
    _save(page, force_insert=True)
    return page


@transaction.atomic
def change_page(*, page: EventPage, by: User | None, now: datetime, **facts: Any) -> bool:
    """Change a public page; True when anything changed. More places go to who waits longest.

    Raises EventError, also for fewer places than people have.
    """
    del by  # the audit says who
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"A public page has no {', '.join(sorted(unknown))} to change.")
    locked = lock_page(page)
    changed = [name for name, value in facts.items() if getattr(locked, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(locked, name, facts[name])
    _check(locked)
    coming = Registration.objects.coming().filter(page=locked).count()
    if locked.places < coming:
        raise EventError(
            f"{coming} people have a place already, so there must be at least {coming} places.",
            "places",
        )
    _save(locked, update_fields=changed)
    for name in changed:
        setattr(page, name, facts[name])
    if "places" in changed:
        move_waiting_list(page=locked, now=now)
    return True


@transaction.atomic
def tell_registered(*, meeting: Meeting, now: datetime, before: str = "", why: str = "") -> int:
    """Tell whoever registered that the event has moved or is cancelled; how many are told.

    Call it where the meeting was moved (`before` is the time it had, in words) or cancelled
    (`why`), in the same transaction. Nothing is told of what is past.
    """
    page = EventPage.objects.filter(meeting=meeting).first()
    if page is None or meeting.starts_at <= now:
        return 0
    locked = lock_page(page)
    rows = list(locked.registrations.filter(confirmed_at__isnull=False, cancelled_at__isnull=True))
    for row in rows:
        row.page = locked
    if locked.meeting.status == Meeting.Status.CANCELLED:
        event_letters.tell_cancelled(locked, rows, why, now)
    else:
        event_letters.tell_moved(locked, rows, before, now)
    return len(rows)


@transaction.atomic
def mark_came(
    *, page: EventPage, came: Collection[int], shown: Collection[int], by: User, now: datetime
) -> int:
    """Of the registrations `shown`, those in `came` came and the others did not; how many came.

    Raises EventError before the event has begun.
    """
    del by  # the audit says who
    locked = lock_page(page)
    if standing(locked, now) not in {Standing.BEGUN, Standing.OVER}:
        raise EventError("Say who came once the event has begun.")
    rows = Registration.objects.coming().filter(page=locked, pk__in=shown)
    rows.exclude(pk__in=came).exclude(came=False).update(came=False)
    rows.filter(pk__in=came).exclude(came=True).update(came=True)
    return rows.filter(came=True).count()


@transaction.atomic
def thank(*, page: EventPage, words: str, by: User, now: datetime) -> int:
    """Write to everybody who came, once; how many.

    Raises EventError: before it is over, a second time, without words, or when nobody is marked.
    """
    del by  # the audit says who
    locked = lock_page(page)
    if standing(locked, now) != Standing.OVER:
        raise EventError("Thank people when the event is over.")
    if locked.thanked_at is not None:
        raise EventError("Everybody who came was thanked already.")
    words = "\n".join(words.splitlines()).strip()
    if not words:
        raise EventError("Write a line of thanks.", "words")
    if "\0" in words or len(words) > 1000:
        raise EventError("Shorten this to 1,000 characters.", "words")
    rows = list(locked.registrations.filter(came=True))
    if not rows:
        raise EventError("Mark who came first, so that we know whom to thank.")
    for row in rows:
        row.page = locked
    event_letters.tell_thanks(rows, words, now)
    locked.thanked_at = page.thanked_at = now
    locked.save(update_fields=["thanked_at"])
    return len(rows)


def _check(page: EventPage) -> None:
    check(page, EventError, exclude={"meeting"}, words={"slug": _SLUG, "intro": _INTRO})
    if page.closes_at is not None and page.closes_at > page.meeting.ends_at:
        raise EventError("Registration closes on the day of the event at the latest.", "closes_on")
    check_facts(page, EventError, _ABOUT)
    if EventPage.objects.filter(slug=page.slug).exclude(pk=page.pk).exists():
        raise EventError(_TAKEN, "slug")


def _save(page: EventPage, **how: Any) -> None:
    try:
        with transaction.atomic():
            page.save(**how)
    except IntegrityError as error:  # somebody took the address this very moment
        raise EventError(_TAKEN, "slug") from error


_SLUG = "Use small letters, numbers and hyphens, like open-evening-2027."
_INTRO = "Say what the event is about."
