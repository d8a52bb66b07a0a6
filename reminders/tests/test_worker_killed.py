"""kill -9 of a real Celery worker in mid-send, with the real Redis: nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Message
from accounts.tests.factories import ProgrammeFactory
from reminders.emails import message_id
from reminders.tests.factories import waiting_message
from reminders.tests.mailserver import MailServer, mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DELIVER = "reminders.tasks.deliver"
CONTROL = "reminders.tests.control.send_and_forget"


def database_of_the_test() -> str:
    """The address of the test database, for another process."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def worker(server: MailServer, queue: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process of its own; whatever of it is left at the end is killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "pcp_portal", "worker"),
                *("--concurrency=1", "--without-gossip", "--without-mingle"),
                *("-Q", queue, "-I", "reminders.tests.control", "-n", f"{uuid4().hex}@here"),
            ],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev",
                "DATABASE_URL": database_of_the_test(),
                "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the worker and its child at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(true: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, log.read_text(errors="replace")[-3000:]
        time.sleep(0.05)


def killed_in_mid_send(task: str, on_data: str, log: Path) -> tuple[set[str], Counter[str]]:
    """Ten messages, a worker killed while the first is on its way, and another that goes on.

    Gives the Message-IDs that should arrive, and how often each did.
    """
    programme, queue = ProgrammeFactory(), f"killed-{uuid4().hex}"
    for number in range(10):
        waiting_message(f"note:{number}", programme=programme, now=timezone.now())
    expected = {message_id(message) for message in Message.objects.all()}
    with mail_server() as server:
        server.hold.clear()
        server.on_data = on_data
        with worker(server, queue, log) as first:
            current_app.send_task(task, queue=queue)
            until(server.arrived.is_set, log)
            kill(first)
        server.hold.set()
        time.sleep(0.5)  # the server does with the first mail what it was told
        server.on_data = "250 OK"
        # Two minutes pass.
        Message.objects.filter(status="claimed").update(
            claimed_at=timezone.now() - timedelta(minutes=2, seconds=1)
        )
        with worker(server, queue, log):
            current_app.send_task(task, queue=queue)
            until(lambda: not Message.objects.exclude(status="sent").exists(), log)
            until(lambda: len(set(server.ids)) >= 9, log)
            time.sleep(0.2)
        return expected, Counter(server.ids)


def test_kill_before_the_server_accepted_loses_and_repeats_nothing(tmp_path):
    expected, arrived = killed_in_mid_send(DELIVER, "cut before", tmp_path / "log")

    assert dict(arrived) == dict.fromkeys(expected, 1)
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [1] * 9 + [2]


def test_kill_after_the_server_accepted_repeats_one_with_the_same_id(tmp_path):
    expected, arrived = killed_in_mid_send(DELIVER, "250 OK", tmp_path / "log")

    assert set(arrived) == expected
    assert sorted(arrived.values()) == [1] * 9 + [2]


def test_control_that_marks_and_forgets_is_seen_to_lose(tmp_path):
    expected, arrived = killed_in_mid_send(CONTROL, "cut before", tmp_path / "log")

    assert len(expected - set(arrived)) == 1
