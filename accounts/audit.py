"""Audit by database triggers: every insert, update and delete leaves a row, however it was made.

Secrets and people's own narrative stay out of the audit (`without`): the audit says that a row
changed, by whom and from where, and must not keep what its owner has withdrawn.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pghistory
from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


def audited(*, without: Iterable[str] = ()) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: write an event row for every insert, update and delete of the model."""

    def decorate(model: ModelClass) -> ModelClass:
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(without),
        )(model)

    return decorate
