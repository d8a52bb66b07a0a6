"""manage.py prepare: bring the database up to date; in a demo installation, the demo with it."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from pcp_portal.demo.build import build


class Command(BaseCommand):
    help = (
        "Migrate where something is to migrate; in a demo installation make the demo programme on "
        "the first run. `make run` calls it when anything changed, before web, worker and beat."
    )

    def handle(self, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("The database is up to date.")
        if settings.DEMO and build(now=timezone.now()):
            self.stdout.write("The demo programme is ready.")
