"""Long work that a person waits for: taken by one worker, seen to go on, and never lost.

The row says what is to be done and how far it is (`workflow.jobs.Job`); a message to a worker only
makes it sooner, and beat's tick takes up what a lost message or a killed worker left. A worker that
was thought dead and comes back finds that the row is not its own any more, and stops: each sign of
life is written only where the last one is still this worker's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from workflow import worker
from workflow.jobs import Job, JobStatus

DEAD_AFTER = timedelta(seconds=60)
# Whatever kills its worker each time is not tried for ever.
GIVE_UP_AFTER = timedelta(hours=6)
log = structlog.get_logger(__name__)


class TakenOverError(Exception):
    """Another worker has taken this job up, or the row has gone."""


@dataclass
class Hand:
    """A job in this worker's hand. `seen_at` is the last sign of life that it gave."""

    job: Any
    seen_at: datetime
    clock: Callable[[], datetime] = timezone.now

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is. Raises TakenOverError when it is another worker's by now."""
        counts = {"done": done} if total is None else {"done": done, "total": total}
        self._write(seen_at=self._now(), **counts)

    def finish(self, **result: Any) -> None:
        """Say that it is ready, with `result` on the row; inside the transaction that keeps it.

        Raises TakenOverError, so that this worker's result goes with its transaction.
        """
        now = self._now()
        self._write(seen_at=now, status=JobStatus.READY, ready_at=now, error="", **result)

    def fail(self, sentence: str) -> None:
        """Say that it cannot be made, in a sentence for people. Silent when it is another's."""
        self._mine().update(status=JobStatus.FAILED, error=sentence[:300])

    def _now(self) -> datetime:
        # Two signs of life of the same moment could not be told apart.
        return max(self.clock(), self.seen_at + timedelta(microseconds=1))

    def _mine(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = type(self.job)._default_manager.all()
        return rows.filter(pk=self.job.pk, status=JobStatus.WORKING, seen_at=self.seen_at)

    def _write(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise TakenOverError
        self.seen_at = values["seen_at"]
        for name, value in values.items():
            setattr(self.job, name, value)


def is_quiet(job: Job, now: datetime) -> bool:
    """Its worker gave no sign of life for a minute: another takes it up."""
    is_late = job.seen_at is None or job.seen_at < now - DEAD_AFTER
    return job.status == JobStatus.WORKING and is_late


def ask(*, job: Job, task: str) -> None:
    """Save a new job and, once that is committed, tell a worker: `task` gets its id as `pk`."""
    job.save(force_insert=True)
    pk = job.pk
    transaction.on_commit(lambda: worker.tell(task, pk=pk))


def to_take(model: type[Job], now: datetime) -> QuerySet[Any]:
    """Jobs that wait, and those whose worker gave no sign of life for a minute; oldest first."""
    quiet = Q(seen_at__isnull=True) | Q(seen_at__lt=now - DEAD_AFTER)
    found: QuerySet[Any] = model._default_manager.filter(
        Q(status=JobStatus.WAITING) | (Q(status=JobStatus.WORKING) & quiet)
    ).order_by("asked_at", "pk")
    return found


@transaction.atomic
def take(
    *,
    model: type[Job],
    pk: int,
    now: datetime,
    clock: Callable[[], datetime] = timezone.now,
) -> Hand | None:
    """Make a job this worker's; None when it is another's, needs no work, or has gone."""
    found = to_take(model, now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk)
    job = found.first()
    if job is None:
        return None
    seen_at = max(now, clock())
    job.status, job.seen_at, job.done, job.error = JobStatus.WORKING, seen_at, 0, ""
    job.save(update_fields=["status", "seen_at", "done", "error"])
    return Hand(job, seen_at, clock)


def make(
    *,
    model: type[Job],
    pk: int,
    now: datetime,
    work: Callable[[Hand], None],
    sorry: str,
    clock: Callable[[], datetime] = timezone.now,
) -> None:
    """Take a job and do its `work`, which finishes it; where that fails, the row says `sorry`.

    Nothing happens when another worker is at it.
    """
    hand = take(model=model, pk=pk, now=now, clock=clock)
    if hand is None:
        return
    try:
        if hand.job.asked_at < now - GIVE_UP_AFTER:
            hand.fail(sorry)
            return
        work(hand)
    except TakenOverError:
        log.info("job_taken_over", model=model.__name__, pk=pk)
    except Exception:  # the row must not stay "being made" for a fault of ours
        log.exception("job_failed", model=model.__name__, pk=pk)
        hand.fail(sorry)
