"""A small world with one person of every role, and everything that a page can be about.

Programme "here" has four people who take part: Una, who signs in as the partner of the tables;
Tom of her team; Prue of another team of the programme. Olu belongs to the programme "there".
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Message, Programme, Role, Team, User
from accounts.services import people, programmes
from accounts.tests.factories import UserFactory, pass_second_factor, person
from assignments import services as assignments
from assignments.models import Attendance, WorkGroup
from partners.models import Contribution, Partner, RegisterImport, RememberedColumn
from partners.services import expertise, ledger, register
from payments.models import ClaimLine, PaymentReport
from payments.services import claims, rates, runs
from reminders.models import Reminder
from tests.architecture import (
    world_calendars,
    world_codesign,
    world_conflicts,
    world_events,
    world_meetings,
    world_my_data,
    world_observations,
    world_offers,
    world_pacing,
    world_pathway,
    world_portfolio,
    world_profile,
    world_requests,
    world_stories,
    world_suggestions,
    world_support,
)
from tests.architecture.routes import Route

# Who asks: the columns of the tables.
PEOPLE = (
    "anonymous",
    "partner",
    "staff",
    "clinician",
    "peer observer",
    "clinical lead",
    "coordinator",
    "finance",
    "superuser",
    "no role",
)
# Whose row it is, as Una sees it. For people of a clinical team, "own" is their team's too.
WHOSE = ("own", "team", "programme", "elsewhere")

Row = dict[str, Any]

# The kind of row that a route with a parameter is about.
KINDS = {
    "accounts:invitation": "open invitation",
    "partners:contribution": "contribution",
    "partners:reflect": "contribution",
    "partners:added": "contribution",
    "partners:change_contribution": "contribution",
    "partners:withdraw": "contribution",
    **world_calendars.KINDS,
    **world_codesign.KINDS,
    **world_conflicts.KINDS,
    **world_events.KINDS,
    **world_meetings.KINDS,
    **world_my_data.KINDS,
    **world_observations.KINDS,
    **world_offers.KINDS,
    **world_pacing.KINDS,
    **world_pathway.KINDS,
    **world_portfolio.KINDS,
    **world_profile.KINDS,
    **world_requests.KINDS,
    **world_stories.KINDS,
    **world_support.KINDS,
    "assignments:meeting": "meeting",
    "assignments:answer": "meeting",
    "assignments:work_group": "work group",
    "payments:claim": "claim",
    "payments:add_expense": "claim",
    "payments:remove_line": "claim line",
    "payments:submit": "claim",
    "payments:sent": "sent claim",
    "payments:withdraw": "sent claim",
}
# In the admin: the kind that stands in the place of the model's own name.
ADMIN_KINDS = {
    "workgroup": "work group",
    "clinicsession": "clinic to come",
    "rolegrant": "role grant",
    "claim": "sent claim",
    "claimline": "sent claim line",
    "paymentchoice": "payment choice",
    "paymentrun": "payment run",
    "paymentreport": "payment report",
    "registerimport": "register import",
    "reportfile": "report file",
    "practicerecording": "practice recording",
    "instrumentversion": "draft version",
    "observationsettings": "observation settings",
}
# Parameters that are no rows of ours.
FIXED: dict[str, Row] = {
    **world_requests.FIXED,
    "accounts:remove_passkey": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "openid_connect_login": {"provider_id": "none"},
    "openid_connect_callback": {"provider_id": "none"},
    "gallery_page": {"page": "form"},
    "admin:app_list": {"app_label": "partners"},
    "reminders:demo_mail": {"name": "no-such-mail"},
}


def _kind_in_admin(route: str) -> str:
    """The kind of row of `admin:partners_partner_change` and the like."""
    found = re.match(r"admin:[a-z]+_([a-z]+)_", route)
    return ADMIN_KINDS.get(found[1], found[1]) if found else ""


@dataclass
class World:
    """People by column name, and rows by (kind, whose): the parameters of an address."""

    now: datetime
    people: dict[str, User | AnonymousUser] = field(default_factory=dict)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    sessions: dict[tuple[str, bool], str] = field(default_factory=dict)

    def client(self, who: str, *, second_factor: bool = True) -> Client:
        """A browser in which `who` is signed in."""
        client = Client()
        if (who, second_factor) in self.sessions:
            session = self.sessions[who, second_factor]
            client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client

    def sign_in(self, who: str) -> None:
        for second_factor in (True, False):
            client, user = Client(), self.people[who]
            client.force_login(user)
            if second_factor:
                pass_second_factor(client, user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            self.sessions[who, second_factor] = session

    def address(self, route: Route, whose: str) -> str | None:
        """Where `route` shows a row of `whose`; None where this world has no such row."""
        if not route.converters:
            return f"/{route.pattern}" if "/" in route.name else reverse(route.name)
        if route.name in FIXED:
            return reverse(route.name, kwargs=FIXED[route.name])
        row = self.rows.get((KINDS.get(route.name) or _kind_in_admin(route.name), whose))
        if row is None:
            return None
        names = dict(route.converters)
        values = {name: row["pk" if name == "object_id" else name] for name in names}
        return reverse(route.name, kwargs=values)

    def keep(self, kind: str, whose: str, row: models.Model | None = None, **more: Any) -> None:
        self.rows[kind, whose] = {"pk": row.pk, **more} if row is not None else more


def build_world() -> World:
    world = World(now=timezone.now())
    here = _programme(world, "here", "programme")
    there = _programme(world, "there", "elsewhere")
    upper = programmes.create_team(programme=here, name="Upper limb", by=None, now=world.now)
    pain = programmes.create_team(programme=here, name="Pain", by=None, now=world.now)
    abroad = programmes.create_team(programme=there, name="Upper limb", by=None, now=world.now)
    _people(world, here, upper)
    boss = person(Role.COORDINATOR, there)
    coordinator = world.people["coordinator"]

    ours = _group(world, here, upper, "own", by=coordinator)
    theirs = _group(world, here, pain, "programme", by=coordinator)
    others = _group(world, there, abroad, "elsewhere", by=boss)
    world.rows["work group", "team"] = world.rows["work group", "own"]
    una = _partner(world, here, "own", "Una Marsh", by=coordinator)
    tom = _partner(world, here, "team", "Tom Ridge", by=coordinator)
    prue = _partner(world, here, "programme", "Prue Vale", by=coordinator)
    olu = _partner(world, there, "elsewhere", "Olu Bank", by=boss)
    world.people["partner"] = una.user
    world_calendars.add_calendar(world, "own", una.user)
    for partner, whose, group, by in (
        (una, "own", ours, coordinator),
        (tom, "team", ours, coordinator),
        (prue, "programme", theirs, coordinator),
        (olu, "elsewhere", others, boss),
    ):
        _business(world, partner, whose, group, by=by)
        world_my_data.add_my_data(world, partner, whose)
        world_requests.add_requests(world, partner, whose, group, by=by)
        world_offers.add_offers(world, partner, whose, by=by)
    world_codesign.add_rounds(
        world, here, "programme", {"own": una, "team": tom, "programme": prue}, by=coordinator
    )
    members = {"own": una, "team": tom, "programme": prue}
    world_pathway.add_pathway(world, here, "programme", members, by=coordinator)
    world_pathway.add_pathway(world, there, "elsewhere", {"elsewhere": olu}, by=boss)
    world_codesign.add_rounds(world, there, "elsewhere", {"elsewhere": olu}, by=boss)
    world_conflicts.add_conflicts(world, here, members)
    world_conflicts.add_conflicts(world, there, {"elsewhere": olu})
    world_suggestions.add_weights(world, here, "programme", by=coordinator)
    world_suggestions.add_weights(world, there, "elsewhere", by=boss)
    world_events.add_events(world, theirs, "programme", by=coordinator)
    world_events.add_events(world, others, "elsewhere", by=boss)
    lead, owner = world.people["staff"], world.people["clinical lead"]
    world_support.add_support(
        world, here, "programme", members, by=coordinator, lead=lead, owner=owner
    )
    world_support.add_support(
        world, there, "elsewhere", {"elsewhere": olu}, by=boss, lead=boss, owner=boss
    )
    world_observations.add_observing(
        world, {"own": upper, "team": upper, "programme": pain}, members, by=coordinator
    )
    world_observations.add_observing(world, {"elsewhere": abroad}, {"elsewhere": olu}, by=boss)
    newcomer = people.invite(
        programme=here,
        email="new@example.org",
        name="Newcomer",
        role=Role.STAFF,
        by=None,
        now=world.now,
    )
    world.keep("open invitation", "own", token=_token(newcomer))
    _month(world, here, "programme", by=coordinator)
    _month(world, there, "elsewhere", by=boss)
    for who, user in world.people.items():
        if isinstance(user, User):
            world.sign_in(who)
    return world


def _programme(world: World, slug: str, whose: str) -> Programme:
    programme = programmes.create_programme(slug=slug, name=f"Over {slug}", by=None, now=world.now)
    if not programme.rates.exists():
        rates.seed_rates(programme=programme, by=None, now=world.now, starts_on=_day(world, -400))
    world.keep("programme", whose, programme)
    world.keep("rate", whose, programme.rates.first())
    themes = expertise.seed_themes(programme=programme, by=None, now=world.now)
    world.keep("theme", whose, themes[0])
    world_meetings.add_pay_rules(world, programme, whose)
    column = RememberedColumn.objects.create(programme=programme, header="Name", field="name")
    world.keep("remembered column", whose, column)
    return programme


def _people(world: World, here: Programme, team: Team) -> None:
    in_a_team = {Role.CLINICAL_LEAD, Role.CLINICIAN, Role.PEER_OBSERVER}
    for role in Role:
        if role != Role.PARTNER:
            name = str(role).replace("_", " ")
            user = person(role, here, team=team if role in in_a_team else None, name=f"A {name}")
            world.people[name] = user
    world.people["anonymous"] = AnonymousUser()
    world.people["superuser"] = UserFactory(name="A superuser", is_superuser=True)
    world.people["no role"] = UserFactory(name="Somebody else")


def _day(world: World, days: int) -> Any:
    return timezone.localdate(world.now) + timedelta(days=days)


def _group(world: World, programme: Programme, team: Team, whose: str, *, by: Any) -> WorkGroup:
    group = assignments.create_work_group(
        programme=programme, kind="mdt", name=f"{team} MDT", by=by, now=world.now, team=team
    )
    world.keep("work group", whose, group)
    world.keep("team", whose, team)
    return group


def _partner(world: World, programme: Programme, whose: str, name: str, *, by: Any) -> Partner:
    email = f"{name.split()[0].lower()}@example.org"
    partner = register.add_partner(
        programme=programme, name=name, email=email, by=by, now=world.now, phone="01632 960001"
    )
    invitation = register.invite_partner(partner=partner, by=by, now=world.now)
    world.keep("invitation", whose, invitation)
    people.accept_invitation(token=_token(invitation), now=world.now)
    partner.refresh_from_db()
    world.keep("partner", whose, partner)
    grant = partner.user.role_grants.get()
    world.keep("role grant", whose, grant)
    world.keep("user", whose, partner.user, grant=grant.pk)
    world_profile.add_profile(world, partner, whose, by=by)
    return partner


def _token(invitation: Invitation) -> str:
    """The secret of an invitation, which only its message knows."""
    message = Message.objects.filter(recipient=invitation.user, kind__contains="invit").latest("pk")
    return message.link.rstrip("/").rsplit("/", 1)[-1]


def _business(world: World, partner: Partner, whose: str, group: WorkGroup, *, by: Any) -> None:
    """Place, meetings, work, claims and choice of one partner."""
    now = world.now
    placed = assignments.place_partner(
        work_group=group, partner=partner, starts_on=_day(world, -90), by=by, now=now
    )
    world.keep("assignment", whose, placed)
    start = now + timedelta(days=1)
    meeting = assignments.plan_meeting(
        work_group=group,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        by=by,
        now=now,
        title=f"Meeting of {partner.called}",
    )
    for other in meeting.attendances.exclude(partner=partner):
        other.delete()  # this meeting is `partner`'s alone, so that "own" and "team" differ
    world.keep("meeting", whose, meeting)
    attendance = Attendance.objects.get(meeting=meeting, partner=partner)
    world.keep("attendance", whose, attendance)
    world_meetings.add_papers(world, meeting, attendance, whose, by=by)
    past = now - timedelta(days=3)
    held = assignments.plan_meeting(
        work_group=group,
        starts_at=past,
        ends_at=past + timedelta(hours=1),
        by=by,
        now=now - timedelta(days=9),
    )
    held.attendances.exclude(partner=partner).delete()
    world.keep("meeting to confirm", whose, held)
    for state, day in (("sent claim", -70), ("approved claim", -40), ("claim", -10)):
        work = _confirmed(world, partner, day, by=by)
        claim = claims.open_claim(partner=partner, by=partner.user, now=now)
        world.keep(state, whose, claim)
        if state == "claim":
            line = claims.add_expense(
                claim=claim,
                head="parking",
                amount=Decimal("4.50"),
                happened_on=_day(world, -10),
                description="Car park",
                by=partner.user,
                now=now,
            )
            world.keep("claim line", whose, line)
            world.keep("expense", whose, line.expense)
            world.keep("confirmed contribution", whose, work)
            continue
        claims.submit(claim=claim, by=partner.user, now=now)
        if state == "approved claim":
            claims.approve(claim=claim, by=by, now=now)
            world.keep("sent claim line", whose, ClaimLine.objects.get(claim=claim))
    work = _recorded(world, partner, -5)
    world.keep("contribution", whose, work)
    world_portfolio.add_portfolio(world, work, whose)
    world.keep(
        "payment choice",
        whose,
        rates.choose(
            partner=partner,
            choice="donate",
            percent=100,
            starts_on=_day(world, 1),
            by=partner.user,
            now=now,
        ),
    )
    world_stories.add_story(world, partner, whose)
    world_pacing.add_pacing(world, partner, whose, group, by=by)
    message = Message.objects.filter(recipient=partner.user).first()
    world.keep("message", whose, message)
    world.keep(
        "reminder",
        whose,
        Reminder.objects.create(
            programme=partner.programme,
            rule="meeting_tomorrow",
            partner=partner,
            attendance=attendance,
            occurs_at=start,
            due_at=now,
        ),
    )


def _recorded(world: World, partner: Partner, day: int) -> Contribution:
    return ledger.record(
        partner=partner,
        kind="panel",
        happened_on=_day(world, day),
        minutes=60,
        title=f"Panel of {partner.called}",
        by=partner.user,
        now=world.now,
    )


def _confirmed(world: World, partner: Partner, day: int, *, by: Any) -> Contribution:
    row = _recorded(world, partner, day)
    return ledger.confirm(contribution=row, by=by, now=world.now)


def _month(world: World, programme: Programme, whose: str, *, by: Any) -> None:
    month = _day(world, -40).replace(day=1)
    report = runs.request_report(programme=programme, month=month, by=by, now=world.now)
    runs.build_report(report=report, now=world.now)
    report = PaymentReport.objects.get(pk=report.pk)
    world.keep("payment report", whose, report)
    world.keep("payment run", whose, report.run)
    world.keep("report file", whose, report.files.first())
    world.keep(
        "register import",
        whose,
        RegisterImport.objects.create(
            programme=programme,
            filename="register.xlsx",
            sheet="Partners",
            header_row=3,
            headers=["Name", "E-mail"],
            rows=[["Ann", "ann@example.org"]],
            uploaded_at=world.now,
            uploaded_by=by,
        ),
    )
