import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.servers import (
    Postgres,
    Redis,
    Trouble,
    _as_servant,
    database_url,
    make_folder,
    redis_url,
    run_dir,
    serving,
    trouble_with,
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL data folder of its own, stopped."""
    postgres = Postgres(tmp_path_factory.mktemp("servers"), fast=True)
    with serving(postgres):
        pass
    yield postgres
    postgres.stop()


def test_addresses_follow_the_folder() -> None:
    var = Path("/srv/portal/var")

    addresses = [database_url(var), redis_url(var, 3)]

    assert addresses == [
        "postgresql://postgres@/portal?host=/srv/portal/var/run",
        "unix:///srv/portal/var/run/redis.sock?db=3",
    ]


@pytest.mark.parametrize("name", ["a" * 120, "with a space", "ünlaut", "per%cent"])
def test_sockets_stand_elsewhere_where_the_path_does_not_fit_an_address(name: str) -> None:
    folder = run_dir(Path("/srv") / name / "var")

    assert folder.parent != Path("/srv") / name / "var"
    assert len(str(folder)) < 80
    assert folder == run_dir(Path("/srv") / name / "var")


def test_postgres_starts_beside_the_pid_file_of_a_dead_server(cluster: Postgres) -> None:
    # A number that another program of the same user has by now; PostgreSQL takes it for a server.
    other = subprocess.Popen([*_as_servant("KILL"), "sleep", "60"])
    (cluster.data / "postmaster.pid").write_text(f"{other.pid}\n{cluster.data}\n")
    (run_dir(cluster.var) / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n")

    with serving(cluster):
        answers = cluster.answers()
    spared = other.poll() is None
    other.kill()
    other.wait()

    assert answers
    assert spared
    assert not cluster.answers()


def test_postgres_starts_after_kill_9(cluster: Postgres) -> None:
    cluster.start()
    assert cluster.process is not None
    cluster.process.kill()
    cluster.process.wait()

    with serving(cluster):
        answers = cluster.answers()

    assert answers


def test_postgres_forgets_a_half_made_data_folder(tmp_path: Path) -> None:
    (tmp_path / "pg.new").mkdir()
    (tmp_path / "pg.new" / "half").write_text("made")
    postgres = Postgres(tmp_path, fast=True)

    with serving(postgres):
        postgres.create_database()
        postgres.create_database()

    assert not (tmp_path / "pg.new").exists()


def test_redis_keeps_what_it_was_told_over_kill_9(tmp_path: Path) -> None:
    redis = Redis(tmp_path)
    program = [str(redis.bin / "valkey-cli"), "-s", str(run_dir(tmp_path) / "redis.sock")]
    redis.start()
    subprocess.run([*program, "set", "name", "Ada"], check=True, capture_output=True)
    subprocess.run([*program, "waitaof", "1", "0", "5000"], check=True, capture_output=True)
    assert redis.process is not None
    redis.process.kill()
    redis.process.wait()

    with serving(redis):
        told = subprocess.run([*program, "get", "name"], check=True, capture_output=True, text=True)

    assert told.stdout.strip() == "Ada"


def test_start_says_in_a_sentence_why_a_server_did_not_start(tmp_path: Path) -> None:
    redis = Redis(tmp_path)
    redis.argv = lambda: [*Redis.argv(redis), "--no-such-option", "1"]  # type: ignore[method-assign]

    with pytest.raises(Trouble, match=r"^Redis did not start: .*redis\.log"):
        redis.start()

    assert not redis.running()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "There is no space left on the disk of /x: free some and try again."),
        pytest.param(
            errno.EACCES,
            "Nothing can be written in /x: "
            "make it yours (chown), or name another folder with VAR=.",
        ),
        (errno.ENOTDIR, "The folder /x cannot be used (Not a directory)."),
    ],
)
def test_trouble_with_a_folder_says_what_to_do(number: int, said: str) -> None:
    assert str(trouble_with(Path("/x"), OSError(number, os.strerror(number)))) == said


def test_make_folder_refuses_a_place_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Trouble, match="cannot be used"):
        make_folder(tmp_path / "file" / "var")
