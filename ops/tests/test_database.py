import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from ops.database import Hold
from ops.servers import BASE, Postgres, database_url

HOLDER = """
import sys, time
from pathlib import Path
from ops.database import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def up(var: Path) -> bool:
    return Postgres(var).answers()


def wait_until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def test_hold_last_one_out_stops_the_server(tmp_path: Path) -> None:
    first = Hold(tmp_path)
    second = Hold(tmp_path)

    first.release()
    with_one_left = up(tmp_path)
    second.release()

    assert with_one_left
    assert not up(tmp_path)


def test_hold_leaves_nothing_when_its_holder_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=BASE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        os.kill(holder.pid, signal.SIGKILL)

    assert wait_until(lambda: not (tmp_path / "pg" / "postmaster.pid").exists())
    assert not up(tmp_path)


def test_hold_gets_a_killed_server_back(tmp_path: Path) -> None:
    hold = Hold(tmp_path)
    try:
        pid = int((tmp_path / "pg" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)

        assert wait_until(lambda: not Path(f"/proc/{pid}").exists() and up(tmp_path))
        with psycopg2.connect(database_url(tmp_path)) as connection, connection.cursor() as cursor:
            cursor.execute("select 1")
        connection.close()
    finally:
        hold.release()


def test_hold_starts_a_keeper_again_that_was_killed(tmp_path: Path) -> None:
    hold = Hold(tmp_path)
    try:
        keeper = hold._keepers[0]
        keeper.kill()
        keeper.wait()

        started = hold.ensure()

        assert started
        assert up(tmp_path)
        assert not hold.ensure()
    finally:
        hold.release()


@pytest.mark.parametrize("command", [["--help"], ["migrate", "--help"], ["help", "check"]])
def test_manage_starts_no_server_to_show_help(tmp_path: Path, command: list[str]) -> None:
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}

    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=BASE,
        env={**env, "VAR": str(tmp_path)},
        capture_output=True,
    )

    assert done.returncode == 0
    assert not (tmp_path / "pg").exists()
