"""Erasing by the retention tables: rows that go, fields that are emptied, and the audit of both.

Nothing here names a model's fields: what goes is what the table of its app says, wherever a way
leads from there to the person (`held`).
"""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from accounts.audit import append_only_models, forgetting
from accounts.privacy import Sensitivity
from accounts.retention import Keep
from partners.models import StoredFile
from partners.services import files, held
from partners.services.held import Model, Ways
from workflow.sealed import Sealed, writing

FORMER = "Former partner"
ERASED = "Erased"
GOES = frozenset({Keep.WHILE_HERE, Keep.UNLESS_DONATED})
_NAMES = {"name": FORMER, "sort_key": FORMER.lower()}
_TELLING = frozenset(
    {Sensitivity.IDENTIFIES, Sensitivity.CONTACT, Sensitivity.HEALTH, Sensitivity.CONDUCT}
)


def opened(ways: Ways) -> ExitStack:
    """A block in which what `ways` leads from may be written: sealed rows, histories, audit."""
    stack = ExitStack()
    stack.enter_context(writing(*(model for model in ways if issubclass(model, Sealed))))
    audits = {held.events_of(model) for model in (*ways, StoredFile)}
    frozen = [model for model in append_only_models() if model in audits or model in ways]
    stack.enter_context(forgetting(*frozen))
    return stack


def erase_own(
    ways: Ways, pk: int, *, donated: Collection[int] = (), within: Mapping[str, Any] | None = None
) -> None:
    """Erase what goes when its person does: of the rows from which `ways` lead to `pk`.

    donated: keys of the rows that their owner gave, and that are still allowed.
    within: what else holds of the rows (their programme); models without such a field are left.
    """
    # The furthest first: what points to a row goes before it, and finds its way while it is there.
    for model, way in sorted(ways.items(), key=lambda one: -one[1].count("__")):
        if any(name not in {field.name for field in model._meta.fields} for name in within or ()):
            continue
        mine = Q(**{way: pk}, **(within or {}))
        if held.verdict(model) not in GOES:
            going = [name for name, keep in held.verdicts(model).items() if keep in GOES]
            _empty(model, way, mine, going)
        elif held.verdict(model) is Keep.UNLESS_DONATED and donated:
            _delete(model, way, mine & ~Q(**{f"{_giver(way) or 'pk'}__in": donated}), donated)
        else:
            _delete(model, way, mine)


def forget_names(ways: Ways, pk: int) -> None:
    """At the end of the term: texts emptied and names made "Former partner"; figures stay."""
    for model, way in ways.items():
        telling = [
            name
            for name, keep in held.verdicts(model).items()
            if keep in {Keep.FINANCE, Keep.RECORD}
            and held.told_by(model)[name] in _TELLING
            and _is_words(model._meta.get_field(name))
        ]
        _empty(model, way, Q(**{way: pk}), telling)


def _giver(way: str) -> str:
    """The way to the row that may have been donated; empty for that row itself."""
    return way.rpartition("__")[0]


def _delete(model: Model, way: str, mine: Q, donated: Collection[int] = ()) -> None:
    rows = model._default_manager.filter(mine)
    kept_files = _files(model, rows)
    rows.delete()
    audit = held.events_of(model)
    if audit is not None:
        events = audit._default_manager.filter(_in_audit(way, mine))
        if donated:
            events = events.exclude(**{f"{_giver(way) or 'pgh_obj'}__in": donated})
        kept_files |= _files(audit, events)
        events.delete()
    for file in StoredFile.objects.filter(pk__in=kept_files):
        files.remove(file)
    of_files = held.events_of(StoredFile)
    if of_files is not None and kept_files:
        of_files._default_manager.filter(pgh_obj__in=kept_files).delete()


def _files(model: Model, rows: QuerySet[Any]) -> set[int]:
    return {
        pk
        for name in held.files_of(model)
        for pk in rows.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
    }


def _empty(model: Model, way: str, mine: Q, names: list[str]) -> None:
    _write(model._default_manager.filter(mine), model, names)
    audit = held.events_of(model)
    if audit is not None:
        there = {field.name for field in audit._meta.concrete_fields}
        events = audit._default_manager.filter(_in_audit(way, mine))
        _write(events, audit, [name for name in names if name in there])


def _in_audit(way: str, mine: Q) -> Q:
    """`mine`, of the audit: there a row is known by `pgh_obj`."""
    facts: dict[str, Any] = dict(part for part in mine.children if isinstance(part, tuple))
    if way == "pk":
        facts["pgh_obj"] = facts.pop("pk")
    return Q(**facts)


def _write(rows: QuerySet[Any], model: Model, names: list[str]) -> None:
    """Empty these fields where they are not empty yet, so that a second time writes nothing."""
    empty = {name: _nothing(model._meta.get_field(name)) for name in names}
    if not empty:
        return
    is_empty = Q(
        *(
            Q(**({f"{name}__isnull": True} if value is None else {name: value}))
            for name, value in empty.items()
        )
    )
    rows.exclude(is_empty).update(**empty)


def _nothing(field: Any) -> Any:
    """What stands in a field of which nothing is kept."""
    if field.name in _NAMES:
        return _NAMES[field.name]
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if field.name == "password":
        return "!"  # Django's word for one that opens nothing
    return "" if field.blank else ERASED


def _is_words(field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not field.choices and field.remote_field is None
