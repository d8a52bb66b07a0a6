"""The results as a table, with what was aimed at beside them."""

from typing import Any

MOST_QUERIES = 12
MOST_GROWTH = 1.2

Result = dict[str, Any]


def show(results: list[Result], kinds: dict[str, str]) -> None:
    """Print a line for each of our pages, then stock admin's."""
    found = {(one["app"], one["page"], one["size"]): one for one in results}
    sizes = sorted({one["size"] for one in results})
    head = f"{'page':20}{'partners':>9}{'SQL':>5}{'rows':>6}{'p50 ms':>8}{'p95 ms':>8}{'kB':>6}"
    _say(f"\n{head}{'x bare':>8}{'x admin':>9}{'growth':>8}")
    missed = 0
    for page, kind in kinds.items():
        for size in sizes:
            ours = found.get(("portal", page, size))
            if ours is None:
                continue
            small = found.get(("portal", page, sizes[0]), ours)
            bare = found["floor", page, size]
            admin = found.get(
                ("admin", {"list": "list of 50", "record": "one record"}.get(kind), size)
            )
            growth = ours["p50_ms"] / small["p50_ms"]
            against = ours["p50_ms"] / admin["p50_ms"] if admin else None
            faults = _faults(ours, growth if size > sizes[0] else 1.0, against)
            missed += bool(faults)
            _say(
                _line(ours)
                + f"{ours['p50_ms'] / bare['p50_ms']:8.1f}"
                + (f"{against:9.2f}" if against else f"{'':9}")
                + (f"{growth:8.2f}" if size > sizes[0] else f"{'':8}")
                + ("  MISSED: " + ", ".join(faults) if faults else "  ok")
            )
    _say("\nStock Django admin over a plain model of as many rows")
    for one in results:
        if one["app"] == "admin":
            _say(_line(one))
    ours = sum(1 for one in results if one["app"] == "portal")
    _say(
        f"\nAimed at: {MOST_QUERIES} statements; growth {MOST_GROWTH}; lists and records at or "
        f"under stock admin's. {missed} of {ours} missed."
    )


def _line(one: Result) -> str:
    return (
        f"{one['page']:20}{one['size']:9,}{one['queries']:5}{one['rows']:6}{one['p50_ms']:8.1f}"
        f"{one['p95_ms']:8.1f}{one['bytes'] / 1000:6.0f}"
    )


def _faults(ours: Result, growth: float, against: float | None) -> list[str]:
    faults = []
    if ours["queries"] > MOST_QUERIES:
        faults.append(f"{ours['queries']} statements")
    if growth > MOST_GROWTH:
        faults.append(f"growth {growth:.2f}")
    if against is not None and against > 1:
        faults.append("slower than admin")
    return faults


def _say(text: str) -> None:
    print(text)
