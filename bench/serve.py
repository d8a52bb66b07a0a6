"""One gunicorn with one worker, and a client that measures a request."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ops.servers import BASE


class BenchError(Exception):
    """The bench cannot go on; the text says why."""


@dataclass
class Site:
    """A served application: which, at which size, on which port."""

    app: str
    size: int
    port: int
    process: subprocess.Popen[bytes]

    def get(
        self, path: str, cookie: str, more: dict[str, str] | None = None
    ) -> tuple[float, int, int]:
        """One request on a new connection: milliseconds to the last byte, status, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Cookie": cookie}
        headers |= more or {}
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        connection.close()
        return took, response.status, len(body)

    def memory_mb(self) -> float:
        """Proportional memory of the master and its worker."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        pids = [self.process.pid, *map(int, children.split())]
        sums = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
        lines = [line for text in sums for line in text.splitlines() if line.startswith("Pss:")]
        return sum(int(line.split()[1]) for line in lines) / 1024


@contextmanager
def served(app: str, size: int, wsgi: str, env: dict[str, str], log: Path) -> Iterator[Site]:
    """Serve `wsgi` for the length of a block, as the portal is served: one worker, preloaded."""
    with socket.socket() as listener, log.open("wb") as out:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        number = listener.fileno()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", wsgi, "--bind", f"fd://{number}"),
                *("--preload", "--workers", "1", "--no-control-socket", "--log-level", "warning"),
            ],
            cwd=BASE,
            env=env,
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        site = Site(app, size, listener.getsockname()[1], process)
        try:
            _wait(site, log)
            yield site
        finally:
            process.terminate()
            process.wait(30)


def _wait(site: Site, log: Path) -> None:
    for _ in range(600):
        if site.process.poll() is not None:
            raise BenchError(f"gunicorn did not start: see {log}")
        try:
            site.get("/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise BenchError(f"{site.app} does not answer: see {log}")


def manage(*arguments: str, env: dict[str, str], out: IO[str] | int = subprocess.PIPE) -> str:
    """Run a command of Django; what it printed. Raises BenchError with its last line."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=BASE,
        env={**env, "PYTHONPATH": str(BASE)},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"{arguments[0]} failed: {last}")
    return done.stdout


def peak_of(*arguments: str, env: dict[str, str]) -> tuple[str, float, float]:
    """Run a command of Django; its output, its seconds and its peak memory in MB."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "django", *arguments],
        cwd=BASE,
        env={**env, "PYTHONPATH": str(BASE)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchError(f"{arguments[0]} failed.")
    return said, time.monotonic() - began, usage.ru_maxrss / 1024
