"""The picture of a partner's pathway: where each role stands, and the lines between them.

Two columns, one half a step lower than the other, each as long as the roles need: it fits a
telephone, has no top and no bottom of worth, and takes any number of roles.
"""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nhsuk.templatetags.nhsuk import moment
from partners.models import PathwayLink, PathwayRole, RoleHeld
from partners.rules.pathway import held_on

WIDTH = 360
_CENTRES = (88, 272)
_BOX_WIDTH, _BOX_HEIGHT = 156, 72
_STEP = 104
_CHARACTERS = 19
_LINE = 17


@dataclass(frozen=True)
class Text:
    """A line of text in the picture."""

    y: int
    text: str


@dataclass(frozen=True)
class Place:
    """A role on the map and in the list beside it. `state`: now, had, wish, or none."""

    role: PathwayRole
    state: str
    words: str
    x: int
    y: int
    name_lines: tuple[Text, ...]
    short: Text | None

    @property
    def left(self) -> int:
        return self.x - _BOX_WIDTH // 2

    @property
    def top(self) -> int:
        return self.y - _BOX_HEIGHT // 2


@dataclass(frozen=True)
class Line:
    """A link, drawn behind the roles; `near` when it begins at a role of today."""

    path: str
    near: bool


@dataclass(frozen=True)
class Map:
    """Everything the picture is drawn from; the list beside it says the same."""

    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    height: int
    summary: str
    width: int = WIDTH
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT


def draw(
    roles: Iterable[PathwayRole],
    links: Iterable[PathwayLink],
    held: Iterable[RoleHeld],
    wished: set[int],
    today: date,
) -> Map:
    """The map of `roles` as one partner stands on it."""
    by_role: dict[int, list[RoleHeld]] = {}
    for row in held:
        by_role.setdefault(row.role_id, []).append(row)
    places = tuple(
        _place(index, role, by_role.get(role.pk, []), role.pk in wished, today)
        for index, role in enumerate(roles)
    )
    by_pk = {place.role.pk: place for place in places}
    now = [place for place in places if place.state == "now"]
    rows = (len(places) + 1) // 2
    return Map(
        places=places,
        lines=_lines(links, by_pk),
        height=rows * _STEP + _STEP // 2,
        summary=_summary(now, places),
    )


def _place(index: int, role: PathwayRole, rows: list[RoleHeld], wished: bool, today: date) -> Place:
    column, row = index % 2, index // 2
    y = _STEP // 2 + row * _STEP + (_STEP // 2 if column else 0)
    current = [one for one in rows if held_on(one, today)]
    earlier = [one for one in rows if one.ends_on and one.ends_on < today]
    coming = [one for one in rows if one.starts_on > today]
    state, words, short = "", "", ""
    if current:
        state, short = "now", "now"
        words = f"You do this now, since {moment(min(one.starts_on for one in current))}."
    elif coming:
        state, short = "wish", "soon"
        words = f"You begin on {moment(min(one.starts_on for one in coming))}."
    elif earlier:
        state, short = "had", "earlier"
        words = "You did this " + ", and ".join(span(one) for one in earlier) + "."
    if wished and not current:
        state, short = state or "wish", "would like to try" if not earlier else "again, perhaps"
        words = f"{words} You would like to try {'it again' if earlier else 'this'}.".strip()
    lines = textwrap.wrap(role.name, _CHARACTERS, max_lines=2, placeholder="…")
    tall = len(lines) + bool(short)
    first = y - (tall - 1) * _LINE // 2 + 5
    name_lines = tuple(Text(first + i * _LINE, text) for i, text in enumerate(lines))
    return Place(
        role=role,
        state=state,
        words=words,
        x=_CENTRES[column],
        y=y,
        name_lines=name_lines,
        short=Text(first + len(lines) * _LINE, short) if short else None,
    )


def span(held: RoleHeld) -> str:
    """The days of a role that ended, in words: "from 3 March 2024 to 5 May 2025"."""
    return f"from {moment(held.starts_on)} to {moment(held.ends_on)}"


def _lines(links: Iterable[PathwayLink], by_pk: Mapping[int, Place]) -> tuple[Line, ...]:
    """One line for a pair, whichever way it is walked; the near ones last, and so on top."""
    pairs: dict[tuple[int, int], bool] = {}
    for link in links:
        pair = (min(link.from_role_id, link.to_role_id), max(link.from_role_id, link.to_role_id))
        near = by_pk[link.from_role_id].state == "now"
        pairs[pair] = pairs.get(pair, False) or near
    drawn = [Line(_curve(by_pk[one], by_pk[other]), near) for (one, other), near in pairs.items()]
    return tuple(sorted(drawn, key=lambda line: line.near))


def _curve(one: Place, other: Place) -> str:
    """From box to box; past others of its column it bows into the gap between the two."""
    if one.x != other.x or abs(one.y - other.y) <= _STEP:
        return f"M{one.x} {one.y}L{other.x} {other.y}"
    inward = WIDTH - one.x
    return f"M{one.x} {one.y}Q{inward} {(one.y + other.y) // 2} {other.x} {other.y}"


def _summary(now: list[Place], places: tuple[Place, ...]) -> str:
    roles = f"{len(places)} role{'' if len(places) == 1 else 's'}"
    if not now:
        return f"A map of {roles}. You have none at the moment. The list says the same in words."
    names = ", ".join(place.role.name for place in now)
    return f"A map of {roles}. Yours now: {names}. The list says the same in words."
