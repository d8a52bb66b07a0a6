"""Audit by database triggers: every insert, update and delete leaves a row, however it was made.

Secrets and people's own narrative stay out of the audit (`without`): the audit says that a row
changed, by whom and from where, and must not keep what its owner has withdrawn.

Each row says who (`user`), where (`route` of a page, `task` of the worker, `command` typed): the
middleware, `follow_tasks` and the commands see to it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
import pgtrigger
from celery.signals import task_postrun, task_prerun
from django.apps import apps
from django.db import connections, models
from pghistory.models import Event

from workflow.transitions import HistoryRow

ModelClass = TypeVar("ModelClass", bound=type[models.Model])

# pghistory's triggers refuse UPDATE and DELETE of its rows; TRUNCATE fires none of them.
_REFUSE_TRUNCATE = """
CREATE OR REPLACE FUNCTION portal_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.may_truncate', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'Cannot truncate %: it is append-only', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$
"""
_REFUSE_TRUNCATE_OF = """
CREATE OR REPLACE TRIGGER portal_append_only_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_truncate()
"""


def audited(
    *, without: Iterable[str] = (), by_statement: bool = False
) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: write an event row for every insert, update and delete of the model.

    `by_statement`: the event rows of one statement are written together, for models of which one
    statement writes a hundred thousand rows.
    """

    def decorate(model: ModelClass) -> ModelClass:
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(without),
            level=pghistory.Statement if by_statement else pghistory.Row,
        )(model)

    return decorate


def append_only_models() -> list[type[models.Model]]:
    """Every audit and history model of the installation."""
    return [model for model in apps.get_models() if issubclass(model, Event | HistoryRow)]


def refuse_truncation(*, using: str = "default", **_: Any) -> None:
    """Put the trigger that refuses TRUNCATE on every audit and history table there is.

    Runs after migrations, so that an app's new tables have it without asking.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute(_REFUSE_TRUNCATE)
        for model in append_only_models():
            if model._meta.managed and model._meta.db_table in there:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(_REFUSE_TRUNCATE_OF.format(table=table))


@contextmanager
def forgetting(*append_only: type[models.Model]) -> Iterator[None]:
    """Let rows of these audit and history models be changed and deleted inside this block.

    For what somebody has the right to have erased, and for nothing else: an audit that keeps what
    was erased would undo it. That it was erased, when and by whom, is audited as ever.
    """
    with pgtrigger.ignore(*(f"{model._meta.label}:append_only" for model in append_only)):
        yield


_running: dict[str, pghistory.context] = {}


def _begin_task(task_id: str, task: Any, **_: Any) -> None:
    said = pghistory.context(task=task.name)
    said.__enter__()
    _running[task_id] = said


def _end_task(task_id: str, **_: Any) -> None:
    said = _running.pop(task_id, None)
    if said is not None:
        said.__exit__(None, None, None)


def follow_tasks() -> None:
    """Let whatever a Celery task writes carry the task's name."""
    task_prerun.connect(_begin_task, dispatch_uid="audit")
    task_postrun.connect(_end_task, dispatch_uid="audit")
