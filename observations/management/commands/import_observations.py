"""`manage.py import_observations FILE`: bring in paper sheets of observed clinics."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Programme
from observations.models import InstrumentVersion
from observations.services.refusals import ObservationsError
from observations.services.sheet_import import Outcome, Wishes, import_sheets
from observations.services.sheet_import_file import opened

_MADE = {"partners": "Partners", "people": "Clinicians and peers", "teams": "Teams"}


class Command(BaseCommand):
    """Prints a line for each row that is refused, left or there already, then what was done."""

    help = (
        "Bring in paper sheets of observed clinics from a CSV file: Date, Team, Clinician, "
        "Session, Consultation no, Observer, Observer type, Q1 to Qn, What worked, One thing to "
        "try. A row that is refused keeps every row out, unless --partial is given. Sheets "
        "brought in record no contribution, since old paper work was paid long ago: "
        "--contributions records one for each sheet of a partner."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Every command of Django says its own --version; here it is the instrument's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV file, as a spreadsheet saves it")
        parser.add_argument("--programme", default="", help="its slug, where there are several")
        parser.add_argument(
            "--version",
            default="",
            metavar='"INSTRUMENT, NUMBER"',
            help="what the sheets were rated with, by name and number of version, or by id; else "
            "the only usable one with as many items",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument(
            "--partial", action="store_true", help="bring the good rows in, whatever is refused"
        )
        parser.add_argument(
            "--create-people",
            action="store_true",
            help="make unknown teams, and unknown people without a sign-in",
        )
        parser.add_argument(
            "--contributions",
            action="store_true",
            help="record a contribution for each sheet of a partner (it can be claimed for)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        wishes = Wishes(
            dry_run=options["dry_run"],
            partial=options["partial"],
            create_people=options["create_people"],
            contributions=options["contributions"],
        )
        try:
            programme = _programme(options["programme"])
            version = _version(programme, options["version"])
            with pghistory.context(command="import_observations"), opened(path) as file:
                outcome = import_sheets(
                    file=file,
                    filename=path.name,
                    programme=programme,
                    version=version,
                    by=None,
                    now=timezone.now(),
                    wishes=wishes,
                    say=self.stderr.write,
                )
        except ObservationsError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, default=str))
        else:
            self._say(outcome, wishes)
        _refuse(outcome, wishes)

    def _say(self, outcome: Outcome, wishes: Wishes) -> None:
        for line in outcome.told:
            self.stdout.write(str(line))
        if outcome.untold:
            self.stdout.write(f"and {outcome.untold:,} lines more")
        if outcome.left_out:
            columns = ", ".join(f"“{heading}”" for heading in outcome.left_out)
            self.stdout.write(f"Columns that are left out: {columns}.")
        if outcome.unknown:
            self.stdout.write(f"Not known: {', '.join(outcome.unknown)}.")
        may = outcome.imported or wishes.dry_run
        for kind, names in outcome.made.items():
            if names and may:
                made = "would be made" if wishes.dry_run else "made"
                self.stdout.write(f"{_MADE[kind]} {made}: {', '.join(names)}.")
        done = f"{outcome.good:,} sheets of {outcome.version}"
        if wishes.dry_run:
            done += " could be brought in; nothing was written."
        elif outcome.imported:
            done += f", {outcome.sessions:,} clinics, brought in."
        else:
            done = "Nothing was brought in."
        self.stdout.write(
            f"{done} Already there: {outcome.already:,}. Refused: {outcome.refused:,}. "
            f"No sheets: {outcome.ignored:,}."
        )
        if outcome.contributions:
            self.stdout.write(f"Contributions recorded: {outcome.contributions:,}.")


def _refuse(outcome: Outcome, wishes: Wishes) -> None:
    """Raise CommandError when rows were refused and nothing was brought in for it."""
    if not outcome.rows:
        raise CommandError("There are headings here, but no sheets beneath them.")
    if wishes.dry_run or not outcome.refused or outcome.imported:
        return
    rows = "1 row is" if outcome.refused == 1 else f"{outcome.refused:,} rows are"
    if not outcome.good:
        raise CommandError(f"{rows} refused and none is new, so nothing was brought in.")
    raise CommandError(
        f"{rows} refused, so nothing was brought in. Correct them, or bring the other "
        f"{outcome.good:,} in with --partial."
    )


def _programme(slug: str) -> Programme:
    programmes = list(Programme.objects.filter(slug=slug) if slug else Programme.objects.all()[:2])
    if len(programmes) == 1:
        return programmes[0]
    slugs = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)[:20])
    if not slugs:
        raise CommandError("There is no programme yet. Make one first: manage.py create_programme.")
    if slug:
        raise CommandError(f"There is no programme “{slug}”. The programmes are: {slugs}.")
    raise CommandError(f"Say which programme with --programme. The programmes are: {slugs}.")


def _version(programme: Programme, said: str) -> InstrumentVersion | None:
    """The version that is said, by id or as “Instrument, 1”; nothing where none is said."""
    if not said:
        return None
    versions = InstrumentVersion.objects.filter(instrument__programme=programme)
    versions = versions.select_related("instrument").order_by("instrument__name", "number")
    for one in versions:
        names = {f"{one.instrument.name}, {one.number}", str(one)}
        if said.strip() == str(one.pk) or said.strip().lower() in {n.lower() for n in names}:
            return one
    listed = "; ".join(f"{one.instrument.name}, {one.number}" for one in versions)
    raise CommandError(f"There is no version “{said}”. The versions are: {listed or 'none yet'}.")
