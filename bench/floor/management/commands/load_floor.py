"""Make the tables, `rows` people and a superuser."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rows", type=int)

    def handle(self, rows: int, **options: Any) -> None:
        call_command("migrate", run_syncdb=True, verbosity=0)
        User.objects.create_superuser("bench", "bench@example.org")
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO floor_person (name, known_as, sort_key, email, phone, joined_on, status,
                                          access_needs, dbs_expires_on)
                SELECT 'Person ' || n || CASE WHEN n %% 40 = 0 THEN ' Okafor' ELSE ' Lee' END, 'P',
                       'person ' || n, 'person.' || n || '@example.org', '07700 900101',
                       date '2019-01-01' + n %% 900, 'active', 'Large print (18pt)',
                       date '2026-01-01' + n %% 900
                FROM generate_series(1, %s) AS n
                """,
                [rows],
            )
            cursor.execute("VACUUM ANALYZE")
