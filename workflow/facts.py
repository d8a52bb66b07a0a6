"""Facts about rows that many models have: constraints with words for people."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


def filled(field: str, *, name: str, words: str) -> models.CheckConstraint:
    """The text of `field` is not empty; `words` says what to write."""
    return models.CheckConstraint(
        condition=~Q(**{field: ""}), name=name, violation_error_message=words
    )


def known(
    field: str, values: Iterable[str], *, name: str, words: str = "Choose one from the list."
) -> models.CheckConstraint:
    """`field` is one of `values`, whoever writes it."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": list(values)}),
        name=name,
        violation_error_message=words,
    )


def in_order(first: str, last: str, *, name: str, words: str) -> models.CheckConstraint:
    """`last` is not before `first`, or is not known yet."""
    return models.CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=name,
        violation_error_message=words,
    )


def once_at_a_time(
    *same: str, first: str, last: str, name: str, words: str, condition: Q | None = None
) -> ExclusionConstraint:
    """No two rows alike in `same` share a day of `first` to `last`, both included."""
    days = Func(F(first), F(last), Value("[]"), function="daterange")
    expressions: list[tuple[Any, str]] = [(field, RangeOperators.EQUAL) for field in same]
    return ExclusionConstraint(
        name=name,
        expressions=(*expressions, (days, RangeOperators.OVERLAPS)),
        condition=condition,
        violation_error_message=words,
    )
