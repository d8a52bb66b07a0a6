"""The whole portal as `make run` starts it, in a folder and at a port of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2
from aiosmtpd.controller import Controller

from ops.servers import database_url, redis_url, run_dir
from tests.architecture.house import ROOT

SECONDS_TO_START = 240
# What the test run tells its own processes, and must not tell a portal of its own.
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "VAR", "MAKELEVEL"}


class Mailbox:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str, subject: str = "") -> list[EmailMessage]:
        """Messages to `address` whose subject has `subject` in it, oldest first."""
        return [
            message
            for message in list(self.messages)
            if address in str(message["To"]) and subject.lower() in str(message["Subject"]).lower()
        ]


@dataclass
class Stack:
    """A running portal: its address, folder, mail, and what its supervisor said."""

    var: Path
    port: int
    mailbox: Mailbox
    environment: dict[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"

    def manage(self, *arguments: str) -> str:
        """What `manage.py` says, run against this portal's servers."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"DATABASE_URL": database_url(self.var)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, asked: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the portal's database answers, asked from outside of the portal."""
        where = database_url(self.var)
        with psycopg2.connect(where) as connection, connection.cursor() as cursor:
            cursor.execute(asked, values)
            found = cursor.fetchall() if cursor.description else []
        connection.close()
        return found

    def send_task(self, name: str, **arguments: Any) -> None:
        """Ask the real worker for a task, through the real broker."""
        code = (
            f"from celery import current_app; current_app.send_task({name!r}, kwargs={arguments!r})"
        )
        script = f"import django; django.setup(); {code}"
        extra = {
            "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev",
            "DATABASE_URL": database_url(self.var),
            "REDIS_URL": redis_url(self.var),
        }
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=self.environment | extra, check=True
        )

    def processes(self, of: str) -> list[int]:
        """Ids of this portal's `worker`, `web`, `beat`, `redis` or `postgres`."""
        if of == "postgres":
            first = (self.var / "pg" / "postmaster.pid").read_text().split("\n")[0]
            return [int(first)]
        words = {
            "web": b"ops.child\0gunicorn\0",
            "worker": b"\0worker\0",
            "beat": b"\0beat\0",
            "redis": b"valkey-server",
        }
        mine = f"VAR={self.var}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes()
                surroundings = (folder / "environ").read_bytes()
            except OSError:
                continue  # it ended meanwhile
            ours = mine in surroundings.split(b"\0") or os.fsencode(run_dir(self.var)) in command
            if ours and words[of] in command:
                found.append(int(folder.name))
        return found

    def kill(self, of: str) -> None:
        """kill -9, without warning."""
        victims = self.processes(of)
        assert victims, f"no {of} to kill"
        for pid in victims:
            os.kill(pid, signal.SIGKILL)

    def answers(self, path: str = "/healthz") -> int:
        """The status of a page, or 0 for none."""
        try:
            with urllib.request.urlopen(f"{self.base}{path}", timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def people(self) -> list[dict[str, Any]]:
        """Everybody of the demo who signs in."""
        lines = self.manage("demo", "--sign-ins").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def sign_ins(self) -> dict[str, dict[str, Any]]:
        """The demo's people by role; the first of each."""
        return {person["role"]: person for person in reversed(self.people())}


def eventually(ask: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """The first true answer of `ask`; fails after `seconds` without one."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < end, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.25)


def link_in(message: EmailMessage, stack: Stack) -> str:
    """The portal's address in a message, as a path."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"{re.escape(stack.base)}(/\S+)", body.get_content())
    assert found, body.get_content()
    return found[1].rstrip(".,>")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(var: Path) -> Iterator[Stack]:
    """A portal under its real supervisor; everything it started ends with the block."""
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    post.start()
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {
        "VAR": str(var),
        "PORT": str(port),
        "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
        "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev",
    }
    stack = Stack(var, port, mailbox, environment)
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "ops.supervisor"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    listener = threading.Thread(target=_listen, args=(supervisor, stack), daemon=True)
    listener.start()
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not any("is ready" in line for line in stack.said):
            assert supervisor.poll() is None, "".join(stack.said)
            assert time.monotonic() < end, "".join(stack.said)
            time.sleep(0.1)
        yield stack
    finally:
        supervisor.terminate()
        supervisor.wait(60)
        listener.join(5)
        if supervisor.stdout:
            supervisor.stdout.close()
        post.stop()


def _listen(supervisor: subprocess.Popen[str], stack: Stack) -> None:
    assert supervisor.stdout is not None
    for line in supervisor.stdout:
        stack.said.append(line)
