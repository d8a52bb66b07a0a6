"""What beat ticks: both may run at any time, twice at once, or be killed; nothing depends on it."""

from celery import shared_task
from django.utils import timezone

from reminders import services


# Arguments of another version of us must not stop the mail.
@shared_task  # type: ignore[untyped-decorator]
def deliver(*_: object, **__: object) -> None:
    """Send what is due."""
    services.deliver(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def reconcile(*_: object, **__: object) -> None:
    """Make today's and tomorrow's reminders as they should be."""
    services.reconcile(now=timezone.now())
