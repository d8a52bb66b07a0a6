"""Who may write, comment on and read instruments, and what a version lacks before its first use."""

from collections.abc import Collection
from typing import Any

from accounts.querysets import programmes_of
from accounts.rules import coordinates
from observations.models import Anchor, Instrument, InstrumentVersion, Item, ItemComment, Scale
from observations.querysets.instruments import TAKE_PART

__all__ = [
    "TAKE_PART",
    "gaps",
    "is_asked_about",
    "listed",
    "may_answer",
    "may_comment",
    "may_keep",
    "may_take_back",
    "scoring_words",
    "shown_question",
    "shows_wording",
]

_Status = InstrumentVersion.Status


def may_keep(user: Any, instrument: Instrument) -> bool:
    """Write an instrument, its versions and its terms: coordinators of its programme."""
    return coordinates(user, instrument.programme_id)


def shows_wording(instrument: Instrument) -> bool:
    """The terms allow the wording to be shown to those who observe, and they are accepted."""
    return instrument.may_display and instrument.may_be_used


def shown_question(item: Item, shows: bool) -> str:
    """What an observer is asked: its wording where that may be shown, else its short name."""
    return (item.text if shows else "") or item.short


def is_asked_about(version: InstrumentVersion) -> bool:
    """Everybody who takes part is asked what they think of it."""
    return version.status == _Status.DRAFT and version.comments_open


def may_comment(user: Any, version: InstrumentVersion) -> bool:
    """Whoever takes part in the programme, while a draft is asked about."""
    here = programmes_of(user, *TAKE_PART)
    return is_asked_about(version) and version.instrument.programme_id in here


def may_take_back(user: Any, comment: ItemComment) -> bool:
    """One's own, while nobody has answered and the draft is asked about."""
    mine = comment.written_by_id == user.pk and comment.answered_at is None
    return mine and may_comment(user, comment.version)


def may_answer(user: Any, comment: ItemComment) -> bool:
    """Say what came of a comment: coordinators."""
    return may_keep(user, comment.version.instrument)


def gaps(
    version: InstrumentVersion,
    items: Collection[Item],
    anchors: Collection[Anchor],
    scales: Collection[Scale],
) -> list[str]:
    """What a version lacks before it can be used, a sentence each; none when it is whole."""
    found = []
    if not version.instrument.may_be_used:
        found.append("The terms of the instrument are not accepted yet.")
    if not items:
        found.append("There is no item yet.")
    wordless = [item.number for item in items if not item.text.strip()]
    found += [f"Item {number} has no wording yet." for number in wordless]
    said = {anchor.mark for anchor in anchors}
    for mark, name in ((version.lowest, "lowest"), (version.highest, "highest")):
        if mark not in said:
            found.append(f"The {name} mark, {mark}, has no words yet.")
    if not scales:
        found.append("There is no score yet: say which items count together.")
    there = {item.number for item in items}
    for scale in scales:
        missing = sorted(set(scale.items) - there)
        if missing:
            numbers = ", ".join(map(str, missing))
            found.append(f"The score “{scale.name}” counts items that are not there: {numbers}.")
    if version.follows_id is not None and not version.agreed.strip():
        found.append("Nobody has said yet who agreed to the changes since the version before.")
    return found


def listed(numbers: Collection[int]) -> str:
    """Numbers as people say them: "1 to 6", "1, 3 and 5", "4"."""
    found = sorted(numbers)
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]} to {found[-1]}"
    said = [str(number) for number in found]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def scoring_words(scale: Scale, lowest: int, highest: int) -> str:
    """How a score is worked out from marks of `lowest` to `highest`, in words for people."""
    count = len(scale.items)
    items = f"item{'' if count == 1 else 's'} {listed(scale.items)}"
    missing = "Nothing is guessed: a sheet with one of these items unmarked is left out."
    if scale.rule == Scale.Rule.MEAN:
        return (
            f"The marks of {items} are added up and divided by {count}, so it goes from {lowest} "
            f"to {highest}. {missing}"
        )
    if scale.rule == Scale.Rule.TOP:
        return (
            f"A sheet counts when all of {items} have the highest mark, {highest}. The score is "
            f"how many sheets of 100 do. {missing}"
        )
    took_off = f", {count * lowest} is taken off" if lowest else ""
    return (
        f"The marks of {items} are added up{took_off}, and the sum is divided by "
        f"{count * (highest - lowest)} and multiplied by 100, so it goes from 0 to 100. {missing}"
    )
