"""Rows with a mark in every text of theirs, and where in the database a mark is found.

Rows of a kind that the small world has not are made here by the looks of their fields; a model
whose constraints want more says so in `MORE`.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import QuerySet
from psycopg2 import sql

from accounts.audit import append_only_models, forgetting
from accounts.models import Team, User
from partners.models import FilePiece, Partner, StoredFile
from partners.services import files, held

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MARK = re.compile(r"zq[a-z]{4}x")
NO_MARK = "zqzzzzx"
# What goes with a text, where the database wants both or neither.
WITH_TEXT: dict[str, dict[str, Any]] = {
    "partners.ThankYou": {"given_at": NOW},
    "partners.Correction": {"status": "made", "answered_at": NOW},
}
# Of a model whose constraints want more than the looks of its fields say: values, or the kind of
# row that a key points at though it may be empty.
MORE: dict[str, dict[str, Any]] = {
    **WITH_TEXT,
    "partners.ThankYou": {"given_at": NOW, "expires_at": NOW + timedelta(days=1)},
    "partners.Evidence": {"link": "", "file": StoredFile},
    "partners.RequirementRecord": {"file": StoredFile},
    "partners.Advice": {"decision": "", "reason": ""},
    "partners.DeclaredConflict": {"partner": Partner, "person": None, "with_team": Team},
    "observations.Reflection": {"first_month": date(2026, 11, 1), "last_month": date(2026, 11, 1)},
}
# Texts that are no words: a state, a key, a number of a version.
_NO_WORDS = {"key", "status", "kind", "sha256", "media_type", "token_hash", "session_key", "rule"}


def mark_of(number: int) -> str:
    """A word of its own for each number. Without figures: those are found in telephone numbers."""
    letters = "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))
    return f"zq{letters}x"


def plain(model: type[models.Model]) -> QuerySet[Any]:
    """Rows of `model`, sealed or not."""
    return QuerySet(model=model)


@dataclass
class Marks:
    """The texts of somebody's rows: which mark stands in which field of which row."""

    where: dict[str, tuple[type[models.Model], str, int]] = field(default_factory=dict)
    first: int = 0

    def new(self, model: type[models.Model], name: str, pk: int) -> str:
        """A mark for this field of this row."""
        mark = mark_of(self.first + len(self.where))
        self.where[mark] = (model, name, pk)
        return mark

    def put(self, row: models.Model) -> None:
        """Write a mark of its own into each text of `row`."""
        values: dict[str, Any] = {}
        for one in row._meta.concrete_fields:
            if not is_text(one) or (one.name == "link" and not getattr(row, "link", "")):
                continue
            values[one.name] = told(one, self.new(type(row), one.name, row.pk))
        values |= WITH_TEXT.get(row._meta.label, {})
        if values:
            plain(type(row)).filter(pk=row.pk).update(**values)

    def of(self, *names: str) -> set[str]:
        """Marks in these fields, told as `Model.field`."""
        return {
            mark
            for mark, (model, name, _) in self.where.items()
            if f"{model.__name__}.{name}" in names
        }


def is_text(one: Any) -> bool:
    """A field into which somebody writes words."""
    words = isinstance(one, models.CharField | models.TextField | models.JSONField)
    return (
        words
        and not one.choices
        and not one.primary_key
        and not getattr(one, "generated", False)
        and one.name not in _NO_WORDS
        and (one.max_length or 99) >= 10
    )


def told(one: Any, mark: str) -> Any:
    """`mark` as a value of this field."""
    if isinstance(one, models.EmailField):
        return f"{mark}@example.org"
    if isinstance(one, models.URLField):
        return f"https://example.org/{mark}"
    if isinstance(one, models.JSONField):
        return {"words": [mark]}
    return mark


def mark_everything(partner: Partner, by: User, *, first: int = 0) -> Marks:
    """One row at least of everything that can be a partner's, with a mark in each text.

    Marks are numbered from `first`, so that those of two people differ.
    """
    marks = Marks(first=first)
    user = partner.user
    assert user is not None
    for model, rows in held.rows_of(user).items():
        if model not in held.shared_with_partner() and not rows.exists():
            _made(model, partner, by)
    with forgetting(*append_only_models()):
        for model, rows in held.rows_of(user).items():
            if model in held.shared_with_partner():
                continue
            for row in rows:
                marks.put(row)
            for name in held.files_of(model):
                for file in StoredFile.objects.filter(pk__in=rows.values(name)):
                    marks.put(file)
                    piece = FilePiece.objects.get(file=file)
                    mark = marks.new(FilePiece, "content", piece.pk)
                    FilePiece.objects.filter(pk=piece.pk).update(content=mark.encode())
    return marks


def _made(model: type[models.Model], partner: Partner, by: User) -> models.Model:
    """A row of `model` by the looks of its fields."""
    more = MORE.get(model._meta.label, {})
    values: dict[str, Any] = {}
    for one in model._meta.concrete_fields:
        if one.primary_key or getattr(one, "generated", False):
            continue
        if one.name in more and not isinstance(more[one.name], type):
            values[one.name] = more[one.name]
        elif one.remote_field:
            target = one.remote_field.model
            if target is StoredFile and one.name in more:
                values[one.name] = files.store(
                    programme=partner.programme,
                    name="scan.pdf",
                    media_type="application/pdf",
                    content=[b"scan"],
                    now=NOW,
                )
            elif not one.null or one.name in more or one.name in held.OF_ITS_PERSON:
                values[one.name] = _pointed_at(one, partner, by)
        elif not one.null and not one.has_default():
            values[one.name] = _value(one)
    row = model(**values)
    plain(model).bulk_create([row])
    return row


def _pointed_at(key: Any, partner: Partner, by: User) -> Any:
    target = key.remote_field.model
    if target is Partner:
        return partner
    if target is User:
        return partner.user if key.name in held.OF_ITS_PERSON else by
    if target is type(partner.programme):
        return partner.programme
    mine = held.rows_of(partner.user).get(target)
    rows = plain(target) if mine is None else mine
    if key.one_to_one:
        held_by = plain(key.model).filter(**{f"{key.name}__isnull": False})
        rows = rows.exclude(pk__in=held_by.values(key.name))
    return rows.first() or _made(target, partner, by)


def _value(one: Any) -> Any:
    if one.choices:
        return one.choices[0][0]
    if isinstance(one, models.DateTimeField):
        return NOW
    if isinstance(one, models.DateField):
        return date(2026, 11, 2)
    if isinstance(one, models.DecimalField):
        return Decimal(1)
    if isinstance(one, models.IntegerField):
        return 1
    if isinstance(one, models.JSONField):
        return {}
    if isinstance(one, ArrayField):
        return []
    if isinstance(one, models.URLField):
        return "https://example.org/"
    return "words"


def found_in_database() -> dict[str, set[str]]:
    """Every mark that stands anywhere in the database, with the tables it stands in."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                sql.SQL("SELECT coalesce(string_agg(t::text, ' '), '') FROM {} t").format(
                    sql.Identifier(table)
                )
            )
            text = cursor.fetchone()[0]
            in_bytes = re.findall(r"\\x([0-9a-f]+)", text)
            text += " ".join(
                bytes.fromhex(one[: len(one) // 2 * 2]).decode("latin-1") for one in in_bytes
            )
            for mark in MARK.findall(text):
                found.setdefault(mark, set()).add(table)
    return found
