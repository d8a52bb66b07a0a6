"""`manage.py import_register FILE`: bring in a coordinator's register of partners."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Programme
from partners.services.register_fields import known_fields
from partners.services.register_headers import field_for
from partners.services.register_import import import_file
from partners.services.workbook import BadFileError


class Command(BaseCommand):
    """Prints one line of JSON, then a line for each row that was refused or ignored.

    A dry run says as well what would change of partners who are on the register.
    """

    help = "Bring in a register of partners from an Excel workbook or a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="an .xlsx workbook or a .csv file")
        parser.add_argument("--sheet", default="", help="the sheet, where the file has several")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar='"THEIRS=FIELD"',
            help=f"what a column is: {', '.join(known_fields())}; nothing leaves it out",
        )
        parser.add_argument("--programme", default="", help="its slug, where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._bring_in(Path(options["file"]), options)
        except BadFileError as error:
            self.stderr.write(str(error))
            sys.exit(1)

    def _bring_in(self, path: Path, options: dict[str, Any]) -> None:
        programme = _programme(options["programme"])
        said = dict(_said(pair) for pair in options["map"])
        try:
            with path.open("rb") as file:
                register, outcome = import_file(
                    file=file,
                    filename=path.name,
                    programme=programme,
                    sheet=options["sheet"],
                    said=said,
                    by=None,
                    now=timezone.now(),
                    dry_run=options["dry_run"],
                )
        except OSError as error:
            reason = "It is a folder" if path.is_dir() else error.strerror or "It cannot be read"
            raise BadFileError(f"“{path}” cannot be opened ({reason}). Check its name.") from error
        answer = {
            **outcome.counts(),
            "dry_run": options["dry_run"],
            "sheet": register.sheet,
            "unmapped": register.unmapped,
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        for line in (*outcome.told, *(outcome.changes if options["dry_run"] else ())):
            self.stdout.write(str(line))


def _programme(slug: str) -> Programme:
    programmes = list(Programme.objects.filter(slug=slug) if slug else Programme.objects.all()[:2])
    if len(programmes) == 1:
        return programmes[0]
    slugs = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)[:20])
    if not slugs:
        raise BadFileError("There is no programme yet. Make one first: manage.py create_programme.")
    if slug:
        raise BadFileError(f"There is no programme “{slug}”. The programmes are: {slugs}.")
    raise BadFileError(f"Say which programme with --programme. The programmes are: {slugs}.")


def _said(pair: str) -> tuple[str, str]:
    header, equals, name = pair.rpartition("=")
    if not equals or not header.strip():
        raise BadFileError(f'“{pair}” does not say what a column is. Write --map "Theirs=field".')
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    match = field_for(name)
    if plain not in known_fields() and match is not None and match[1]:
        plain = match[0]
    return header, plain
