"""manage.py demo: the demo programme, once and again without harm."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pcp_portal.demo import people
from pcp_portal.demo.build import build
from pcp_portal.demo.reset import OtherProgrammesError, reset


class Command(BaseCommand):
    help = "Make the demo programme of fictional people, in a demo installation only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sign-ins",
            action="store_true",
            help="print one JSON object a line for each person who signs in; changes nothing",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="throw everything in this installation away first, and begin anew",
        )

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo installation: fictional people are kept out of it."
            )
        if options["sign_ins"]:
            self._print_sign_ins()
            return
        if options["reset"]:
            self._reset()
        made = build(now=timezone.now())
        self.stdout.write(
            "The demo programme is ready." if made else "The demo programme was there already."
        )

    def _print_sign_ins(self) -> None:
        for person in people.sign_ins():
            self.stdout.write(json.dumps(person.as_line()))

    def _reset(self) -> None:
        try:
            reset()
        except OtherProgrammesError as error:
            raise CommandError(str(error)) from error
