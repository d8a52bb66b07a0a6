"""What the components of templates/nhsuk/components/ are fed with.

Views and template tags may give these objects, or a mapping or a tuple of the same parts; the
tags turn either into the object, so that a template never meets a missing key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

Part = TypeVar("Part")


def parts(cls: type[Part], items: Iterable[Any]) -> list[Part]:
    """Return items as objects of cls; each may be one already, a mapping or a tuple."""
    made = []
    for item in items:
        if isinstance(item, cls):
            made.append(item)
        elif isinstance(item, Mapping):
            made.append(cls(**item))
        elif isinstance(item, str):
            made.append(cls(item))
        else:
            made.append(cls(*item))
    return made


@dataclass(frozen=True)
class NavItem:
    """One of the at most five places in the header."""

    label: str
    url: str
    current: bool = False
    badge: int = 0


@dataclass(frozen=True)
class MenuItem:
    """One line of the account menu; method "post" makes it a button in a form."""

    label: str
    url: str
    method: str = "get"


@dataclass(frozen=True)
class SummaryRow:
    """A fact: its name, its value, and where it can be changed."""

    key: str
    value: Any = ""
    href: str = ""
    action: str = "Change"


@dataclass(frozen=True)
class TaskItem:
    """One line of a task list; without href it cannot be started yet."""

    title: str
    href: str = ""
    status: str = ""
    colour: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for a person, and the minutes it takes."""

    title: str
    url: str
    minutes: int = 0
    hint: str = ""


@dataclass(frozen=True)
class NextThing:
    """What is next for a partner and what it asks of them.

    `when` and `where` are sentences for people; `can_change_url` is where "I can't make it" leads.
    """

    title: str
    when: str
    where: str = ""
    url: str = ""
    join_url: str = ""
    asks: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    cannot_url: str = ""


@dataclass(frozen=True)
class Step:
    """One of the steps of a welcome."""

    title: str
    text: str = ""
    url: str = ""
    minutes: int = 0
    done: bool = False


@dataclass(frozen=True)
class Event:
    """One line of a history: "Mo confirmed this", 4 November."""

    what: str
    when: date | datetime | str = ""
    note: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a table's column."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class FilterTag:
    """A chosen filter, and the address of the same list without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Crumb:
    """One step of the way back."""

    label: str
    url: str
