"""Work beside the page."""

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

from partners.models import DataCopy, PortfolioPdf
from partners.services import abandoned, codesign, data_copy, jobs, leaving, portfolio_pdf
from workflow.jobs import Job

# What is made for people who wait, and by whom: takes `pk` and `now`.
MADE: dict[type[Job], Callable[..., None]] = {
    PortfolioPdf: portfolio_pdf.make_pdf,
    DataCopy: data_copy.make_copy,
}


@shared_task  # type: ignore[untyped-decorator]
def drop_abandoned_imports() -> None:
    """Let go of registers that nobody finished, and of what was said of rows; beat ticks it."""
    abandoned.drop_abandoned(now=timezone.now())
    abandoned.forget_told(now=timezone.now())


@shared_task(name=portfolio_pdf.TASK)  # type: ignore[untyped-decorator]
def make_portfolio_pdf(*, pk: int, **_later: Any) -> None:
    """Make one portfolio, as soon as it was asked for."""
    portfolio_pdf.make_pdf(pk=pk, now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def make_waiting() -> None:
    """Make what waits, or was left by a worker that died; beat ticks it."""
    for model, make in MADE.items():
        for pk in jobs.to_take(model, timezone.now()).values_list("pk", flat=True):
            make(pk=pk, now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def close_due_rounds() -> None:
    """Count the rounds whose last day to vote is over; beat ticks it."""
    codesign.close_due(now=timezone.now())


@shared_task(name=data_copy.TASK)  # type: ignore[untyped-decorator]
def make_data_copy(*, pk: int, **_later: Any) -> None:
    """Make one copy of somebody's data, as soon as it was asked for."""
    data_copy.make_copy(pk=pk, now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def drop_old_copies() -> None:
    """Delete the files of copies whose time is over; beat ticks it."""
    data_copy.drop_old(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def keep_no_longer() -> None:
    """Erase what is kept no longer, of those who left; beat ticks it."""
    now = timezone.now()
    leaving.erase_due(now=now)
    leaving.drop_lapsed(now=now)
    leaving.forget_due(now=now)
