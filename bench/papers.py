"""What a worker makes for a partner: the PDF of a portfolio, and the copy of all that is held."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg2

from bench.serve import BenchError, manage
from ops.servers import BASE

# One year of four pieces of work a week, and ten: years, pieces of work, files of 4 MB.
SHORT, LONG = (1, 200, 4), (10, 2_000, 40)
PDF_SECONDS, PDF_MB = 3, 300
COPY_SECONDS = 60
MOST_GROWTH = 1.2  # of memory, from the short life to the long one: constant, but for chance

Env = Callable[[str], dict[str, str]]


def measure(server_url: str, env_of: Env, *, reuse: bool, say: Callable[[str], None]) -> None:
    """Make the papers of a short and of a long life here, and say what it took."""
    found = {}
    for life in (SHORT, LONG):
        name = f"portal_life_{life[0]}"
        _load(server_url, name, life, env_of, reuse=reuse, say=say)
        found[life] = _made("copy", env_of(name))
    pdf = _made("pdf", env_of(f"portal_life_{LONG[0]}"))
    say("\n" + _about_pdf(pdf))
    say(_about_copy(found[SHORT], found[LONG]))


def _about_pdf(pdf: dict[str, Any]) -> str:
    largest = max(pdf["worker_mb"], pdf["typesetter_mb"])
    good = pdf["seconds"] <= PDF_SECONDS and largest <= PDF_MB
    return (
        f"PDF of {pdf['pieces']} contributions ({pdf['bytes'] / 1e6:.1f} MB): "
        f"{pdf['seconds']:.1f} s, worker {pdf['worker_mb']:.0f} MB, typesetter "
        f"{pdf['typesetter_mb']:.0f} MB (500: {PDF_SECONDS} s, {PDF_MB} MB); "
        f"{pdf['seconds'] / pdf['plain_seconds']:.1f} x typst alone with the same words untagged"
        f"  {'ok' if good else 'MISSED'}"
    )


def _about_copy(short: dict[str, Any], long: dict[str, Any]) -> str:
    growth = long["worker_mb"] / short["worker_mb"]
    good = long["seconds"] <= COPY_SECONDS and growth <= MOST_GROWTH
    return (
        f"Copy of {LONG[0]} years ({long['rows']:,} rows read, {long['bytes'] / 1e6:.0f} MB): "
        f"{long['seconds']:.1f} s, {long['worker_mb']:.0f} MB ({COPY_SECONDS} s); "
        f"{growth:.2f} x the memory of {SHORT[0]} year ({short['bytes'] / 1e6:.0f} MB, "
        f"{short['seconds']:.1f} s; {MOST_GROWTH}); "
        f"{long['seconds'] / long['plain_seconds']:.1f} x writing the same bytes plainly"
        f"  {'ok' if good else 'MISSED'}"
    )


def _load(
    server_url: str,
    name: str,
    life: tuple[int, int, int],
    env_of: Env,
    *,
    reuse: bool,
    say: Callable[[str], None],
) -> None:
    years, pieces, files = life
    server = psycopg2.connect(server_url)
    server.autocommit = True
    cursor = server.cursor()
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if reuse and cursor.fetchone():
        manage("migrate", "--verbosity=0", env=env_of(name))  # migrations may have come since
        server.close()
        return
    say(f"Loading {name}")
    began = time.monotonic()
    for old in (name, f"{name}_new"):
        cursor.execute(f"DROP DATABASE IF EXISTS {old}")
    cursor.execute(f"CREATE DATABASE {name}_new")
    env = {**env_of(f"{name}_new"), "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev"}
    manage("migrate", "--verbosity=0", env=env)
    size = ["--partners", "10", "--years", str(years), "--contributions", str(pieces)]
    manage("bulk_demo", *size, env=env)
    _run("fill", str(files), env=env)
    cursor.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")  # a half-loaded one is not used
    cursor.execute("CHECKPOINT")
    server.close()
    say(f"  {time.monotonic() - began:.0f} s")


def _made(what: str, env: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_run(what, env=env).splitlines()[-1])
    return made


def _run(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.life", *arguments],
        cwd=BASE,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"{arguments[0]} failed: {last}")
    return done.stdout
