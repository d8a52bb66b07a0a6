"""Observing at size: results over a million sheets, statistics of 5,000 pairs, paper brought in."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.assignments import EMPTY, Databases, Env, Say, Server, bulk, judged, migrate
from bench.serve import BenchError, manage, peak_of
from bench.targets import Target, ask
from ops.servers import BASE, make_folder

FEW, MANY = 1_000, 1_000_000  # sheets, of as many clinicians as fill them
PAPER = 100_000
MOST_QUERIES, MOST_GROWTH = 15, 2
STATISTICS_SECONDS = 1
IMPORT_SECONDS, IMPORT_MB = 60, 400

PAGES: list[dict[str, Any]] = [
    {"name": "clinician", "who": "clinician", "url": "observations:results"},
    {
        "name": "team",
        "who": "clinical_lead",
        "url": "observations:team_result",
        "object": "accounts.Team",
        "where": {"name": "Clinic team 1"},
    },
    {"name": "programme", "who": "coordinator", "url": "observations:programme_results"},
]


def measure(server_url: str, env_of: Env, var: Path, *, reuse: bool, rounds: int, say: Say) -> None:
    """Ask the pages over few and over many, and say what they and the commands took."""
    names = {size: f"portal_observed_{size}" for size in (FEW, MANY)}
    paper = "portal_observed_paper"
    databases = Databases(server_url, env_of, reuse, say)
    databases.make(EMPTY, "", [migrate])
    people = bulk("--partners", "100", "--contributions", "2")
    for size, name in names.items():
        databases.make(name, EMPTY, [people, lambda env, n=size: _clinics("load", str(n), env=env)])
    manage("collectstatic", "--noinput", "--verbosity=0", env=env_of(names[FEW]))
    with ExitStack() as stack:
        serve = Server(stack, env_of, make_folder(var / "log"), say)
        found = {size: serve.portal(size, name, PAGES) for size, name in names.items()}
        ask([one for pages in found.values() for one in pages.values()], rounds)
    _show(found[FEW], found[MANY], say)
    say(_about_statistics(_asked("agreement", env=env_of(names[MANY]))))
    # On a copy of its own, made anew: a second import finds everything there.
    Databases(server_url, env_of, False, say).make(paper, names[FEW], [])
    say(_about_import(var / "sheets.csv", env_of(paper)))


def _show(few: dict[str, Target], many: dict[str, Target], say: Say) -> None:
    say(f"\nResults of observing, p50 ms\n{'page':12}{'SQL':>5}{FEW:>10,}{MANY:>12,}{'growth':>8}")
    for name in few.keys() & many.keys():
        one, growth = many[name], many[name].median / few[name].median
        fits = one.queries <= MOST_QUERIES and growth <= MOST_GROWTH
        say(
            f"{name:12}{one.queries:5}{few[name].median:10.1f}{one.median:12.1f}{growth:8.2f}"
            f"  {judged(fits)}"
        )
    say(f"Aimed at: {MOST_QUERIES} statements, growth {MOST_GROWTH}.")


def _about_statistics(took: dict[str, Any]) -> str:
    seconds = took["total"] + took["items"]
    return (
        f"Statistics of {took['pairs']:,} consultations that two rated: {took['total']:.2f} s of "
        f"the total, {took['items']:.2f} s of eight items ({STATISTICS_SECONDS} s); "
        f"{seconds / took['read']:.1f} x reading them  {judged(seconds <= STATISTICS_SECONDS)}"
    )


def _about_import(path: Path, env: dict[str, str]) -> str:
    _clinics("file", str(path), str(PAPER), env=env)
    floor = _asked("floor", str(path), env=env)["seconds"]
    arguments = ["import_observations", str(path), "--programme", "bulk-1", "--create-people"]
    said, seconds, megabytes = peak_of(*arguments, "--json", env=env)
    imported = json.loads(said.splitlines()[-1])["imported"]
    fits = imported >= PAPER and seconds <= IMPORT_SECONDS and megabytes <= IMPORT_MB
    return (
        f"Import of {imported:,} paper sheets: {seconds:.1f} s, {megabytes:.0f} MB "
        f"({IMPORT_SECONDS} s, {IMPORT_MB} MB); {seconds / floor:.1f} x copying the bare rows"
        f"  {judged(fits)}"
    )


def _asked(*arguments: str, env: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_clinics(*arguments, env=env).splitlines()[-1])
    return made


def _clinics(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.clinics", *arguments],
        cwd=BASE,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"{arguments[0]} failed: {last}")
    return done.stdout
