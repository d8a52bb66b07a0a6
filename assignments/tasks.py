"""Work beside the page."""

from celery import shared_task
from django.utils import timezone

from assignments.services import offers


@shared_task  # type: ignore[untyped-decorator]
def lapse_offers() -> None:
    """Let offers go whose last day to answer is over, and move the waiting lists; beat ticks it."""
    offers.lapse(now=timezone.now())
