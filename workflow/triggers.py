"""Triggers in first migrations: declared with their models, installed in one step."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class InstallTriggers(Operation):
    """Install every trigger that the app's `CreateModel` operations declare in their options.

    One `AddTrigger` a trigger renders all related models anew each time: a hundred of them took
    most of the time that it takes to make a database.
    """

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: the triggers stand in the options of their models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for name, trigger in self._declared(app_label, to_state):
            AddTrigger(name, trigger).database_forwards(
                app_label, schema_editor, from_state, to_state
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for name, trigger in self._declared(app_label, from_state):
            AddTrigger(name, trigger).database_backwards(
                app_label, schema_editor, to_state, from_state
            )

    def describe(self) -> str:
        return "Install the triggers that the models declare"

    @staticmethod
    def _declared(app_label: str, state: ProjectState) -> list[tuple[str, Any]]:
        return [
            (name, trigger)
            for (label, name), model in state.models.items()
            if label == app_label
            for trigger in model.options.get("triggers", [])
        ]
