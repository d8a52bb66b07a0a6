"""What `make run` says when it cannot: one sentence, exit status 1, nothing left running."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops.servers import BASE, Redis, make_folder
from ops.supervisor import listen, the_only_one


def run(var: Path, **given: str) -> subprocess.CompletedProcess[str]:
    ours = ("DATABASE_URL", "REDIS_URL", "PORT", "HOST", "MAKELEVEL")
    env = {key: value for key, value in os.environ.items() if key not in ours}
    with listen("127.0.0.1", 0) as spare:
        port = str(spare.getsockname()[1])
    return subprocess.run(
        [sys.executable, "-m", "ops.supervisor"],
        cwd=BASE,
        env={**env, "VAR": str(var), "PORT": port, **given},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_run_twice_in_one_folder_says_so(tmp_path: Path) -> None:
    with the_only_one(tmp_path):
        done = run(tmp_path)

    assert done.returncode == 1
    assert done.stderr == (
        "`make run` is already at work in this folder: use that one, or stop it first.\n"
    )


def test_run_with_a_taken_port_names_another(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = run(tmp_path, PORT=str(port))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken by another program")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "pg").exists()


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "80 80"])
def test_run_with_a_port_that_is_none_says_so(tmp_path: Path, port: str) -> None:
    done = run(tmp_path, PORT=port)

    assert done.returncode == 1
    assert done.stderr == f"PORT must be a number from 1 to 65535, not “{port}”.\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
            "The database that DATABASE_URL names cannot be used (",
        ),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must look like "),
        (
            {"REDIS_URL": "redis://127.0.0.1:1/0"},
            "The Redis that REDIS_URL names cannot be used (",
        ),
        ({"REDIS_URL": "nonsense"}, "The Redis that REDIS_URL names cannot be used ("),
    ],
)
def test_run_with_a_wrong_address_says_so(tmp_path: Path, given: dict[str, str], said: str) -> None:
    done = run(tmp_path, **given)

    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert not Redis(tmp_path).answers()


def test_run_in_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    make_folder(tmp_path)
    (tmp_path / "file").touch()

    done = run(tmp_path / "file" / "var")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be used (Not a directory)" in done.stderr
