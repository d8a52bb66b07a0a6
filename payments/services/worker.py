"""Telling a worker that a report waits. Where it cannot be told, beat's tick finds the row."""

import structlog

from workflow import worker

log = structlog.get_logger(__name__)


def tell(*, report_id: int) -> None:
    """Ask a worker to build a report now; gives up soon when the broker is away or silent."""
    if not worker.tell("payments.tasks.build_report", report_id=report_id):
        log.warning("report_waits_for_the_tick", report=report_id)
