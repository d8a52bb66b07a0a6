"""The pages that are asked, what asking them costs the database, and the times they take."""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.serve import BenchError, Site
from ops.servers import BASE

WARM_UP = 3
GOOD = (200, 304)


@dataclass
class Target:
    """One page of one application at one size, and the times it took."""

    site: Site
    page: str
    path: str
    cookie: str = ""
    queries: int = 0
    rows: int = 0
    bytes: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def ask(self) -> None:
        took, status, self.bytes = self.site.get(self.path, self.cookie, self.headers)
        if status not in GOOD:
            raise BenchError(f"{self.site.app} {self.page} answered {status}.")
        self.times.append(took)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def result(self) -> dict[str, Any]:
        hundredths = statistics.quantiles(self.times, n=100, method="inclusive")
        return {
            "app": self.site.app,
            "page": self.page,
            "size": self.site.size,
            "queries": self.queries,
            "rows": self.rows,
            "p50_ms": round(self.median, 2),
            "p95_ms": round(hundredths[94], 2),
            "bytes": self.bytes,
        }


@dataclass
class Here:
    """Something done in this process, between the requests: a floor without a server."""

    act: Callable[[], Any]
    times: list[float] = field(default_factory=list)

    def ask(self) -> None:
        began = time.perf_counter()
        self.act()
        self.times.append((time.perf_counter() - began) * 1000)

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def counted(
    site: Site, pages: list[dict[str, Any]], env: dict[str, str], say: Callable[[str], None]
) -> list[Target]:
    """The pages as targets, with their statements; says which of them are not there."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.count"],
        cwd=BASE,
        env=env,
        input=json.dumps(pages),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"Counting failed: {last}")
    targets = []
    for page, found in zip(pages, json.loads(done.stdout.splitlines()[-1]), strict=True):
        if "missing" in found:
            say(f"NOT MEASURED {found['name']}: {found['missing']}")
        elif found["status"] not in GOOD:
            say(f"NOT MEASURED {found['name']}: {found['path']} answers {found['status']}")
        else:
            numbers = found["queries"], found["rows"], found["bytes"]
            asked = found["name"], found["path"], found["cookie"]
            targets.append(Target(site, *asked, *numbers, page.get("headers", {})))
    return targets


def ask(targets: Sequence[Target | Here], rounds: int) -> None:
    """Ask each target `rounds` times in random alternation, once it is warm."""
    order = random.Random(1)
    for number in range(WARM_UP + rounds):
        if number == WARM_UP:
            for target in targets:
                target.times.clear()
        for target in order.sample(targets, len(targets)):
            target.ask()
