"""Make the demo programme: everything that happened in a year, in its order, through the services.

What happens is collected first as (when, what) and then played from the first day to this minute,
each step with its own `now`, so that history, ledger and claims tell one story.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pghistory
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Invitation, Message, Programme, Team, User
from accounts.services import people as sign_in_services
from accounts.services.programmes import create_programme, create_team
from assignments.models import Meeting, WorkGroup
from partners.models import Contribution, Expertise
from partners.models import Partner as PartnerRow
from partners.services import expertise, ledger, register
from partners.services.beginning import seed_programme
from payments.models import PaymentReport
from payments.services import claims, runs
from payments.services.rates import choose, seed_rates
from pcp_portal.demo import (
    comings,
    groups,
    people,
    play_clinics,
    play_comings,
    play_lives,
    play_together,
    play_work,
    play_year,
    work,
)
from pcp_portal.demo.days import at
from pcp_portal.demo.sign_ins import Person, open_sign_in

SLUG = "demo"
NAME = "MSK Partnership (Central)"
_TOLD_AS_ON = date(2019, 11, 1)  # the day of people.PARTNERS' dates
_LOCK = 20191104  # of two builds at once, the second finds the work done
# Months ago that were paid: by the quarter at first, then each month. The last is still open.
_PAID = (11, 8, 5, 4, 3, 2)

Step = Callable[[datetime], object]


def programme() -> Programme | None:
    """The demo programme, where it is there."""
    return Programme.objects.filter(slug=SLUG).first()


@transaction.atomic
def build(*, now: datetime) -> bool:
    """Make the demo programme; False when it was there. All of it or none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if programme() is not None:
        return False
    with pghistory.context(command="demo"):
        Story(now).tell()
    return True


class Story:
    """The demo's year as steps, each with its moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.first_day = self._month(12)
        self.steps: list[tuple[datetime, int, Step]] = []
        self.groups: dict[str, WorkGroup] = {}
        self.partners: dict[str, PartnerRow] = {}
        self.users: dict[str, User] = {}
        # By group and how many meetings back, as `work` counts them.
        self.meetings: dict[tuple[str, int], Meeting] = {}
        self.days: dict[tuple[str, int], date] = {}
        self.contributions: dict[tuple[str, int, str], Contribution] = {}

    def tell(self) -> None:
        began = at(self.first_day, time(9))
        self._open(began)
        self._people(began)
        play_comings.come(self, began)
        play_lives.settle(self, began)
        play_together.learn(self, began)
        play_year.settle(self, began)
        play_work.begin(self, began)
        for group in groups.GROUPS:
            play_work.meet(self, group)
        self._own_work()
        play_lives.tell(self)
        play_lives.raise_matters(self)
        play_lives.lend_stories(self)
        play_comings.go(self)
        play_comings.put_right(self)
        play_comings.take_a_copy(self)
        play_together.rounds(self)
        play_together.talk(self)
        play_year.ask(self)
        play_year.open_doors(self)
        play_year.be_told(self)
        play_clinics.observe(self, began)
        self._claims()
        for when, _, step in sorted(self.steps, key=lambda item: item[:2]):
            if when <= self.now:
                step(when)
        self._already_sent()

    def at(self, day: date, hour: int = 9) -> datetime:
        """That hour of a day, in London."""
        return at(day, time(hour))

    def ago(self, days: int, hour: int = 9) -> datetime:
        """That hour of the day so many days ago, but not later than now."""
        return min(at(self.today - timedelta(days=days), time(hour)), self.now)

    def on(self, when: datetime, step: Step) -> None:
        """Let `step` happen at `when`, but not before the demo begins."""
        self.steps.append((max(when, at(self.first_day, time(10))), len(self.steps), step))

    # --- Programme and people --------------------------------------------------------------------
    def _open(self, now: datetime) -> None:
        self.programme = create_programme(slug=SLUG, name=NAME, by=None, now=now)
        self.programme.is_demo = True
        self.programme.contact_name = people.COORDINATOR.name
        self.programme.contact_phone = "01632 960100"
        self.programme.contact_email = people.COORDINATOR.email
        self.programme.save()
        self.teams: dict[str, Team] = {
            name: create_team(programme=self.programme, name=name, by=None, now=now)
            for name in groups.TEAMS
        }
        seed_rates(programme=self.programme, by=None, now=now, starts_on=self.first_day)
        self.coordinator = self._sign_in(people.COORDINATOR, now)
        self.finance = self._sign_in(people.FINANCE, now)
        for person in people.STAFF:
            self._sign_in(person, now)
        self.programme.concern_lead = self.users[people.CONCERNS.email]
        self.programme.save()
        seed_programme(programme=self.programme, by=None, now=now)
        self.on(self.now - timedelta(days=3), lambda when: self._invite(people.INVITED, when))

    def _invite(self, person: Person, now: datetime) -> Invitation:
        return sign_in_services.invite(
            programme=self.programme,
            email=person.email,
            name=person.name,
            role=person.role,
            by=self.users.get(people.COORDINATOR.email),
            now=now,
            team=self.teams.get(person.team),
        )

    def _sign_in(self, person: Person, now: datetime) -> User:
        return self.accept(person, self._invite(person, now), now)

    def accept(self, person: Person, invitation: Invitation, now: datetime) -> User:
        """They follow the link of their invitation, and have a sign-in."""
        letter = Message.objects.get(key=f"invitation:{invitation.pk}")
        token = letter.link.rstrip("/").rsplit("/", 1)[-1]
        sign_in_services.accept_invitation(token=token, now=now)
        user = open_sign_in(
            programme=self.programme, person=person, now=now, team=self.teams.get(person.team)
        )
        self.users[person.email] = user
        return user

    def _people(self, now: datetime) -> None:
        for one in people.PARTNERS:
            expires_on = one.dbs_expires_on
            partner = register.add_partner(
                programme=self.programme,
                name=one.name,
                known_as=one.known_as,
                email=one.email,
                phone=one.phone,
                joined_on=one.joined_on + (self.first_day - _TOLD_AS_ON),
                access_needs=one.access_needs,
                dbs_expires_on=expires_on and expires_on + (self.today - _TOLD_AS_ON),
                by=self.coordinator,
                now=now,
            )
            self.partners[one.known_as] = partner
            if one.sign_in:
                invitation = register.invite_partner(partner=partner, by=self.coordinator, now=now)
                self.accept(one.sign_in, invitation, now)
            by = self.who(one.known_as)
            for kind, text, shared in (
                (Expertise.Kind.FROZEN_ASSET, one.before, Expertise.Visibility.STAFF),
                (Expertise.Kind.JEWEL, one.since, one.since_shared),
            ):
                expertise.add_expertise(
                    partner=partner, kind=kind, text=text, visibility=shared, by=by, now=now
                )
            choose(
                partner=partner,
                choice=one.choice,
                percent=one.percent,
                starts_on=self.first_day,
                by=by,
                now=now,
            )

    def who(self, known_as: str) -> User:
        """Who writes for a partner: they themselves, or the coordinator for who has no sign-in."""
        partner = self.partners[known_as]
        return self.users.get(partner.email or "", self.coordinator)

    # --- What partners did beside ----------------------------------------------------------------
    def _own_work(self) -> None:
        for one in (*work.OWN_WORK, *comings.OWN_WORK):
            day = self.today - timedelta(days=one.days)
            written: list[Contribution] = []

            def record(
                now: datetime,
                one: work.OwnWork = one,
                day: date = day,
                written: list[Contribution] = written,
            ) -> None:
                contribution = ledger.record(
                    partner=self.partners[one.partner],
                    kind=one.kind,
                    happened_on=day,
                    minutes=one.minutes,
                    title=one.title,
                    reflection=one.reflection,
                    by=self.who(one.partner),
                    now=now,
                )
                written.append(contribution)

            def confirm(now: datetime, written: list[Contribution] = written) -> None:
                ledger.confirm(contribution=written[0], by=self.coordinator, now=now)

            self.on(at(day, time(19, 5)), record)
            if one.days > 4:
                self.on(at(day + timedelta(days=3), time(9, 30)), confirm)

    # --- Claims and payment ----------------------------------------------------------------------
    def _claims(self) -> None:
        for back in (*_PAID, 1):
            month, after = self._month(back), self._month(back - 1)
            paid = back > 1
            # Of the open month all is sent before its end, whatever day it is today.
            claimed, approved = (2, 4) if paid else (25, 26)
            base = after if paid else month
            for known_as in self.partners:
                self.on(
                    at(base.replace(day=claimed), time(18, 30)),
                    lambda now, who=known_as, back=back: self._claim(who, back, now),
                )
            self.on(
                at(base.replace(day=approved), time(9)),
                lambda now, paid=paid: self._approve(now, everything=paid),
            )
            if paid:
                self.on(at(after.replace(day=6), time(10)), self._send_to_finance(month))
            else:
                self.on(
                    at(month.replace(day=28), time(10)),
                    lambda now, month=month: runs.gather(
                        programme=self.programme, month=month, by=self.coordinator, now=now
                    ),
                )

    def _claim(self, known_as: str, back: int, now: datetime) -> None:
        """Claim what there is; Toby has not sent the latest, Samina declines to be paid."""
        partner, by = self.partners[known_as], self.who(known_as)
        try:
            claim = claims.open_claim(partner=partner, by=by, now=now)
        except claims.ClaimError:
            return
        for spent in work.EXPENSES:
            if (spent.partner, spent.months) == (known_as, back):
                claims.add_expense(
                    claim=claim,
                    head=spent.head,
                    amount=Decimal(spent.amount),
                    happened_on=claim.lines.latest("happened_on").happened_on,
                    description=spent.words,
                    by=by,
                    now=now,
                )
        if (known_as, back) != ("Toby", 1):
            claims.submit(claim=claim, by=by, now=now)

    def _approve(self, now: datetime, *, everything: bool) -> None:
        """Approve what waits; unless `everything`, Derek's waits on and Gareth is asked back."""
        waiting = self.programme.claims.filter(status="submitted").select_related("partner")
        for claim in waiting.order_by("submitted_at", "pk"):
            called = claim.partner.called
            if called == "Gareth" and not everything:
                claims.query(claim=claim, question=work.QUESTION, by=self.coordinator, now=now)
            elif called != "Derek" or everything:
                claims.approve(claim=claim, by=self.coordinator, now=now)

    def _send_to_finance(self, month: date) -> Step:
        def send(now: datetime) -> None:
            report = runs.request_report(
                programme=self.programme, month=month, by=self.finance, now=now, tell=False
            )
            report = runs.build_report(report=report, now=now, clock=lambda: now)
            if report.status != PaymentReport.Status.READY or report.run is None:
                raise RuntimeError(f"The demo's report of {month:%B} could not be written.")
            runs.close_run(run=report.run, by=self.finance, now=now)
            runs.mark_paid(run=report.run, by=self.finance, now=now + timedelta(days=7))

        return send

    # --- The end ---------------------------------------------------------------------------------
    def _already_sent(self) -> None:
        """What was told long ago was sent then: a year of mail must not go out at once.

        Written here and nowhere else, for the delivery that the demo never had.
        """
        old = Message.objects.filter(
            programme=self.programme, status="waiting", due_at__lt=self.now - timedelta(days=2)
        )
        old.update(
            status=Message.Status.SENT,
            claimed_at=F("due_at"),
            sent_at=F("due_at") + timedelta(minutes=1),
            attempts=1,
        )

    def _month(self, back: int) -> date:
        """The first day of the month `back` months ago."""
        months = self.today.year * 12 + self.today.month - 1 - back
        return date(months // 12, months % 12 + 1, 1)
