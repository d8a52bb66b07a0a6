"""Count what observers rated anew, or say where what is kept differs from it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Programme
from observations.services import tallies


class Command(BaseCommand):
    help = (
        "Count the observations of every programme anew from the submitted sheets. With --check "
        "nothing is changed: differences are told, and the command fails if there are any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", help="slug; every programme if left out")
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *, programme: str | None, check: bool, **_: Any) -> None:
        chosen = Programme.objects.order_by("pk")
        if programme is not None:
            chosen = chosen.filter(slug=programme)
            if not chosen:
                raise CommandError(f"There is no programme “{programme}”.")
        many = 0
        for one in chosen:
            if check:
                differences = tallies.check(one)
                many += len(differences)
                for difference in differences:
                    self.stdout.write(f"{one.slug}: {difference}")
            else:
                self.stdout.write(f"{one.slug}: {tallies.recount_programme(one)} months counted")
        if check and many:
            raise CommandError(f"{many} rows differ. Run recount_observations to count anew.")
        if check:
            self.stdout.write("Everything that is kept is what the sheets come to.")
