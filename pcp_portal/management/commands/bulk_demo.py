"""manage.py bulk_demo: large fictional data by COPY."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pcp_portal import bulk


class Command(BaseCommand):
    help = (
        "Load fictional programmes bulk-1, bulk-2 ... of any size, for measuring. Only in a demo "
        "installation. Prints one JSON line of counts and seconds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partners", type=int, required=True, help="partners in all")
        parser.add_argument("--years", type=int, default=1, help="years the work is spread over")
        parser.add_argument("--programmes", type=int, default=1, help="they share the partners")
        parser.add_argument("--contributions", type=int, default=20, help="of each partner, in all")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo installation: fictional people are kept out of it."
            )
        try:
            loaded = bulk.load(
                partners=options["partners"],
                years=options["years"],
                programmes=options["programmes"],
                contributions=options["contributions"],
                now=timezone.now(),
                say=lambda line: self.stderr.write(line),
            )
        except bulk.BulkError as error:
            raise CommandError(str(error)) from error
        bulk.analyse()
        self.stdout.write(
            json.dumps(
                {
                    "programmes": len(loaded.programmes),
                    "partners": options["partners"],
                    "rows": sum(loaded.rows.values()),
                    **loaded.rows,
                    "audited": loaded.audited,
                    "seconds": loaded.seconds,
                }
            )
        )
