"""Stamps that come in pairs: when, and by whom."""

from django.db import models
from django.db.models import Q


def paired(*fields: str, name: str) -> models.CheckConstraint:
    """All of `fields` are filled, or none is."""
    filled = Q(**{f"{field}__isnull": False for field in fields})
    empty = Q(**{f"{field}__isnull": True for field in fields})
    return models.CheckConstraint(
        condition=filled | empty,
        name=name,
        violation_error_message="Say both when this was done and who did it.",
    )


def stamped_in(
    status_field: str, states: list[str], stamp: str, *, name: str
) -> models.CheckConstraint:
    """`stamp` is filled exactly when `status_field` is one of `states`."""
    inside = Q(**{f"{status_field}__in": states})
    return models.CheckConstraint(
        condition=(inside & Q(**{f"{stamp}__isnull": False}))
        | (~inside & Q(**{f"{stamp}__isnull": True})),
        name=name,
        violation_error_message="The state and its date do not agree.",
    )
