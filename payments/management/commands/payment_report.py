"""Gather a month's approved lines and write finance's files into a folder."""

import json
import re
import tempfile
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Programme
from payments.services import runs
from payments.services.files import file_names, write_files


class Command(BaseCommand):
    help = (
        "Gather every approved line up to the end of a month that is in no payment run yet, write "
        "the month's CSV and XLSX, and print the control totals as one line of JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, help="the month, as YYYY-MM")
        parser.add_argument("--out", required=True, type=Path, help="folder for the files")
        parser.add_argument("--programme", help="slug; may be left out when there is only one")

    def handle(self, *args: Any, month: str, out: Path, programme: str | None, **_: Any) -> None:
        first_day = _month(month)
        chosen = _programme(programme)
        try:
            with pghistory.context(command="payment_report"):
                report = _write(chosen, first_day, out)
        except runs.RunError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The files cannot be written to {out} ({error.strerror}). "
                "Name a folder that you may write to with --out."
            ) from error
        self.stdout.write(json.dumps(report))


def _month(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        raise CommandError("Write the month as YYYY-MM, for example 2026-10.")
    try:
        return date(int(text[:4]), int(text[5:]), 1)
    except ValueError as error:
        raise CommandError(f"There is no month {text}. Write it as YYYY-MM.") from error


def _programme(slug: str | None) -> Programme:
    if slug is not None:
        found = Programme.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no programme with the slug {slug}.")
        return found
    programmes = list(Programme.objects.all()[:2])
    if len(programmes) != 1:
        raise CommandError(
            "There are several programmes: name one with --programme."
            if programmes
            else "There is no programme yet: make one with create_programme."
        )
    return programmes[0]


@transaction.atomic
def _write(programme: Programme, month: date, out: Path) -> dict[str, Any]:
    """Gather and write, all or nothing: what fails on the disk is not gathered either."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".payments-") as folder:
            run = runs.gather(programme=programme, month=month, by=None, now=timezone.now())
            summary = write_files(run=run, folder=Path(folder))
            names = file_names(run)
            for name in names:
                (Path(folder) / name).replace(out / name)
    except BaseException:
        for folder_made in made:
            if folder_made.is_dir() and not any(folder_made.iterdir()):
                folder_made.rmdir()
        raise
    return {
        "month": f"{month:%Y-%m}",
        "programme": programme.slug,
        **summary.as_dict(),
        "files": list(names),
    }
