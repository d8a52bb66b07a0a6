"""Why something about groups, places and meetings cannot be done, in sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction


class AssignmentsError(Exception):
    """Base of every refusal of this app; `str(error)` is a sentence for people."""


class GroupError(AssignmentsError):
    """A work group cannot be made or changed like this."""


class PlaceError(AssignmentsError):
    """A partner cannot be given this place, or it cannot end like this."""


class MeetingError(AssignmentsError):
    """A meeting cannot be planned, moved, cancelled or confirmed like this."""


class AnswerError(AssignmentsError):
    """An answer to a meeting cannot be taken any more."""


@contextmanager
def told_by_constraints(model: type[models.Model], error: type[AssignmentsError]) -> Iterator[None]:
    """Turn a refusal of the database into `error`, with the sentence of the constraint's name.

    Writes inside the block are undone alone, so that the caller may go on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                raise error(str(constraint.violation_error_message)) from refusal
        raise
