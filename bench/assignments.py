"""Assignments at size: a million meetings, a map, a calendar, and whom to ask of ten thousand."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from icalendar import Calendar, Event

from bench.serve import BenchError, Site, manage, served
from bench.targets import Here, Target, ask, counted
from ops.servers import BASE, make_folder

FEW, MANY = 1_000, 1_000_000  # meetings, of two programmes of 500 partners
SOME, ALL = 1_000, 10_000  # partners to choose from
MOST_GROWTH = 1.5
MAP_QUERIES, FEED_QUERIES, SUGGEST_QUERIES = 8, 6, 12
SUGGEST_RATIO = 4  # of the opportunity's own page
EMPTY = "portal_empty"  # migrated, and no row
MEMORY_GROWTH = 1.2  # flat, but for chance

Env = Callable[[str], dict[str, str]]
Say = Callable[[str], None]

_LIST = "admin:assignments_meeting_changelist"
MEETING_PAGES: list[dict[str, Any]] = [
    {"name": "meeting list", "who": "coordinator", "url": _LIST},
    {"name": "its page 5", "who": "coordinator", "url": _LIST, "query": "p=5"},
    {"name": "to confirm", "who": "coordinator", "url": _LIST, "query": "show=confirm"},
    {"name": "held", "who": "coordinator", "url": _LIST, "query": "show=held"},
    {"name": "the next 30 days", "who": "coordinator", "url": _LIST, "query": "when=next30"},
    {"name": "search a group", "who": "coordinator", "url": _LIST, "query": "q=Upper+limb+MDT+1"},
    {"name": "nobody's word", "who": "coordinator", "url": _LIST, "query": "q=hydrotherpy"},
    {
        "name": "one meeting",
        "who": "coordinator",
        "url": "admin:assignments_meeting_change",
        "object": "assignments.Meeting",
        "where": {"title": "", "status": "held"},
    },
    {"name": "admin home", "who": "coordinator", "url": "admin:index"},
    {"name": "partner's diary", "who": "partner", "url": "assignments:diary"},
    {"name": "its last page", "who": "partner", "url": "assignments:diary", "query": "page=26"},
    {"name": "partner's home", "who": "partner", "url": "home"},
]
MAP: dict[str, Any] = {
    "name": "coverage map",
    "who": "coordinator",
    "url": "admin:assignments_workgroup_coverage",
}
MATCHING_PAGES: list[dict[str, Any]] = [
    {
        "name": name,
        "who": "coordinator",
        "url": f"admin:assignments_opportunity_{view}",
        "object": "assignments.Opportunity",
    }
    for name, view in (("opportunity", "change"), ("suggestions", "suggestions"))
]


def measure(server_url: str, env_of: Env, var: Path, *, reuse: bool, rounds: int, say: Say) -> None:
    """Ask the pages over few and over many, and say what they took."""
    meetings = {size: f"portal_meetings_{size}" for size in (FEW, MANY)}
    matching = {size: f"portal_matching_{size}" for size in (SOME, ALL)}
    make = Databases(server_url, env_of, reuse, say).make
    make(EMPTY, "", [migrate])
    people = bulk("--partners", "1000", "--programmes", "2", "--contributions", "2")
    make(meetings[FEW], EMPTY, [people, _filled("teams"), _filled("meetings", str(FEW))])
    make(meetings[MANY], meetings[FEW], [_filled("meetings", str(MANY))])
    for size, name in matching.items():
        work = bulk("--partners", str(size), "--contributions", "5")
        make(name, EMPTY, [work, _filled("matching")])
    manage("collectstatic", "--noinput", "--verbosity=0", env=env_of(meetings[FEW]))
    feeds = {size: _run("feed", env=env_of(name)) for size, name in meetings.items()}
    with ExitStack() as stack:
        serve = Server(stack, env_of, make_folder(var / "log"), say)
        floor = serve.floor(meetings[FEW])
        found = {
            size: serve.portal(size, name, [*MEETING_PAGES, MAP, *_feed_pages(feeds[size])])
            for size, name in meetings.items()
        }
        chosen = {size: serve.portal(size, name, MATCHING_PAGES) for size, name in matching.items()}
        ours = [one for pages in (*found.values(), *chosen.values()) for one in pages.values()]
        bare = {
            name: Target(floor, name, f"/bare/{one.bytes}")
            for name, one in (found[MANY] | chosen[ALL]).items()
        }
        plainly = Here(_plainly(feeds[MANY]["text"]))
        ask([*ours, *bare.values(), plainly], rounds)
    _show(found[FEW], found[MANY], bare, say)
    say("\n" + _about_map(found[MANY][MAP["name"]], bare[MAP["name"]]))
    say(_about_feed(found[MANY], plainly, feeds[MANY]["text"].count("BEGIN:VEVENT")))
    if "suggestions" in chosen[ALL]:
        memory = {size: _run("suggest", env=env_of(name)) for size, name in matching.items()}
        say(_about_suggestions(chosen[SOME], chosen[ALL], bare, memory))


@dataclass
class Server:
    """Serves databases side by side, until the stack is left."""

    stack: ExitStack
    env_of: Env
    log: Path
    say: Say

    def portal(self, size: int, name: str, pages: list[dict[str, Any]]) -> dict[str, Target]:
        """The pages that are there, by name."""
        env = self.env_of(name)
        log = self.log / f"{name}.log"
        site = self.stack.enter_context(served("portal", size, "pcp_portal.wsgi", env, log))
        return {one.page: one for one in counted(site, pages, env, self.say)}

    def floor(self, name: str) -> Site:
        env = {**self.env_of(name), "DJANGO_SETTINGS_MODULE": "bench.floor.settings"}
        log = self.log / "floor_assignments.log"
        return self.stack.enter_context(served("floor", 0, "bench.floor.wsgi", env, log))


def _feed_pages(feed: dict[str, Any]) -> list[dict[str, Any]]:
    known = {"If-None-Match": feed["etag"]}
    return [
        {"name": "feed", "who": "", "path": feed["path"]},
        {"name": "feed, unchanged", "who": "", "path": feed["path"], "headers": known},
    ]


def _plainly(text: str) -> Callable[[], bytes]:
    """The same entries from the same facts, by the calendar library alone."""
    facts = [
        [(name, event.decoded(name)) for name in event] for event in Calendar.from_ical(text).events
    ]

    def write() -> bytes:
        calendar = Calendar()
        for entry in facts:
            event = Event()
            for name, value in entry:
                event.add(name, value)
            calendar.add_component(event)
        return bytes(calendar.to_ical())

    return write


# --- Said ----------------------------------------------------------------------------------------
def _show(
    few: dict[str, Target], many: dict[str, Target], bare: dict[str, Target], say: Say
) -> None:
    head = f"{'page':20}{'SQL':>5}{'rows':>6}{f'{FEW:,}':>10}{f'{MANY:,}':>12}{'growth':>8}"
    say(f"\nMeetings behind the page, p50 ms\n{head}{'x bare':>8}")
    for page in MEETING_PAGES:
        name = page["name"]
        if name not in few or name not in many:
            continue
        one, growth = many[name], many[name].median / few[name].median
        say(
            f"{name:20}{one.queries:5}{one.rows:6}{few[name].median:10.1f}{one.median:12.1f}"
            f"{growth:8.2f}{one.median / bare[name].median:8.1f}  {judged(growth <= MOST_GROWTH)}"
        )
    say(f"Aimed at: growth {MOST_GROWTH}.")


def _about_map(one: Target, bare: Target) -> str:
    return (
        f"Coverage map of 50 teams x 500 partners: {one.queries} statements ({MAP_QUERIES}), "
        f"{one.rows} rows, {one.median:.1f} ms, {one.bytes / 1000:.0f} kB, "
        f"{one.median / bare.median:.1f} x bare  {judged(one.queries <= MAP_QUERIES)}"
    )


def _about_feed(pages: dict[str, Target], plainly: Here, events: int) -> str:
    feed, unchanged = pages["feed"], pages["feed, unchanged"]
    good = feed.queries <= FEED_QUERIES and unchanged.queries <= FEED_QUERIES
    return (
        f"Feed of {events} events: {feed.queries} statements ({FEED_QUERIES}), "
        f"{feed.median:.1f} ms, {feed.median / plainly.median:.2f} x the library alone with the "
        f"same facts; unchanged: 304, {unchanged.queries} statements, {unchanged.bytes} bytes, "
        f"{unchanged.median:.1f} ms  {judged(good and not unchanged.bytes)}"
    )


def _about_suggestions(
    some: dict[str, Target],
    all_: dict[str, Target],
    bare: dict[str, Target],
    memory: dict[int, dict[str, Any]],
) -> str:
    one, plain = all_["suggestions"], all_["opportunity"]
    ratio = one.median / plain.median
    growth = memory[ALL]["peak_mb"] / memory[SOME]["peak_mb"]
    good = one.queries <= SUGGEST_QUERIES and ratio <= SUGGEST_RATIO and growth <= MEMORY_GROWTH
    return (
        f"Suggestions over {ALL:,} partners: {one.queries} statements ({SUGGEST_QUERIES}), "
        f"{one.rows} rows, {one.median:.1f} ms, {ratio:.1f} x the opportunity's page "
        f"({SUGGEST_RATIO}), {one.median / bare['suggestions'].median:.1f} x bare; "
        f"{SOME:,}: {some['suggestions'].median:.1f} ms; "
        f"{memory[ALL]['peak_mb']:.0f} MB, {growth:.2f} x that of {SOME:,} ({MEMORY_GROWTH})"
        f"  {judged(good)}"
    )


def judged(good: bool) -> str:
    return "ok" if good else "MISSED"


# --- Data ----------------------------------------------------------------------------------------
@dataclass
class Databases:
    """Makes the databases; what two of them have in common is made once."""

    server_url: str
    env_of: Env
    reuse: bool
    say: Say

    def make(self, name: str, like: str, steps: Sequence[Callable[[dict[str, str]], Any]]) -> None:
        """Let there be a database `name`: a copy of `like` (none: an empty one), then `steps`."""
        with closing(psycopg2.connect(self.server_url)) as server:
            server.autocommit = True
            cursor = server.cursor()
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if self.reuse and cursor.fetchone():
                # Migrations may have come since.
                manage("migrate", "--verbosity=0", env=self.env_of(name))
                return
            self.say(f"Loading {name}")
            began = time.monotonic()
            for old in (name, f"{name}_new"):
                cursor.execute(f"DROP DATABASE IF EXISTS {old}")
            cursor.execute(f"CREATE DATABASE {name}_new TEMPLATE {like or 'template1'}")
            settings = {"DJANGO_SETTINGS_MODULE": "pcp_portal.settings.dev"}
            for step in steps:
                step({**self.env_of(f"{name}_new"), **settings})
            # A half-loaded one is not used.
            cursor.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
            cursor.execute("CHECKPOINT")
            self.say(f"  {time.monotonic() - began:.0f} s")


def migrate(env: dict[str, str]) -> None:
    manage("migrate", "--verbosity=0", env=env)


def bulk(*arguments: str) -> Callable[[dict[str, str]], Any]:
    return lambda env: manage("bulk_demo", *arguments, env=env)


def _filled(*arguments: str) -> Callable[[dict[str, str]], Any]:
    return lambda env: _crowd(*arguments, env=env)


def _run(what: str, env: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(_crowd(what, env=env).splitlines()[-1])
    return made


def _crowd(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.crowd", *arguments],
        cwd=BASE,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"{arguments[0]} failed: {last}")
    return done.stdout
