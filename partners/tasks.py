"""Work beside the page."""

from celery import shared_task
from django.utils import timezone

from partners.services import abandoned


@shared_task  # type: ignore[untyped-decorator]
def drop_abandoned_imports() -> None:
    """Let go of registers that nobody finished bringing in; beat ticks it."""
    abandoned.drop_abandoned(now=timezone.now())
