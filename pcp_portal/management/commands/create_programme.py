"""Make a programme ready to work in, with an invitation to its coordinator."""

from argparse import ArgumentParser
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from accounts.services.people import PeopleError, invite
from accounts.services.programmes import ProgrammeError, create_programme
from observations.services import instruments
from partners.services.beginning import seed_programme
from payments.services.rates import SEED_FROM, seed_rates


class Command(BaseCommand):
    help = "Make a programme, with the usual rates and words, and invite its coordinator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its short name in addresses, such as north-hospital")
        parser.add_argument("--name", required=True, help="its name, as people know it")
        parser.add_argument("--coordinator", metavar="EMAIL", help="who to invite as coordinator")
        parser.add_argument(
            "--coordinator-name", metavar="NAME", help="their name; the e-mail address until then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        email = options["coordinator"]
        try:
            # One mistake undoes the whole.
            with pghistory.context(command="create_programme"), transaction.atomic():
                programme = create_programme(
                    slug=options["slug"], name=options["name"], by=None, now=now
                )
                rate = seed_rates(programme=programme, by=None, now=now, starts_on=SEED_FROM)
                seed_programme(programme=programme, by=None, now=now)
                instruments.seed(programme=programme, by=None, now=now)
                if email is not None:
                    invite(
                        programme=programme,
                        email=email,
                        name=options["coordinator_name"] or email.partition("@")[0] or email,
                        role=Role.COORDINATOR,
                        by=None,
                        now=now,
                    )
        except (ProgrammeError, PeopleError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Made the programme “{programme.name}” ({programme.slug}).")
        self.stdout.write(
            f"Partners are paid £{rate.amount} a day and £{rate.half_amount} for up to half a day. "
            "Change this under Rates in the admin."
        )
        self.stdout.write(
            "The usual themes, roles of the pathway and checklists are there, and what has to be "
            "in place: an induction, a confidentiality agreement and two courses. There is an "
            "instrument to observe clinics with, too. Change them in the admin."
        )
        if email is None:
            self.stdout.write(
                "Nobody is invited yet: a superuser can invite a coordinator in the admin."
            )
        else:
            self.stdout.write(
                f"An invitation to {email} as coordinator waits for the next post; "
                "its link works for 14 days."
            )
