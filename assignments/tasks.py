"""Work beside the page."""

from celery import shared_task
from django.utils import timezone

from assignments.services import offers, registrations


@shared_task  # type: ignore[untyped-decorator]
def lapse_offers() -> None:
    """Let offers go whose last day to answer is over, and move the waiting lists; beat ticks it."""
    offers.lapse(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def clear_registrations() -> None:
    """Delete what nobody confirmed in time, and all a month after its event; beat ticks it."""
    registrations.lapse(now=timezone.now())
    registrations.forget(now=timezone.now())
