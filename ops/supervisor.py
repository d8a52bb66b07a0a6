"""make run: servers, migrations, demo, then web, worker and beat, until Ctrl-C.

Starts again what dies, with a growing pause. Everything it starts ends with it, kill -9 included.
What a person can put right (a taken port, a wrong DATABASE_URL, a full disk) is one sentence and
exit status 1.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from ops.child import end_with
from ops.database import Hold
from ops.servers import (
    BASE,
    Postgres,
    Redis,
    Trouble,
    check_room,
    database_url,
    make_folder,
    redis_url,
    trouble_with,
    var_folder,
)

STEADY_SECONDS = 30  # a program that ran this long has not failed at its start
LONGEST_PAUSE = 30
STOP_SECONDS = 20
ROUTINE = re.compile(
    r"""level['"]?[=:] ?['"](debug|info)['"]"""
)  # every request says two such lines


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Program:
    """One long-running program: its command line, and how often it failed in a row."""

    name: str
    module: str
    arguments: list[str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)


class Supervisor:
    def __init__(self) -> None:
        self.var = var_folder()
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.port = port_from(os.environ.get("PORT", "8000"))
        self.env = {
            **os.environ,
            "VAR": str(self.var),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "PCP_PARENT": str(os.getpid()),
            # Celery warns a root user of pickled messages; ours are JSON.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        self.stopping = threading.Event()
        self.hold: Hold | None = None
        self.redis: Redis | None = None
        self.programs: list[Program] = []

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        make_folder(self.var)
        with contextlib.ExitStack() as stack:
            stack.enter_context(the_only_one(self.var))
            listener = stack.enter_context(listen(self.host, self.port))
            check_room(self.var)
            try:
                self._start_servers()
                sign_ins = self._prepare()
                self._serve(listener, sign_ins)
            except Stopped:
                pass
            finally:
                self._stop_everything()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    # --- Servers ---------------------------------------------------------------------------------
    def _start_servers(self) -> None:
        if self.env.get("REDIS_URL"):
            check_redis(self.env["REDIS_URL"])
        else:
            self.redis = Redis(self.var)
            self.redis.start()
            self.env["REDIS_URL"] = redis_url(self.var)
        if self.env.get("DATABASE_URL"):
            check_database(self.env["DATABASE_URL"])
        else:
            if not (self.var / "pg" / "PG_VERSION").exists():
                say("Making the database (the first time only)")
            self.hold = Hold(self.var)
            self.env["DATABASE_URL"] = database_url(self.var)

    def _watch_servers(self) -> None:
        try:
            if self.redis and not self.redis.running():
                say("Redis ended; starting it again")
                self.redis.start()
            if self.hold and self.hold.ensure():
                say("PostgreSQL ended; started it again")
        except Trouble as trouble:
            say(str(trouble))
            self.stopping.wait(2)

    # --- Migrations, demo, static files --------------------------------------------------------
    def _prepare(self) -> list[dict[str, Any]]:
        """Bring database and static files up to date where something changed; the demo sign-ins."""
        stamp = self.var / "prepared.json"
        last = json.loads(stamp.read_text()) if stamp.exists() else {}
        state = self._state_of_database()
        static = state_of_static()
        collected = (self.var / "static" / "staticfiles.json").exists()
        jobs: dict[str, subprocess.Popen[str]] = {}
        if state is None or last.get("database") != state:
            jobs["prepare"] = self._command("prepare")
        if last.get("static") != static or not collected:
            jobs["collectstatic"] = self._command("collectstatic", "--noinput", "--verbosity=0")
        if jobs:
            say("Preparing the database and the pages")
        for name, job in jobs.items():
            self._finish(name, job)
        sign_ins: list[dict[str, Any]] = last.get("sign_ins", [])
        if "prepare" in jobs:
            sign_ins = self._sign_ins()
        if jobs:
            new = stamp.with_suffix(".new")
            new.write_text(json.dumps({"database": state, "static": static, "sign_ins": sign_ins}))
            new.chmod(0o600)
            new.replace(stamp)
        return sign_ins

    def _state_of_database(self) -> str | None:
        """A fingerprint of what `prepare` works from; None where the database is not ours."""
        if self.hold is None:
            return None
        cluster = Postgres(self.var).data / "PG_VERSION"
        files = [
            *BASE.glob("*/migrations/*.py"),
            *BASE.glob("pcp_portal/demo/**/*"),
            *BASE.glob("pcp_portal/demo*.py"),
            BASE / "requirements.txt",
            BASE / "constraints.txt",
        ]
        digest = hashlib.sha256(f"{cluster.stat().st_mtime_ns} {cluster.stat().st_ino}".encode())
        for file in sorted(path for path in files if path.is_file() and path.suffix != ".pyc"):
            digest.update(str(file.relative_to(BASE)).encode() + file.read_bytes())
        return digest.hexdigest()

    def _command(self, *arguments: str) -> subprocess.Popen[str]:
        # Through a file, not a pipe: a job that says much must not wait for us to listen.
        with (make_folder(self.var / "log") / f"{arguments[0]}.log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ops.child", "manage", *arguments],
                cwd=BASE,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def _finish(self, name: str, job: subprocess.Popen[str]) -> str:
        """Wait for a job; what it said. Raises Trouble if it failed, Stopped when told to stop."""
        while job.poll() is None:
            if self.stopping.wait(0.05):
                job.kill()
                job.wait()
                raise Stopped
        log = self.var / "log" / f"{name}.log"
        said = log.read_text(errors="replace")
        if job.returncode:
            if "No space left" in said:
                raise Trouble(
                    f"There is no space left on the disk of {self.var}: free some and try again."
                )
            last = (said.strip().splitlines() or ["no reason given"])[-1]
            raise Trouble(f"`manage.py {name}` failed: {last} (see {log})")
        return said

    def _sign_ins(self) -> list[dict[str, Any]]:
        said = self._finish("demo", self._command("demo", "--sign-ins"))
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    # --- Web, worker, beat -----------------------------------------------------------------------
    def _serve(self, listener: socket.socket, sign_ins: list[dict[str, Any]]) -> None:
        number = listener.fileno()
        web = Program(
            "web",
            "gunicorn",
            [
                "pcp_portal.wsgi",
                # Our socket: the port is held from the start, and requests wait during a restart.
                *("--bind", f"fd://{number}", "--workers", "1", "--threads", "4"),
                *("--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket"),
            ],
            (number,),
        )
        celery = ["--quiet", "--app", "pcp_portal"]
        # One task at a time is plenty for a laptop, and keeps the whole under 700 MB.
        worker = "worker --concurrency 1 --loglevel warning --without-mingle --without-gossip"
        beat = "beat --loglevel warning --pidfile= --scheduler celery.beat.Scheduler"
        later = [
            Program("worker", "celery", [*celery, *worker.split()]),
            Program("beat", "celery", [*celery, *beat.split()]),
        ]
        self.programs = [web]
        self._spawn(web)
        self._wait_for_page(60)
        self.programs += later  # after the first page: they would only make it slower
        for program in later:
            self._spawn(program)
        self._welcome(sign_ins)
        while not self.stopping.wait(0.5):
            self._watch_servers()
            self._watch_programs()

    def _spawn(self, program: Program) -> None:
        program.started = time.monotonic()
        program.process = subprocess.Popen(
            [sys.executable, "-m", "ops.child", program.module, *program.arguments],
            cwd=BASE,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=program.descriptors,
        )
        threading.Thread(target=pump, args=(program, self.var / "log"), daemon=True).start()

    def _watch_programs(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            process = program.process
            if process is None:
                if now >= program.again_at:
                    self._spawn(program)
            elif process.poll() is not None:
                end_group(process, signal.SIGKILL)
                steady = now - program.started > STEADY_SECONDS
                program.failures = 1 if steady else program.failures + 1
                pause = min(2 ** (program.failures - 1) - 1, LONGEST_PAUSE)
                when = f"in {pause} s" if pause else "at once"
                say(f"{program.name} ended ({how(process.returncode)}); it starts again {when}")
                program.process, program.again_at = None, now + pause

    def _wait_for_page(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.stopping.wait(0.05):
                raise Stopped
            self._watch_programs()
            if answers(self.host, self.port):
                return

    def _welcome(self, sign_ins: list[dict[str, Any]]) -> None:
        here = f"http://localhost:{self.port}"
        say(f"\n  PCP Portal is ready:  {here}/\n")
        rows = [("Sign in as", "E-mail", "Password", "Begin at")]
        rows += [
            (str(one["role"]), str(one["email"]), str(one["password"]), f"{here}{one['start']}")
            for one in sign_ins
        ]
        if sign_ins:
            widths = [max(len(row[column]) for row in rows) for column in range(4)]
            for row in rows:
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                say(("  " + "  ".join(cells)).rstrip())
            if any(one.get("totp") for one in sign_ins):
                say("  Where a second factor is asked for, its page shows the code.")
        say("\n  Ctrl-C stops everything.\n")

    # --- The end ---------------------------------------------------------------------------------
    def _stop_everything(self) -> None:
        running = [
            one.process for one in self.programs if one.process and one.process.poll() is None
        ]
        for process in running:
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_group(process, signal.SIGKILL)
        if self.redis:
            self.redis.stop()
        if self.hold:
            self.hold.release()
        if self.stopping.is_set():
            say("Stopped.")


def say(text: str) -> None:
    """Print for people; a terminal that went away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def how(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit status {code}"


def end_group(process: subprocess.Popen[str], number: int) -> None:
    """Send `number` to what a program left behind in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def pump(program: Program, folder: Path) -> None:
    """Keep what a program says, and show it unless it is a matter of course."""
    assert program.process is not None
    assert program.process.stdout is not None
    with open_log(folder / f"{program.name}.log") as log:
        for line in program.process.stdout:
            if line.strip() and not ROUTINE.search(line):
                say(f"{program.name:6} | {line.rstrip()}")
            with contextlib.suppress(OSError):
                log.write(line)
                log.flush()


def open_log(path: Path) -> IO[str]:
    if path.exists() and path.stat().st_size > 10 * 2**20:
        path.replace(path.with_suffix(".log.old"))
    return path.open("a")


def port_from(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Trouble(f"PORT must be a number from 1 to 65535, not “{text}”.")


@contextlib.contextmanager
def the_only_one(var: Path) -> Any:
    """Refuse a second `make run` in one folder; the kernel frees the lock even after kill -9."""
    try:
        lock = (var / ".run.lock").open("a")
    except OSError as error:
        raise trouble_with(var, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                "`make run` is already at work in this folder: use that one, or stop it first."
            ) from None
        yield


def listen(host: str, port: int) -> socket.socket:
    """The socket that web serves; raises Trouble when the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise Trouble(
            f"Port {port} is taken by another program ({error.strerror}): "
            f"choose another with `make run PORT={port + 1 if port < 65535 else 8000}`."
        ) from error
    return listener


def answers(host: str, port: int) -> bool:
    """Whether a page comes; whatever it says."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), 2) as page:
        page.sendall(f"GET /healthz HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n".encode())
        return page.recv(5) == b"HTTP/"
    return False


def check_database(url: str) -> None:
    """Raises Trouble when nothing useful answers at DATABASE_URL."""
    import psycopg2

    plain = url.replace("postgres://", "postgresql://", 1)
    if not plain.startswith("postgresql://"):
        raise Trouble("DATABASE_URL must look like postgresql://name:password@host:5432/database.")
    try:
        psycopg2.connect(plain, connect_timeout=5).close()
    except psycopg2.Error as error:
        said = (str(error).strip().splitlines() or ["no reason given"])[0].strip()
        raise Trouble(
            f"The database that DATABASE_URL names cannot be used ({said}): "
            "put the address right, or leave it out to have a database in var/."
        ) from None


def check_redis(url: str) -> None:
    """Raises Trouble when no Redis answers at REDIS_URL."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise Trouble(
            f"The Redis that REDIS_URL names cannot be used ({error}): "
            "put the address right, or leave it out to have one in var/."
        ) from None


def state_of_static() -> str:
    """A fingerprint of the static files, by size and time."""
    digest = hashlib.sha256()
    folders = [BASE / "static", *BASE.glob("*/static")]
    for file in sorted(
        {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    ):
        digest.update(
            f"{file.relative_to(BASE)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode()
        )
    for name in ("package-lock.json", "requirements.txt"):
        digest.update((BASE / name).read_bytes())
    return digest.hexdigest()


def main() -> None:
    if os.environ.get("MAKELEVEL"):
        end_with(os.getppid(), signal.SIGTERM)  # a make that is killed does not tell us
    try:
        Supervisor().run()
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(str(trouble_with(Path(error.filename or var_folder()), error)))


if __name__ == "__main__":
    main()
