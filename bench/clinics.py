"""python -m bench.clinics load N | file PATH N | floor PATH | agreement: observed clinics at size.

A process of its own, after bulk_demo wrote a programme and its partners. `load` fills it with N
sheets: of a partner and a peer, ten consultations a clinic, clinics over two years. `file` writes N
paper sheets as CSV for the importer, and `floor` copies the same bare rows into a bare table;
`agreement` works out every statistic of 5,000 consultations that two rated. The last two print one
line of JSON.
"""

# ruff: noqa: S608 - every word of the SQL is ours

import csv
import io
import json
import random
import sys
import time
from datetime import date, timedelta
from typing import Any

import django
from django.db import connection, transaction
from django.utils import timezone

PROGRAMME = "bulk-1"
MONTHS = 24
SHEETS_OF_CLINIC = 20  # ten consultations, two observers
CLINICS_OF_CLINICIAN = 50
CLINICIANS_OF_TEAM = 25
PEERS = 40
DOUBLE_RATED = 5_000
_WORDS = (
    "options laid out well and the leaflet was gone through together asked what mattered at work "
    "left room to think checked what was understood drew a picture wrote it down said when to "
    "come back listened to the worry about sleep slower at the end more silence after the question"
)


def main() -> None:
    django.setup()
    what, *rest = sys.argv[1:]
    if what == "load":
        _load(int(rest[0]))
    elif what == "file":
        _file(rest[0], int(rest[1]))
    else:
        print(json.dumps({"floor": _floor, "agreement": _agreement}[what](*rest)))


def _run(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _one(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


# --- A programme that observes -------------------------------------------------------------------
def _load(sheets: int) -> None:
    from accounts.models import Programme  # noqa: PLC0415 - after django.setup()
    from observations.services.tallies import recount_programme  # noqa: PLC0415

    programme = Programme.objects.get(slug=PROGRAMME)
    clinicians = max(5, sheets // SHEETS_OF_CLINIC // CLINICS_OF_CLINICIAN)
    with transaction.atomic():
        version = _version(programme)
        _staff(programme, clinicians)
        # As bulk_demo does: the audit of invented rows is worth nothing.
        _run("SET LOCAL session_replication_role = replica")
        _clinics(programme.pk, version, sheets // SHEETS_OF_CLINIC)
    _run("VACUUM ANALYZE")
    began = time.monotonic()
    months = recount_programme(programme)
    _run("VACUUM ANALYZE")
    print(f"{months:,} clinician-months counted in {time.monotonic() - began:.0f} s")


def _version(programme: Any) -> int:
    from observations.services import instruments  # noqa: PLC0415

    now = timezone.now()
    instruments.settings_of(programme)
    instruments.seed(programme=programme, by=None, now=now)
    (version,) = instruments.usable_versions(programme)
    return int(instruments.seal(version=version, by=None, now=now).pk)


def _staff(programme: Any, clinicians: int) -> None:
    """Teams with their clinicians, the peers, and one of each kind who can sign in."""
    from accounts.models import RoleGrant, Team, User  # noqa: PLC0415
    from workflow.sealed import writing  # noqa: PLC0415

    now = timezone.now()
    count = max(1, clinicians // CLINICIANS_OF_TEAM)
    teams = Team.objects.bulk_create(
        Team(programme=programme, name=f"Clinic team {n}") for n in range(1, count + 1)
    )
    asked = ["bulk-1-clinician@example.org"]
    people = User.objects.bulk_create(
        User(name=f"Dr Clinician Number{n}", email=(asked[n] if n < len(asked) else None))
        for n in range(clinicians)
    )
    peers = User.objects.bulk_create(User(name=f"Peer Number{n}") for n in range(PEERS))
    lead = User.objects.create(name="Clinical Lead", email="bulk-1-clinical_lead@example.org")
    held = [(one, "clinician", teams[n % count]) for n, one in enumerate(people)]
    held += [(one, "peer_observer", None) for one in peers]
    held.append((lead, "clinical_lead", teams[0]))
    with writing(RoleGrant):
        RoleGrant.objects.bulk_create(
            RoleGrant(user=user, programme=programme, team=team, role=role, granted_at=now)
            for user, role, team in held
        )


def _clinics(programme: int, version: int, clinics: int) -> None:
    """Held clinics over two years, by turns of every clinician; a partner and a peer in each."""
    held = f"SELECT user_id, team_id FROM accounts_rolegrant WHERE programme_id = {programme}"
    _run("SELECT setseed(0.5)")
    _run(
        f"""
        INSERT INTO observations_clinicsession
            (programme_id, team_id, clinician_id, version_id, day, half, place, status, planned_at)
        SELECT {programme}, who.team_id, who.user_id, {version},
            (date_trunc('month', now()) - interval '{MONTHS} months')::date
                + (n / who.many * {MONTHS * 30} / ({clinics} / who.many + 1))::int,
            'am', '', 'held', now()
        FROM generate_series(0, {clinics} - 1) AS n JOIN (
            SELECT user_id, team_id, row_number() OVER (ORDER BY user_id) - 1 AS place,
                count(*) OVER () AS many FROM ({held} AND role = 'clinician') AS grants
        ) AS who ON who.place = n %% who.many ORDER BY n
        """
    )
    partners = f"SELECT id FROM partners_partner WHERE programme_id = {programme}"
    peers = f"SELECT user_id AS id FROM ({held} AND role = 'peer_observer') AS grants"
    for column, rows in (("partner_id", partners), ("person_id", peers)):
        _run(
            f"""
            INSERT INTO observations_observer
                (session_id, {column}, answer, invited_at, answered_at)
            SELECT s.id, who.id, 'yes', now(), now() FROM observations_clinicsession s JOIN (
                SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
                FROM ({rows}) AS one
            ) AS who ON who.place = s.id * 7 %% who.many ORDER BY s.id
            """
        )
    _run(
        f"""
        INSERT INTO observations_consultation (session_id, number)
        SELECT s.id, n FROM observations_clinicsession s
        CROSS JOIN generate_series(1, {SHEETS_OF_CLINIC // 2}) AS n ORDER BY s.id, n
        """
    )
    # A mark of an observer is about as good as the clinician, and a little by chance.
    mark = "least(4, greatest(0, (c.id * 3 + i * 5) %% 4 + (random() * 2.4 - 0.9)::int))"
    _run(
        f"""
        INSERT INTO observations_observation (
            consultation_id, observer_id, version_id, decision, marks, worked, to_try, edition,
            status, began_at, saved_at, submitted_at
        )
        SELECT c.id, o.id, {version}, CASE WHEN c.id %% 25 = 0 THEN 'unclear' ELSE 'yes' END,
            (SELECT array_agg({mark} ORDER BY i) FROM generate_series(1, 8) AS i
                WHERE c.id + o.id > 0),
            '', '', 1, 'submitted', now(), now(), now()
        FROM observations_consultation c
        JOIN observations_observer o ON o.session_id = c.session_id ORDER BY c.id, o.id
        """
    )
    _run(
        """
        INSERT INTO observations_comment (observation_id, kind, text, status)
        SELECT id, 'worked', 'Left room to think', 'waiting' FROM observations_observation
        WHERE id %% 20 = 0
        """
    )


# --- Paper sheets --------------------------------------------------------------------------------
def _file(path: str, sheets: int) -> None:
    """So many sheets, by fifty clinicians of a team, six consultations a clinic."""
    chance = random.Random(1)
    head = "Date,Team,Clinician,Session,Consultation no,Observer,Observer type"
    names = [*head.split(","), *(f"Q{n}" for n in range(1, 9)), "What worked", "One thing to try"]
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        written, clinic = 0, 0
        while written < sheets:
            who, turn = clinic % 200, clinic // 200
            day = date(2018, 1, 3) + timedelta(days=7 * turn + who % 5)
            place = [day.strftime("%d/%m/%Y"), f"Paper team {who % 8}", f"Dr Paper{who} Wells"]
            observers = ((f"Pat{who % 30} Okafor", "PCP"), (f"Peer{who % 20} Brandt", "Peer"))
            for number in range(1, 7):
                base = [chance.randrange(5) for _ in range(8)]
                for observer in observers:
                    marks = [min(4, max(0, mark + chance.randrange(-1, 2))) for mark in base]
                    said = [_words(chance), _words(chance) if chance.random() < 0.3 else ""]
                    out.writerow([*place, "AM", number, *observer, *marks, *said])
                    written += 1
            clinic += 1


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=chance.randrange(3, 14))).capitalize()


def _floor(path: str) -> dict[str, Any]:
    """The same rows read by the csv module and copied into a table without anything on it."""
    began = time.monotonic()
    rows = io.StringIO()
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            day = "-".join(reversed(row[0].split("/")))
            marks = "{" + ",".join(row[7:15]) + "}"
            rows.write("\t".join([day, *row[1:7], marks, *row[15:17]]) + "\n")
    rows.seek(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare_sheet (id bigserial PRIMARY KEY, day date, team text,"
            " clinician text, half text, number smallint, observer text, kind text,"
            " marks smallint[], worked text, to_try text)"
        )
        cursor.copy_expert(
            "COPY bare_sheet (day, team, clinician, half, number, observer, kind, marks, worked,"
            " to_try) FROM STDIN",
            rows,
        )
    _run("DROP TABLE bare_sheet")
    return {"seconds": time.monotonic() - began}


# --- Agreement -----------------------------------------------------------------------------------
def _agreement() -> dict[str, Any]:
    """Reading 5,000 pairs of sheets, and every statistic of each item and of the total."""
    from observations.statistics import report  # noqa: PLC0415

    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.marks, b.marks FROM observations_observation a"
            " JOIN observations_observation b ON b.consultation_id = a.consultation_id"
            " AND b.id > a.id ORDER BY a.id LIMIT %s",
            [DOUBLE_RATED],
        )
        pairs = cursor.fetchall()
    read = time.monotonic()
    totals = [(sum(one), sum(other)) for one, other in pairs]
    report.of(totals, range(33))
    total = time.monotonic()
    for item in range(8):
        report.of([(one[item], other[item]) for one, other in pairs], range(5))
    done = time.monotonic()
    return {
        "pairs": len(pairs),
        "read": read - began,
        "total": total - read,
        "items": done - total,
    }


if __name__ == "__main__":
    main()
