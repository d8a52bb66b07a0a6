"""Rows that mean money or access: only a service may write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

_open: ContextVar[frozenset[type[models.Model]]] = ContextVar("open_models", default=frozenset())


class SealedError(Exception):
    """A sealed row was written from outside its service."""


@contextmanager
def writing(*model_classes: type[models.Model]) -> Iterator[None]:
    """Let the service that owns `model_classes` write them inside this block."""
    token = _open.set(_open.get() | set(model_classes))
    try:
        yield
    finally:
        _open.reset(token)


def _refuse_unless_open(model: type[models.Model]) -> None:
    if model not in _open.get():
        raise SealedError(f"{model.__name__} is written by its service only.")


class SealedQuerySet(models.QuerySet[Any]):
    """A queryset whose writes need `writing(Model)`."""

    def update(self, **kwargs: Any) -> int:
        _refuse_unless_open(self.model)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse_unless_open(self.model)
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        _refuse_unless_open(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        _refuse_unless_open(self.model)
        return super().bulk_update(objs, fields, *args, **kwargs)


class Sealed(models.Model):
    """Base of models that refuse `save()` and `delete()` outside `writing(Model)`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_unless_open(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_unless_open(type(self))
        return super().delete(*args, **kwargs)

    @classmethod
    def unsealed(cls, **values: Any) -> Self:
        """Make and save one row; for the owning service only."""
        with writing(cls):
            row = cls(**values)
            row.save(force_insert=True)
        return row
