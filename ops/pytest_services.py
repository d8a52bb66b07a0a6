"""PostgreSQL and Redis for the test run, up before Django reads its settings.

DATABASE_URL and REDIS_URL, where set, are used instead. Only the controlling process starts
servers; xdist's workers inherit the addresses, and each takes a Redis database of its own. A
second run in the same copy gets servers and databases of its own.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from ops.browser import node
from ops.servers import (
    BASE,
    Postgres,
    Redis,
    Trouble,
    database_url,
    make_folder,
    redis_url,
    run_dir,
    serving,
    trouble_with,
)

_stack = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["REDIS_URL"] = redis_of_worker(os.environ["REDIS_URL"], worker)
        return
    if {
        "-h",
        "--help",
        "--version",
        "-V",
        "--co",
        "--collect-only",
        "--fixtures",
        "--markers",
    } & set(args):
        return
    try:
        _start()
    except Trouble as trouble:
        _stack.close()
        raise pytest.UsageError(str(trouble)) from None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadfile`: a file on one worker, and all journeys on one, for one portal."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class OnePortal(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            journeys = "tests/system/"
            return journeys if nodeid.startswith(journeys) else str(super()._split_scope(nodeid))

    return OnePortal(config, log)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _stack.close()


def _start() -> None:
    var = own_folder(make_folder(BASE / "var"))
    os.environ["VAR"] = str(var)
    if os.environ.get("DATABASE_URL"):
        # Copies and runs that share one server must not share a database.
        url = urlsplit(os.environ["DATABASE_URL"])
        run = hashlib.sha256(str(var).encode()).hexdigest()[:8]
        os.environ["DATABASE_URL"] = urlunsplit(url._replace(path=f"{url.path or '/portal'}_{run}"))
    else:
        _stack.enter_context(serving(postgres := Postgres(var, fast=True)))
        postgres.create_database()
        os.environ["DATABASE_URL"] = database_url(var)
    if not os.environ.get("REDIS_URL"):
        _stack.enter_context(serving(Redis(var, fast=True)))
        os.environ["REDIS_URL"] = redis_url(var)


def own_folder(parent: Path) -> Path:
    """`var/test`, or a folder for this run alone where another run has that one."""
    for left in parent.glob("test-*"):  # of a run that was killed
        with lock_of(left) as lock:
            if taken(lock):
                continue
            remove(left)
    folder = make_folder(parent / "test")
    lock = lock_of(folder)
    if taken(lock):
        lock.close()
        folder = Path(tempfile.mkdtemp(prefix="test-", dir=parent))
        lock = lock_of(folder)
        taken(lock)
        _stack.callback(remove, folder)
    _stack.enter_context(lock)
    return folder


def lock_of(folder: Path) -> IO[str]:
    try:
        return (folder / ".lock").open("a")
    except OSError as error:
        raise trouble_with(folder, error) from error


def taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def remove(folder: Path) -> None:
    sockets = run_dir(folder)
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        shutil.rmtree(sockets)


def redis_of_worker(url: str, worker: str) -> str:
    """`url` with the number of a database for one xdist worker (gw0 takes 1, and so on)."""
    number = int("".join(filter(str.isdigit, worker)) or 0) + 1
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
