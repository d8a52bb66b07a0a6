"""Who may rate a consultation, what a whole sheet has, and which wording it was opened with."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from observations.models import InstrumentVersion, Item, Observation, Observer
from observations.rules.sessions import is_coming, is_ones_own

__all__ = ["is_blank", "is_ones_own", "missing", "stamp_of", "why_not_rate"]

LAST_NUMBER = 60
_Decision = Observation.Decision


def why_not_rate(observer: Observer, today: date) -> str:
    """Why somebody cannot fill in sheets of their clinic now, in a sentence; "" when they can.

    Whether others come is not asked: one may fall ill, and what was seen still counts.
    """
    if observer.ended_at is not None:
        return "Your invitation to this clinic was taken back."
    if observer.answer != Observer.Answer.YES:
        return "Say first that you are coming to this clinic."
    if not is_coming(observer):
        return "This clinic is not observed: the clinician has not agreed to it, or it is off."
    if observer.session.day > today:
        return f"This clinic is on {observer.session.day:%A %-d %B}. Sheets open on that day."
    return ""


def stamp_of(version: InstrumentVersion, items: Iterable[Item]) -> str:
    """A short text that is another one once a question or the scale is another."""
    parts = [str(version.pk), str(version.lowest), str(version.highest)]
    parts += [f"{item.number} {item.short} {item.text}" for item in items]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    return f"{version.pk}-{digest}"


def is_blank(decision: str, marks: Sequence[int | None], *words: str) -> bool:
    """Nothing is said yet."""
    return not decision and not any(words) and all(mark is None for mark in marks)


def missing(decision: str, marks: Sequence[int | None], numbers: Sequence[int]) -> list[str]:
    """The questions that a sheet still has to answer, by their names; none when it is whole.

    Where there was no decision to share, nothing is rated.
    """
    if not decision:
        return ["decision"]
    if decision == _Decision.NO:
        return []
    return [f"item_{number}" for number, mark in zip(numbers, marks, strict=True) if mark is None]


def may_agree_on(user: Any, sheets: Iterable[Observation]) -> bool:
    """Somebody who submitted a sheet of a consultation, once a partner and a peer both have.

    sheets: those of the consultation that are submitted, with their observers.
    """
    seats = [sheet.observer for sheet in sheets]
    sides = {seat.is_partner for seat in seats}
    return len(sides) == 2 and any(is_ones_own(user, seat) for seat in seats)
