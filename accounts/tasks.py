"""Work beside the page."""

from celery import shared_task
from django.utils import timezone

from accounts.services import expired


@shared_task  # type: ignore[untyped-decorator]
def clear_expired() -> None:
    """Delete rows whose time is over; beat ticks it."""
    expired.clear_expired(now=timezone.now())
