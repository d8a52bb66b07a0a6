from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "assignments"
    verbose_name = "Groups and meetings"

    def ready(self) -> None:
        from assignments.services import at_work, groups, register_columns  # noqa: PLC0415 (needs the models)
        from partners.services.conflicts import places_are_told_by  # noqa: PLC0415 (needs the models)
        from partners.services.search import teams_are_told_by  # noqa: PLC0415 (needs the models)

        register_columns.offer_columns()
        teams_are_told_by(groups.places_with_team)
        places_are_told_by(at_work.at_work_together)
