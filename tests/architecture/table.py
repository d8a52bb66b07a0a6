"""Reads permissions.md: the tables of who may open what, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.routes import Route
from tests.architecture.world import PEOPLE

TABLES = Path(__file__).with_name("permissions.md")

OPENS, SIGN_IN, NO, HIDDEN, LEADS_ON, PRESS = (
    "opens",
    "sign in",
    "no",
    "hidden",
    "leads on",
    "press",
)
WORDS = {OPENS, SIGN_IN, NO, HIDDEN, LEADS_ON, PRESS}
VERBS = {"see", "add", "change", "delete"}
ADMIN_PEOPLE = ("coordinator", "finance", "superuser")

# The five pages that Django makes for each kind of row, and the verb each needs.
_GENERIC = {
    "changelist": "see",
    "add": "add",
    "change": "see",
    "delete": "delete",
}


@dataclass(frozen=True)
class Line:
    """One line of the tables: a route, whose row, and what each person meets by GET."""

    route: str
    whose: str
    cells: dict[str, str]
    # Who may send the page's form, or press the button.
    may_send: frozenset[str]

    @property
    def is_button(self) -> bool:
        """There is no page, only a button on another one."""
        return PRESS in self.cells.values()


def lines(text: str) -> list[Line]:
    """Every line of the tables; raises ValueError for a word that the tables do not know."""
    found: dict[tuple[str, str], Line] = {}
    for row in _rows(text):
        for line in _lines(row):
            key = (line.route, line.whose)
            # The list of a kind of row is told by each of its lines, and must be told alike.
            if key in found and ("page" in row or found[key] != line):
                raise ValueError(f"{line.route} ({line.whose}) has two lines")
            found[key] = line
    return list(found.values())


def _rows(text: str) -> Iterator[dict[str, str]]:
    header: list[str] = []
    for raw in text.splitlines():
        if not raw.startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in raw.strip().strip("|").split("|")]
        if not header:
            header = cells
        elif set("".join(cells)) - set("-: "):
            if len(cells) != len(header):
                raise ValueError(f"this line has {len(cells)} cells, not {len(header)}: {raw}")
            yield dict(zip(header, cells, strict=True))


def _lines(row: dict[str, str]) -> Iterator[Line]:
    if "kind of row" in row:
        yield from _generic(row)
        return
    route = _quoted(row["page"])
    if set(PEOPLE) <= set(row):
        cells = {who: row[who] for who in PEOPLE}
    else:
        cells = {who: SIGN_IN if who == "anonymous" else NO for who in PEOPLE}
        cells |= {who: row[who] for who in ADMIN_PEOPLE}
    if set(cells.values()) - WORDS:
        raise ValueError(f"{route}: {sorted(set(cells.values()) - WORDS)}")
    sends = frozenset(who for who, cell in cells.items() if cell in {OPENS, PRESS, LEADS_ON})
    yield Line(route, row["whose"], cells, sends)


def _generic(row: dict[str, str]) -> Iterator[Line]:
    """The four pages of one kind of row: "see, change" opens the list and the row."""
    base = f"admin:{_quoted(row['kind of row'])}"
    verbs = {who: set(re.split(r",\s*", row[who])) for who in ADMIN_PEOPLE}
    for who, mine in verbs.items():
        if mine - VERBS and mine not in ({NO}, {HIDDEN}):
            raise ValueError(f"{base}, {who}: {row[who]}")
    for page, verb in _GENERIC.items():
        about_a_row = page in {"change", "delete"}
        if not about_a_row and row["whose"] == "elsewhere":
            continue  # the list and the empty form are told by the line of one's own programme
        cells = {who: SIGN_IN if who == "anonymous" else NO for who in PEOPLE}
        for who, mine in verbs.items():
            if verb in mine:
                cells[who] = OPENS
            elif mine == {HIDDEN}:
                cells[who] = NO if page == "delete" else HIDDEN
        sending = "change" if page == "change" else verb
        sends = {who for who, mine in verbs.items() if sending in mine}
        whose = row["whose"] if about_a_row else "–"
        yield Line(f"{base}_{page}", whose, cells, frozenset(sends))


def _quoted(cell: str) -> str:
    found = re.match(r"`([^`]+)`", cell)
    if not found:
        raise ValueError(f"no name in backticks: {cell}")
    return found[1]


def missing(routes: list[Route], told: list[Line]) -> list[str]:
    """Routes that the tables do not mention, and lines about no route."""
    names = {route.name for route in routes if not _leads_to_change(route)}
    mentioned = {line.route for line in told}
    return [f"{name} is not in the tables" for name in sorted(names - mentioned)] + [
        f"{name} is in the tables, and is no route" for name in sorted(mentioned - names)
    ]


def _leads_to_change(route: Route) -> bool:
    """Django's old address of a row, which leads to its change page and shows nothing."""
    return bool(re.fullmatch(r"admin/\w+/\w+/<path:object_id>/", route.name))
