"""The embedded PostgreSQL, shared by everything that runs in one folder.

`make run` and every `manage.py` command hold it (a shared lock on `var/.pg-users`). A small
keeper process owns the server: it starts it again when it dies, and ends with it as soon as
nobody holds it any more. The kernel lets go of a lock however its holder ends, so nothing stays
behind after kill -9.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ops.servers import BASE, Postgres, Trouble, make_folder, trouble_with

POLL_SECONDS = 0.1
STOP_SECONDS = 40
GIVE_UP_AFTER = 5  # starts that fail in a row


def _open_lock(path: Path) -> IO[str]:
    make_folder(path.parent)
    try:
        return path.open("a")
    except OSError as error:
        raise trouble_with(path.parent, error) from error


def _try_lock(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Hold:
    """One holder of the embedded PostgreSQL of a folder."""

    def __init__(self, var: Path) -> None:
        """Start the server, or find the one that runs; raises Trouble."""
        self.var = var
        self._keepers: list[subprocess.Popen[str]] = []
        self._users = _open_lock(var / ".pg-users")
        fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while a keeper is closing the server
        try:
            self.ensure()
        except BaseException:
            self._users.close()
            raise

    def ensure(self) -> bool:
        """See that a keeper is at work; True when one had to be started. Raises Trouble."""
        with (
            _open_lock(self.var / ".pg-start") as turn,
            _open_lock(self.var / ".pg-keeper") as keeper,
        ):
            fcntl.flock(turn, fcntl.LOCK_EX)  # of several commands at once, one starts it
            if not _try_lock(keeper, fcntl.LOCK_EX):
                return False
            fcntl.flock(keeper, fcntl.LOCK_UN)
            self._start_keeper()
            return True

    def release(self) -> None:
        """Let go; returns when the server is down, or at once where somebody else holds it."""
        fcntl.flock(self._users, fcntl.LOCK_UN)
        end = time.monotonic() + STOP_SECONDS
        while not (down := self._keeper_gone()) and time.monotonic() < end:
            if _try_lock(self._users, fcntl.LOCK_EX):  # nobody holds it, and the keeper will see it
                fcntl.flock(self._users, fcntl.LOCK_UN)
            elif _try_lock(self._users, fcntl.LOCK_SH):  # somebody else does
                break
            time.sleep(POLL_SECONDS / 5)
        self._users.close()
        for keeper in self._keepers:
            if down:
                keeper.wait()
            keeper.poll()
            keeper.returncode = keeper.returncode or 0  # it ends by itself: no warning about it

    def _keeper_gone(self) -> bool:
        with _open_lock(self.var / ".pg-keeper") as keeper:
            return _try_lock(keeper, fcntl.LOCK_SH)

    def _start_keeper(self) -> None:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "ops.database", str(self.var)],
            cwd=BASE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._keepers.append(keeper)
        assert keeper.stdout is not None
        with keeper.stdout as answer:
            said = answer.readline().strip()
        if said != "ready":
            keeper.wait()
            raise Trouble(
                said or f"PostgreSQL did not start: see {self.var / 'log' / 'postgres.log'}."
            )


@contextmanager
def held(var: Path) -> Iterator[None]:
    """The embedded PostgreSQL for the length of a block; raises Trouble."""
    hold = Hold(var)
    try:
        yield
    finally:
        hold.release()


def keep(var: Path) -> None:
    """The keeper: run the server until nobody holds it. Prints "ready", or why it is not."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    # Opened first, so closed first: whoever gets the users' lock next finds no keeper.
    mine, users = _open_lock(var / ".pg-keeper"), _open_lock(var / ".pg-users")
    for _ in range(10):  # somebody may be looking whether we are there
        if _try_lock(mine, fcntl.LOCK_EX):
            break
        time.sleep(POLL_SECONDS)
    else:
        _say("ready")
        return
    server = Postgres(var)
    try:
        server.start()
        server.create_database()
    except Trouble as trouble:
        server.stop()
        _say(str(trouble))
        return
    _say("ready")
    failures = 0
    while not stopping and not _try_lock(users, fcntl.LOCK_EX) and failures < GIVE_UP_AFTER:
        if not server.running():
            try:
                server.start()
                failures = 0
            except Trouble:
                failures += 1
                time.sleep(1)
        time.sleep(POLL_SECONDS)
    server.stop()
    fcntl.flock(mine, fcntl.LOCK_UN)


def _say(line: str) -> None:
    print(line, flush=True)  # the answer to the process that started us
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), 1
    )  # the starter's pipe must not stay open for our whole life


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
