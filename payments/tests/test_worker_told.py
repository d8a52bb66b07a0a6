"""A report is asked for while the broker is away or silent: the page waits for nothing."""

import socket
from collections.abc import Iterator
from datetime import date
from typing import Any

import kombu.utils.functional
import pytest
from celery import current_app

from payments.services import runs
from payments.tasks import build_waiting_reports
from payments.tests.factories import NOW, RateFactory
from workflow import worker

AWAY = "redis+socket:///nowhere/redis.sock"


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a broker that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@pytest.mark.django_db
def test_request_report_is_kept_while_the_broker_is_away(
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    programme = RateFactory().programme
    monkeypatch.setitem(current_app.conf, "broker_url", AWAY)
    with django_capture_on_commit_callbacks(execute=True):
        asked = runs.request_report(programme=programme, month=date(2026, 10, 1), by=None, now=NOW)
    assert "task_waits_for_the_tick" in caplog.text

    build_waiting_reports()

    asked.refresh_from_db()
    assert asked.status == "ready"


def test_broker_that_is_away_is_tried_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_sleep(seconds: float) -> None:
        pytest.fail(f"{seconds} seconds until the next try")

    monkeypatch.setattr(kombu.utils.functional, "sleep", no_sleep)
    monkeypatch.setitem(current_app.conf, "broker_url", AWAY)

    worker.tell(runs.TASK, report_id=1)

    assert "task_waits_for_the_tick" in caplog.text


def test_broker_that_is_silent_is_given_up(
    silent: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        "workflow.worker.WAIT_SECONDS", 0.01
    )  # far less than the settings allow a worker
    monkeypatch.setitem(current_app.conf, "broker_url", silent)

    worker.tell(runs.TASK, report_id=1)

    assert "task_waits_for_the_tick" in caplog.text


def test_worker_is_told_which_report(caplog: pytest.LogCaptureFixture) -> None:
    with current_app.connection_for_read() as broker, broker.SimpleQueue("celery") as waiting:
        waiting.clear()

        worker.tell(runs.TASK, report_id=7)

        message = waiting.get(timeout=5)
        message.ack()
    assert message.headers["task"] == "payments.tasks.build_report"
    assert message.payload[1] == {"report_id": 7}
    assert "task_waits_for_the_tick" not in caplog.text
