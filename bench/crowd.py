"""python -m bench.crowd teams | meetings N | matching | feed | suggest: many of everything.

A process of its own, after bulk_demo wrote partners and their groups. `teams` gives the first
programme 50 teams with their groups, and one partner 500 meetings to come; `meetings` fills the
database up to N of them; `matching` adds what suggestions weigh, and an opportunity. `feed` prints
the address of that partner's calendar, `suggest` what the page of suggestions takes of a process:
one line of JSON each.
"""

# ruff: noqa: S608 - every word of the SQL is ours

import json
import resource
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import django
from django.db import connection, models, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

PARTNER = "bulk-1-partner@example.org"
COORDINATOR = "bulk-1-coordinator@example.org"
EVENTS = 500
EVENT_DAYS = 200
TEAMS = 50
KINDS = ("mdt", "committee", "research", "education")  # groups that each further team has
PLACES = 3  # further places that each partner has in those groups
THEMES = ("Pain", "Letters", "Young people", "Exercise", "Waiting", "Carers", "Digital", "Sleep")
ROLES = ("Storyteller", "Panel member", "Teacher", "Researcher", "Mentor", "Chair")


def main() -> None:
    django.setup()
    what = sys.argv[1]
    if what in ("feed", "suggest"):
        print(json.dumps({"feed": _feed, "suggest": _suggest}[what]()))
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # As bulk_demo does: the audit of invented rows is worth nothing.
        cursor.execute("SET LOCAL session_replication_role = replica")
        if what == "meetings":
            _meetings(int(sys.argv[2]))
        else:
            {"teams": _teams, "matching": _matching}[what](_programme())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _insert(model: type[models.Model], whence: str, **values: str) -> None:
    """INSERT INTO model SELECT: `values` are SQL by field, the others have their defaults.

    whence: what comes after the columns, FROM included; `%` in it is doubled.
    """
    columns, told, params = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key or field.generated:
            continue
        columns.append(field.column)
        if field.name in values:
            told.append(values.pop(field.name))
        else:
            told.append("%s")
            params.append(field.get_db_prep_save(field.get_default(), connection))
    assert not values, f"{model.__name__} has no {', '.join(values)}"
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} SELECT {', '.join(told)} {whence}", params)


def _one(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def _programme() -> int:
    return int(_one("SELECT id FROM accounts_programme WHERE slug = 'bulk-1'"))


def _link(through: Any, one: str, whence: str) -> None:
    """Rows of a table between two models, (`one`, theme), as `whence` selects them."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {through._meta.db_table} ({one}, theme_id) {whence}")


# --- Meetings, teams, and one full diary ---------------------------------------------------------
def _meetings(size: int) -> None:
    from assignments.models import Attendance, Meeting  # noqa: PLC0415 - after django.setup()

    missing = size - _one("SELECT count(*) FROM assignments_meeting")
    last = _one("SELECT max(id) FROM assignments_meeting")
    groups = _one("SELECT count(*) FROM assignments_workgroup")
    # Of ten: eight held and one cancelled in the last five years, one to come in the next two.
    _insert(
        Meeting,
        f"FROM (SELECT n, n %% 10 AS kind, date_trunc('hour', now()) + interval '1 hour' * CASE"
        f" WHEN n %% 10 = 0 THEN 24 + n * 7919 %% 17520 ELSE -48 - n * 7919 %% 43800 END AS at"
        f" FROM generate_series(1::bigint, {missing}) AS n) AS day"
        f" JOIN (SELECT id, programme_id, row_number() OVER (ORDER BY id) - 1 AS place"
        f" FROM assignments_workgroup) AS home ON home.place = day.n / 10 %% {groups}"
        f" ORDER BY day.n",
        programme="home.programme_id",
        work_group="home.id",
        starts_at="day.at",
        ends_at="day.at + interval '2 hours'",
        place="'Room 1'",
        status="CASE kind WHEN 0 THEN 'planned' WHEN 1 THEN 'cancelled' ELSE 'held' END",
    )
    # Two of the programme's partners are down for each; the one with the full diary is not.
    said = "CASE WHEN meeting.status = 'held' THEN {} END"
    by = _one("SELECT id FROM accounts_user WHERE email = %s", COORDINATOR)
    _insert(
        Attendance,
        f"FROM assignments_meeting AS meeting CROSS JOIN generate_series(0, 1) AS which"
        f" JOIN (SELECT id, programme_id, row_number() OVER (PARTITION BY programme_id"
        f" ORDER BY id) - 1 AS place FROM partners_partner WHERE user_id IS NULL) AS who"
        f" ON who.programme_id = meeting.programme_id"
        f" AND who.place = (meeting.id * 2 + which) %% 490"
        f" WHERE meeting.id > {last}",
        meeting="meeting.id",
        partner="who.id",
        plan="'coming'",
        outcome="CASE WHEN meeting.status = 'held' THEN 'there' ELSE 'unknown' END",
        minutes=said.format("120"),
        confirmed_at=said.format("meeting.ends_at"),
        confirmed_by=said.format(by),
    )


def _teams(programme: int) -> None:
    """The programme's other teams and their groups, places there for each partner, and events."""
    from accounts.models import Team  # noqa: PLC0415
    from assignments.models import Assignment, WorkGroup  # noqa: PLC0415

    there = Team.objects.filter(programme=programme).count()
    before = _one("SELECT max(id) FROM assignments_workgroup")
    more = f"FROM generate_series({there + 1}, {TEAMS}) AS n"
    _insert(Team, more, programme=str(programme), name="'Team ' || n")
    _insert(
        WorkGroup,
        f"FROM accounts_team AS team CROSS JOIN unnest(ARRAY{list(KINDS)}) AS kind"
        f" WHERE team.programme_id = {programme} AND team.name LIKE 'Team %%' ORDER BY team.id",
        programme=str(programme),
        team="team.id",
        kind="kind",
        name="team.name || ' ' || kind",
        wanted="10 + team.id %% 5",
    )
    _insert(
        Assignment,
        f"FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM partners_partner"
        f" WHERE programme_id = {programme}) AS who CROSS JOIN generate_series(1, {PLACES}) AS n"
        f" JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many"
        f" FROM assignments_workgroup WHERE id > {before}) AS home"
        f" ON home.place = (who.place * 7 + n * 53) %% home.many",
        work_group="home.id",
        partner="who.id",
        starts_on="current_date - 300",
    )
    _events(programme)


def _events(programme: int) -> None:
    """What one partner is down for: 500 meetings in the days to come."""
    from assignments.models import Attendance, Meeting  # noqa: PLC0415

    last = _one("SELECT max(id) FROM assignments_meeting")
    group = f"SELECT min(id) FROM assignments_workgroup WHERE programme_id = {programme}"
    start = "date_trunc('hour', now()) + interval '1 day' + {} * interval '1 minute'"
    minutes = EVENT_DAYS * 24 * 60 // EVENTS
    _insert(
        Meeting,
        f"FROM generate_series(1, {EVENTS}) AS n",
        programme=str(programme),
        work_group=f"({group})",
        title="'Work of the day ' || n",
        starts_at=start.format(f"n * {minutes}"),
        ends_at=start.format(f"(n * {minutes} + 60)"),
        place="'Room 2, Bourne House'",
        status="'planned'",
    )
    _insert(
        Attendance,
        f"FROM assignments_meeting AS meeting JOIN partners_partner AS partner"
        f" ON partner.user_id = (SELECT id FROM accounts_user WHERE email = '{PARTNER}')"
        f" WHERE meeting.id > {last}",
        meeting="meeting.id",
        partner="partner.id",
        plan="'coming'",
        planned_at="now()",
    )


# --- What suggestions weigh ----------------------------------------------------------------------
def _matching(programme: int) -> None:
    from assignments.models import Interest, Opportunity  # noqa: PLC0415

    _what_they_bring(programme)
    _what_they_can(programme)
    _insert(
        Opportunity,
        "FROM (SELECT 1) AS once",
        programme=str(programme),
        work_group=f"(SELECT max(id) FROM assignments_workgroup WHERE programme_id = {programme})",
        role=f"(SELECT min(id) FROM partners_pathwayrole WHERE programme_id = {programme})",
        title="'Tell new doctors what a letter does'",
        why="'They write forty letters a week and never meet who reads them.'",
        influence="'co_design'",
        audience="'all'",
        places="5",
        starts_on="current_date + 14",
        ends_on="current_date + 200",
        minutes_a_month="240",
        longest_minutes="120",
        published_at="now()",
    )
    _link(
        Opportunity.themes.through,
        "opportunity_id",
        "SELECT opportunity.id, theme.id FROM assignments_opportunity AS opportunity"
        " CROSS JOIN (SELECT id FROM partners_theme ORDER BY id LIMIT 3) AS theme",
    )
    _insert(
        Interest,
        f"FROM (SELECT id FROM partners_partner WHERE programme_id = {programme} ORDER BY id"
        f" LIMIT 60) AS partner CROSS JOIN assignments_opportunity AS opportunity",
        opportunity="opportunity.id",
        partner="partner.id",
        answer="(ARRAY['yes', 'maybe', 'not_now'])[1 + partner.id %% 3]",
        said_at="now()",
    )


def _what_they_bring(programme: int) -> None:
    """Themes of what partners bring, care about and want; roles they wish to try."""
    from partners.models import (  # noqa: PLC0415
        Expertise,
        Passion,
        PathwayRole,
        Priority,
        RoleWish,
        Theme,
    )

    each = "FROM unnest(ARRAY{}) WITH ORDINALITY AS one (name, place)"
    for model, names, more in (
        (Theme, THEMES, {}),
        (PathwayRole, ROLES, {"position": "one.place"}),
    ):
        _insert(model, each.format(list(names)), programme=str(programme), name="one.name", **more)
    _insert(
        Priority,
        "FROM partners_partner AS partner WHERE partner.id %% 3 = 0",
        partner="partner.id",
        text="'To be better at speaking up in a room of doctors'",
        visibility="'coordinators'",
        added_at="now()",
        changed_at="now()",
    )
    for words in (Expertise, Passion, Priority):
        name = words._meta.model_name
        _link(
            words.themes.through,
            f"{name}_id",
            f"SELECT words.id, theme.id FROM {words._meta.db_table} AS words"
            f" JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place"
            f" FROM partners_theme) AS theme"
            f" ON theme.place IN (words.id % {len(THEMES)}, words.id / 3 % {len(THEMES)})",
        )
    _insert(
        RoleWish,
        f"FROM partners_partner AS partner JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1"
        f" AS place FROM partners_pathwayrole) AS role"
        f" ON role.place = partner.id / 5 %% {len(ROLES)} WHERE partner.id %% 5 = 0",
        partner="partner.id",
        role="role.id",
        added_at="now()",
    )


def _what_they_can(programme: int) -> None:
    """Their pace and pauses, what is required of them, and whom they are not to work with."""
    from partners.models import (  # noqa: PLC0415
        DeclaredConflict,
        Partner,
        Pause,
        Requirement,
        RequirementRecord,
    )

    Partner.objects.annotate(half=F("pk") % 2).filter(half=0).update(
        hours_wanted=8, hours_per="month", longest_minutes=180
    )
    _insert(
        Pause,
        "FROM partners_partner AS partner WHERE partner.id %% 10 = 0",
        partner="partner.id",
        starts_on="current_date + (partner.id %% 60)::int - 30",
        ends_on="current_date + (partner.id %% 60)::int",
        added_at="now()",
    )
    _insert(
        Requirement,
        "FROM (VALUES ('Induction', 'induction', 'warn'), ('Agreement', 'agreement', 'block'),"
        " ('Safeguarding', 'training', 'warn')) AS one (name, kind, strength)",
        programme=str(programme),
        name="one.name",
        kind="one.kind",
        strength="one.strength",
        valid_months="24",
    )
    _insert(
        RequirementRecord,
        "FROM partners_partner AS partner CROSS JOIN partners_requirement AS requirement"
        " WHERE (partner.id + requirement.id) %% 11 > 0",
        requirement="requirement.id",
        partner="partner.id",
        status="'approved'",
        obtained_on="current_date - 400",
        expires_on="current_date - 40 + (partner.id %% 300)::int",
        recorded_at="now()",
        approved_at="now()",
    )
    _insert(
        DeclaredConflict,
        "FROM partners_partner AS partner CROSS JOIN LATERAL (SELECT id FROM accounts_team"
        " ORDER BY id OFFSET partner.id / 20 %% 10 LIMIT 1) AS team WHERE partner.id %% 20 = 0",
        programme=str(programme),
        partner="partner.id",
        with_team="team.id",
        declared_at="now()",
    )


# --- Asked ---------------------------------------------------------------------------------------
def _feed() -> dict[str, Any]:
    from accounts.models import User  # noqa: PLC0415
    from assignments.services import calendars  # noqa: PLC0415

    user, now = User.objects.get(email=PARTNER), timezone.now()
    feed = calendars.open_feed(user=user, by=user, now=now)
    text = calendars.feed_of(feed, now).decode()
    return {
        "path": urlsplit(calendars.address_of(feed)).path,
        "etag": f'"{calendars.state_of(feed, now)}"',
        "text": text,
    }


def _suggest() -> dict[str, Any]:
    """Three times the page of suggestions, and the largest this process became."""
    from assignments.models import Opportunity  # noqa: PLC0415
    from bench.count import person, sign_in  # noqa: PLC0415

    client = Client(HTTP_HOST="localhost")
    sign_in(client, person("coordinator"))
    pk = Opportunity.objects.latest("pk").pk
    # The plain page first: what every page takes is not what suggestions take.
    client.get(reverse("admin:assignments_opportunity_change", args=[pk]), secure=True)
    before = _peak_mb()
    took = []
    for _ in range(3):
        began = time.monotonic()
        client.get(reverse("admin:assignments_opportunity_suggestions", args=[pk]), secure=True)
        took.append(time.monotonic() - began)
    return {"before_mb": before, "peak_mb": _peak_mb(), "seconds": took}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
