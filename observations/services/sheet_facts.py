"""What is written on a sheet, checked before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from nhsuk.forms.free_text import identifies_no_patient
from observations.models import InstrumentVersion, Item, Observation
from observations.services.refusals import SheetError
from partners.services.long_text import tidy_long


@dataclass(frozen=True)
class Facts:
    """What an observer says of one consultation; marks in the order of the items' numbers."""

    decision: str = ""
    marks: tuple[int | None, ...] = ()
    worked: str = ""
    to_try: str = ""


def items_of(version: InstrumentVersion) -> list[Item]:
    """The items of a version, in order."""
    return list(version.items.order_by("number"))


def facts_of(sheet: Observation) -> Facts:
    """What a sheet says."""
    return Facts(sheet.decision, tuple(sheet.marks), sheet.worked, sheet.to_try)


def checked(facts: Facts, version: InstrumentVersion, items: Sequence[Item]) -> Facts:
    """`facts` as they are kept. Raises SheetError for what cannot be, with its field."""
    if facts.decision not in {"", *Observation.Decision.values}:
        raise SheetError("Choose one from the list.", "decision")
    return Facts(
        decision=facts.decision,
        marks=tuple(checked_marks(facts.marks, version, items)),
        worked=checked_words(facts.worked, "worked", Observation),
        to_try=checked_words(facts.to_try, "to_try", Observation),
    )


def checked_marks(
    marks: Sequence[Any], version: InstrumentVersion, items: Sequence[Item]
) -> list[int | None]:
    """A mark of the scale, or None, for each item. Raises SheetError otherwise."""
    if len(marks) != len(items):
        raise SheetError("The questions of this clinic are other ones now. Open the page again.")
    for item, mark in zip(items, marks, strict=True):
        if mark is None:
            continue
        if not isinstance(mark, int) or not version.lowest <= mark <= version.highest:
            raise SheetError(
                f"Choose a mark from {version.lowest} to {version.highest}.", f"item_{item.number}"
            )
    return list(marks)


def checked_words(text: str, field: str, model: type[models.Model]) -> str:
    """`text` tidied. Raises SheetError when it is too long or may tell who a patient is."""
    words = tidy_long(text)
    limit = getattr(model._meta.get_field(field), "max_length", None) or 0
    if len(words) > limit:
        raise SheetError(f"Shorten this to {limit:,} characters; it has {len(words):,}.", field)
    if "\0" in words:
        raise SheetError("There is a character here that cannot be kept. Type it again.", field)
    try:
        identifies_no_patient(words)
    except ValidationError as error:
        raise SheetError(error.messages[0], field) from error
    return words
