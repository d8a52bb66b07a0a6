"""Load, serve, ask, compare.

Both sizes of the portal and of the floor are served side by side and asked in random alternation,
so that whatever else the machine does hits all of them alike.
"""

import argparse
import json
import os
import sys
import time
import tomllib
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import psycopg2

from bench import assignments, observations, papers, table
from bench.serve import BenchError, Site, manage, peak_of, served
from bench.targets import Target, ask, counted
from ops.servers import BASE, Postgres, Trouble, check_room, database_url, make_folder, serving

VAR = BASE / "bench" / "out"
SIZES = (1_000, 100_000)
YEARS = 2
CONTRIBUTIONS = 20
PARTS = ("pages", "papers", "assignments", "observations")
ADMIN_PAGES = [
    {"name": "list of 50", "who": "superuser", "url": "admin:floor_person_changelist"},
    {
        "name": "search",
        "who": "superuser",
        "url": "admin:floor_person_changelist",
        "query": "q=okafor",
    },
    {
        "name": "one record",
        "who": "superuser",
        "url": "admin:floor_person_change",
        "object": "floor.Person",
    },
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small size only")
    parser.add_argument("--rounds", type=int, default=40, help="requests of each page (40)")
    parser.add_argument("--reuse", action="store_true", help="use the databases of the last run")
    parser.add_argument("--only", choices=PARTS, help="a part of it, alone")
    options = parser.parse_args()
    try:
        make_folder(VAR)
        check_room(VAR)
        with serving(Postgres(VAR)):
            server = database_url(VAR, "postgres")
            if options.only in (None, "pages"):
                _bench(options)
            if options.only in (None, "papers"):
                papers.measure(server, _env_of, reuse=options.reuse, say=say)
            if options.only in (None, "assignments"):
                assignments.measure(
                    server, _env_of, VAR, reuse=options.reuse, rounds=options.rounds, say=say
                )
            if options.only in (None, "observations"):
                observations.measure(
                    server, _env_of, VAR, reuse=options.reuse, rounds=options.rounds, say=say
                )
    except (BenchError, Trouble) as error:
        sys.exit(str(error))


def _bench(options: argparse.Namespace) -> None:
    sizes = SIZES[:1] if options.quick else SIZES
    pages = tomllib.loads((BASE / "bench" / "pages.toml").read_text())["page"]
    for size in sizes:
        _load(size, reuse=options.reuse)
    manage("collectstatic", "--noinput", "--verbosity=0", env=_env("portal", sizes[0]))
    with ExitStack() as stack:
        targets: list[Target] = []
        for size in sizes:
            targets += _targets(stack, size, pages)
        ask(targets, options.rounds)
        memory = targets[0].site.memory_mb()
    results = [target.result() for target in targets]
    (BASE / "bench" / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    kinds = {page["name"]: page.get("kind", "page") for page in pages}
    table.show(results, kinds)
    say(
        f"\nWeb process (one worker, after {len(pages) * options.rounds} requests): {memory:.0f} MB"
    )
    _payment_report(sizes[-1])


def say(text: str) -> None:
    print(text, flush=True)


# --- Data ----------------------------------------------------------------------------------------
def _env(app: str, size: int) -> dict[str, str]:
    """The environment of a real server of the portal, or of the floor."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "VAR": str(VAR),
        "DATABASE_URL": database_url(VAR, f"{app}_{size}"),
        "SECRET_KEY": "for-the-bench-only-" + "0" * 40,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "dummymail://",
        "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": {
            "portal": "pcp_portal.settings.production",
            "floor": "bench.floor.settings",
        }[app],
    }


def _env_of(name: str) -> dict[str, str]:
    """The environment of a real server of the portal over the database `name`."""
    return {**_env("portal", 0), "DATABASE_URL": database_url(VAR, name)}


def _load(size: int, *, reuse: bool) -> None:
    server = psycopg2.connect(database_url(VAR, "postgres"))
    server.autocommit = True
    cursor = server.cursor()
    for app in ("floor", "portal"):
        name, env = f"{app}_{size}", _env(app, size)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if reuse and cursor.fetchone():
            if app == "portal":  # migrations may have come since
                manage("migrate", "--verbosity=0", env=env)
            continue
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"DROP DATABASE IF EXISTS {name}_new")
        cursor.execute(f"CREATE DATABASE {name}_new")
        env["DATABASE_URL"] = database_url(VAR, f"{name}_new")
        say(f"Loading {name}")
        if app == "floor":
            manage("load_floor", str(size), env=env)
        else:
            demo = {**env, "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev"}
            manage("migrate", "--verbosity=0", env=demo)
            options = ["--partners", str(size), "--years", str(YEARS)]
            began = time.monotonic()
            said = manage("bulk_demo", *options, "--contributions", str(CONTRIBUTIONS), env=demo)
            rows = json.loads(said)["rows"]
            say(f"  {rows:,} rows in {time.monotonic() - began:.0f} s")
        cursor.execute(
            f"ALTER DATABASE {name}_new RENAME TO {name}"
        )  # a half-loaded one is not used
    server.close()


# --- Measuring -----------------------------------------------------------------------------------
def _targets(stack: ExitStack, size: int, pages: list[dict[str, Any]]) -> list[Target]:
    """Serve the portal and the floor at one size; every page of them that is there."""
    log = make_folder(VAR / "log")
    portal, floor = (
        stack.enter_context(served(app, size, wsgi, _env(app, size), log / f"{app}_{size}.log"))
        for app, wsgi in (("portal", "pcp_portal.wsgi"), ("floor", "bench.floor.wsgi"))
    )
    ours = counted(portal, pages, _env("portal", size), say)
    bare = [
        Target(
            Site("floor", size, floor.port, floor.process), one.page, f"/bare/{one.bytes}", "", 1, 1
        )
        for one in ours
    ]
    stock = Site("admin", size, floor.port, floor.process)
    admin = counted(stock, ADMIN_PAGES, _env("floor", size), say)
    return [*ours, *bare, *admin]


def _payment_report(size: int) -> None:
    """The month's files over every approved line: as many lines as there are partners, and more."""
    # On a copy: making the report takes the lines up, and the next run wants them again.
    copy = f"portal_{size}_report"
    server = psycopg2.connect(database_url(VAR, "postgres"))
    server.autocommit = True
    cursor = server.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {copy}")
    cursor.execute(f"CREATE DATABASE {copy} TEMPLATE portal_{size}")
    cursor.execute("CHECKPOINT")  # the copy is written before the report is timed
    env = {**_env("portal", size), "DATABASE_URL": database_url(VAR, copy)}
    month = (date.today().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")  # noqa: DTZ011
    out = make_folder(VAR / "reports")
    arguments = ["--programme", "bulk-1", "--month", month, "--out", str(out)]
    said, seconds, megabytes = peak_of("payment_report", *arguments, env=env)
    cursor.execute(f"DROP DATABASE {copy}")
    server.close()
    lines = json.loads(said.strip().splitlines()[-1])["lines"]
    good = size < 100_000 or (seconds <= 20 and megabytes <= 300)
    say(
        f"Payment report of {lines:,} lines: {seconds:.1f} s, {megabytes:.0f} MB "
        f"(100,000 lines: 20 s, 300 MB)  {'ok' if good else 'MISSED'}"
    )
