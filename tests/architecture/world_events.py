"""Open events of the small world: one to come with who registered, one that is over."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Message
from assignments import services as assignments
from assignments.models import EventPage, Registration, WorkGroup
from assignments.services import events, registrations

KINDS = {
    "assignments:event": "eventpage",
    "assignments:event_asked": "eventpage",
    "assignments:registration": "registration",
    "assignments:cancel_registration": "registration",
    "assignments:registration_entry": "registration",
    "admin:assignments_eventpage_of": "event to be",
    "admin:assignments_eventpage_cancel": "registration",
    "admin:assignments_eventpage_came": "past event",
    "admin:assignments_eventpage_thank": "past event",
}
_MONTH = timedelta(days=30)


def add_events(world: Any, group: WorkGroup, whose: str, *, by: Any) -> None:
    """Public pages of `group`, each with somebody who comes."""
    now = world.now
    to_be = _meeting(group, now + 2 * _MONTH, now, by=by)
    world.keep("event to be", whose, to_be)
    page = _page(group, now + _MONTH, f"open-evening-{group.pk}", now, by=by)
    world.keep("eventpage", whose, page, slug=page.slug)
    row, token = _coming(page, f"anybody@{page.slug}.example.org", now)
    world.keep("registration", whose, row, token=token)
    past = _page(group, now - timedelta(days=2), f"open-morning-{group.pk}", now - _MONTH, by=by)
    came, _ = _coming(past, f"somebody@{past.slug}.example.org", now - timedelta(days=3))
    events.mark_came(page=past, came=[came.pk], shown=[came.pk], by=by, now=now)
    world.keep("past event", whose, past)


def _meeting(group: WorkGroup, starts_at: datetime, now: datetime, *, by: Any) -> Any:
    meeting = assignments.plan_meeting(
        work_group=group,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        title="Open evening",
        by=by,
        now=now,
    )
    meeting.attendances.all().delete()
    return meeting


def _page(group: WorkGroup, starts_at: datetime, slug: str, now: datetime, *, by: Any) -> EventPage:
    meeting = _meeting(group, starts_at, now, by=by)
    return events.publish(
        meeting=meeting, slug=slug, intro="Come and see", places=20, by=by, now=now
    )


def _coming(page: EventPage, email: str, now: datetime) -> tuple[Registration, str]:
    registrations.register(page=page, name="Any Body", email=email, access_needs="A ramp", now=now)
    link = Message.objects.get(to_address=email, kind="event_confirm").link
    token = link.rstrip("/").rsplit("/", 1)[-1]
    return registrations.confirm(token=token, now=now), token
