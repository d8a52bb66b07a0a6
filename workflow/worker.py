"""Telling a worker that something waits. Where it cannot be told, beat's tick finds the row."""

from typing import Any

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

# Somebody waits for the page: about a second in all, and no second try.
WAIT_SECONDS = 0.5
log = structlog.get_logger(__name__)


def tell(task: str, **arguments: Any) -> bool:
    """Ask a worker for `task` now; False, soon, when the broker is away or silent."""
    options = {
        **current_app.conf.broker_transport_options,
        "socket_connect_timeout": WAIT_SECONDS,
        "socket_timeout": WAIT_SECONDS,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
        "connect_retries_timeout": WAIT_SECONDS,
    }
    try:
        with current_app.connection_for_write(transport_options=options) as broker:
            current_app.send_task(task, kwargs=arguments, connection=broker, retry=False)
    except (OperationalError, OSError):
        log.warning("task_waits_for_the_tick", task=task, **arguments)
        return False
    return True
