"""Public pages of events, and who registered on them, made by their services."""

from datetime import datetime, timedelta
from itertools import count

from accounts.models import Message
from assignments.models import EventPage, Registration
from assignments.services import events, registrations
from assignments.tests.factories import A_MEETING, WorkGroupFactory, planned

BEFORE = A_MEETING - timedelta(days=20)
_numbers = count(1)


def published(starts_at: datetime = A_MEETING, *, now: datetime = BEFORE, **values) -> EventPage:
    """A page with ten places unless said otherwise."""
    group = WorkGroupFactory(kind="event", name=f"Open evening {next(_numbers)}")
    meeting = planned(group, starts_at, place="The old library", now=now)
    facts = {"slug": f"open-evening-{meeting.pk}", "intro": "Come and see", "places": 10, **values}
    return events.publish(meeting=meeting, by=None, now=now, **facts)


def letters(address: str, kind: str = "") -> list[Message]:
    """What was written to `address`, the oldest first."""
    found = Message.objects.filter(to_address=address).order_by("pk")
    return list(found.filter(kind=kind) if kind else found)


def token_in(message: Message) -> str:
    """The secret in the link of a letter."""
    return message.link.rstrip("/").rsplit("/", 1)[-1]


def asked(
    page: EventPage,
    email: str = "ann@example.org",
    *,
    name: str = "Ann Lee",
    now: datetime = BEFORE,
    access_needs: str = "",
) -> str:
    """Somebody asked for a place; the secret in the letter that they got."""
    registrations.register(page=page, name=name, email=email, access_needs=access_needs, now=now)
    return token_in(letters(email, "event_confirm")[-1])


def coming(
    page: EventPage, email: str = "ann@example.org", *, now: datetime = BEFORE, **values
) -> Registration:
    """Somebody asked and confirmed; on the waiting list when all places are taken."""
    return registrations.confirm(token=asked(page, email, now=now, **values), now=now)
