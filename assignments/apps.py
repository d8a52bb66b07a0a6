from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "assignments"
    verbose_name = "Groups and meetings"

    def ready(self) -> None:
        from assignments.services import register_columns  # noqa: PLC0415  (needs the models)

        register_columns.offer_columns()
