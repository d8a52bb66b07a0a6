"""The sentences of the database: which constraint refused, and what it says to people."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction

from partners.services.refusal import Refusal


@contextmanager
def told_by_constraints(
    model: type[models.Model], error: type[Refusal], **fields: str
) -> Iterator[None]:
    """Turn a refusal of the database into `error`, with the sentence of the constraint's name.

    `fields` names the field that each constraint is about. Writes inside the block are undone
    alone, so that the caller may go on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                sentence = str(getattr(constraint, "violation_error_message", ""))
                raise error(sentence, fields.get(name or "", "")) from refusal
        raise
