"""What a service of this app raises when it may not do what it was asked."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models


class Refusal(Exception):
    """`str(refusal)` is a sentence for people; `field` what it is about, if one field is."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def check(
    row: models.Model,
    refusal: type[Refusal],
    *,
    exclude: set[str],
    words: Mapping[str, str] | None = None,
) -> None:
    """Raise `refusal` for the first field of `row` that cannot be kept; asks the database nothing.

    words: what to say of a field that is empty or unreadable; its length speaks for itself.
    """
    for field in row._meta.concrete_fields:
        value = None if field.name in exclude else getattr(row, field.attname)
        if not isinstance(value, str):
            continue
        limit = getattr(field, "max_length", None)
        if limit and len(value) > limit:
            raise refusal(
                f"Shorten this to {limit:,} characters; it has {len(value):,}.", field.name
            )
        if "\0" in value:
            raise refusal(
                "There is a character here that cannot be kept. Type it again.", field.name
            )
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        name, found = next(iter(error.error_dict.items()))
        unknown = found[0].code == "invalid_choice"
        fallback = "Choose one from the list." if unknown else found[0].messages[0]
        raise refusal((words or {}).get(name, fallback), name) from error


def check_facts(row: models.Model, refusal: type[Refusal], fields: Mapping[str, str]) -> None:
    """Raise `refusal` with its own sentence for a fact of the database that `row` would break.

    fields: which field each constraint is about, by its name.
    """
    for constraint in row._meta.constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            sentence = error.messages[0]
            raise refusal(sentence, fields.get(constraint.name, "")) from error
