"""Paper sheets on their way in: a table of the transaction, checked and written as a whole.

A hundred thousand sheets are a dozen statements here; one by one they would be a million.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Programme, User
from observations.models import ClinicSession, InstrumentVersion
from observations.services.sheet_import_rows import PaperSheet
from workflow.transitions import transition

BATCH = 5_000
_TABLE = """
DROP TABLE IF EXISTS pg_temp.paper_sheet;
CREATE TEMPORARY TABLE paper_sheet (
    row integer PRIMARY KEY, team_id bigint NOT NULL, clinician_id bigint NOT NULL,
    day date NOT NULL, half text NOT NULL, number smallint NOT NULL, partner_id bigint,
    person_id bigint, decision text NOT NULL, marks smallint[] NOT NULL, minutes smallint,
    asked smallint, said_yes smallint, said_no smallint, place text NOT NULL,
    worked text NOT NULL, to_try text NOT NULL,
    session_id bigint, observer_id bigint, consultation_id bigint, observation_id bigint
) ON COMMIT DROP
"""
_COLUMNS = (
    "row, team_id, clinician_id, day, half, number, partner_id, person_id, decision, marks, "
    "minutes, asked, said_yes, said_no, place, worked, to_try"
)
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

# Partners, then clinics, as whoever submits a sheet: so the two never wait for each other, and no
# clinic is called off between the check and the writing.
_LOCK_PARTNERS = """
SELECT id FROM partners_partner WHERE id IN (SELECT partner_id FROM paper_sheet)
ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_SESSIONS = """
SELECT id FROM observations_clinicsession WHERE id IN (SELECT session_id FROM paper_sheet)
ORDER BY id FOR UPDATE
"""

# --- What is told: each takes its rows out of the table, and says of each what it found ----------
_TWICE_IN_FILE = """
DELETE FROM paper_sheet p
USING (
    SELECT row, min(row) OVER (
        PARTITION BY team_id, clinician_id, day, half, number, partner_id, person_id
    ) AS first FROM paper_sheet
) AS place JOIN paper_sheet AS f ON f.row = place.first
WHERE place.row = p.row AND place.first <> p.row
RETURNING p.row, f.row,
    p.marks = f.marks AND p.decision = f.decision AND p.worked = f.worked AND p.to_try = f.to_try
"""
_FIND_SESSIONS = """
UPDATE paper_sheet p SET session_id = s.id FROM observations_clinicsession s
WHERE s.team_id = p.team_id AND s.clinician_id = p.clinician_id AND s.day = p.day
    AND s.half = p.half AND s.status <> 'cancelled' AND p.session_id IS NULL
"""
_OTHER_SESSIONS = """
DELETE FROM paper_sheet p USING observations_clinicsession s
WHERE s.id = p.session_id
    AND (s.status NOT IN ('agreed', 'held') OR s.version_id <> %(version)s)
RETURNING p.row, s.status, s.version_id
"""
_OTHER_COUNTS = """
DELETE FROM paper_sheet p
USING (
    SELECT DISTINCT ON (n.team_id, n.clinician_id, n.day, n.half)
        n.team_id, n.clinician_id, n.day, n.half,
        coalesce(s.asked, n.asked) AS asked, coalesce(s.said_yes, n.said_yes) AS said_yes,
        coalesce(s.said_no, n.said_no) AS said_no
    FROM paper_sheet n LEFT JOIN observations_clinicsession s ON s.id = n.session_id
    WHERE n.asked IS NOT NULL
    ORDER BY n.team_id, n.clinician_id, n.day, n.half, n.row
) AS f
WHERE (f.team_id, f.clinician_id, f.day, f.half) = (p.team_id, p.clinician_id, p.day, p.half)
    AND p.asked IS NOT NULL
    AND (p.asked, p.said_yes, p.said_no) <> (f.asked, f.said_yes, f.said_no)
RETURNING p.row, f.asked, f.said_yes, f.said_no
"""
_FIND_SEATS = """
UPDATE paper_sheet p SET observer_id = o.id FROM observations_observer o
WHERE o.session_id = p.session_id AND p.observer_id IS NULL
    AND (o.partner_id = p.partner_id OR o.person_id = p.person_id)
"""
_ENDED_SEATS = """
DELETE FROM paper_sheet p USING observations_observer o
WHERE o.id = p.observer_id AND o.ended_at IS NOT NULL
RETURNING p.row
"""
_FIND_CONSULTATIONS = """
UPDATE paper_sheet p SET consultation_id = c.id FROM observations_consultation c
WHERE c.session_id = p.session_id AND c.number = p.number AND p.consultation_id IS NULL
"""
_THERE_ALREADY = """
DELETE FROM paper_sheet p USING observations_observation o
WHERE o.consultation_id = p.consultation_id AND o.observer_id = p.observer_id
RETURNING p.row, o.status,
    p.marks = o.marks AND p.decision = o.decision AND p.worked = o.worked AND p.to_try = o.to_try
"""

# --- What is written -----------------------------------------------------------------------------
# What was made is found again by what the statement gives back, never by looking for it: the
# planner knows nothing yet of rows that this transaction wrote.
_MAKE_SESSIONS = """
WITH made AS (
    INSERT INTO observations_clinicsession (
        programme_id, team_id, clinician_id, version_id, day, half, place, asked, said_yes,
        said_no, status, planned_at
    )
    SELECT %(programme)s, team_id, clinician_id, %(version)s, day, half,
        coalesce((array_agg(place ORDER BY row) FILTER (WHERE place <> ''))[1], ''),
        max(asked), max(said_yes), max(said_no), 'held', %(now)s
    FROM paper_sheet WHERE session_id IS NULL
    GROUP BY team_id, clinician_id, day, half ORDER BY min(row)
    RETURNING id, team_id, clinician_id, day, half
), told AS (
    INSERT INTO observations_clinicsessionhistory
        (subject_id, at, by_id, from_status, to_status, why)
    SELECT id, %(now)s, %(by)s, '', 'held', %(why)s FROM made
)
UPDATE paper_sheet p SET session_id = made.id FROM made
WHERE (made.team_id, made.clinician_id, made.day, made.half)
    = (p.team_id, p.clinician_id, p.day, p.half)
"""
_COUNT_PATIENTS = """
UPDATE observations_clinicsession s
SET asked = p.asked, said_yes = p.said_yes, said_no = p.said_no
FROM paper_sheet p
WHERE s.id = p.session_id AND p.asked IS NOT NULL AND s.asked IS NULL
"""
_MAKE_SEATS = """
WITH made AS (
    INSERT INTO observations_observer
        (session_id, partner_id, person_id, answer, invited_at, answered_at)
    SELECT session_id, partner_id, person_id, 'yes', %(now)s, %(now)s
    FROM paper_sheet WHERE observer_id IS NULL
    GROUP BY session_id, partner_id, person_id ORDER BY min(row)
    RETURNING id, session_id, partner_id, person_id
)
UPDATE paper_sheet p SET observer_id = made.id FROM made
WHERE made.session_id = p.session_id
    AND (made.partner_id = p.partner_id OR made.person_id = p.person_id)
"""
_TAKE_SEATS = """
UPDATE observations_observer o SET answer = 'yes', answered_at = %(now)s
FROM paper_sheet p WHERE o.id = p.observer_id AND o.answer <> 'yes'
"""
_MAKE_CONSULTATIONS = """
WITH made AS (
    INSERT INTO observations_consultation (session_id, number)
    SELECT session_id, number FROM paper_sheet WHERE consultation_id IS NULL
    GROUP BY session_id, number ORDER BY min(row)
    RETURNING id, session_id, number
)
UPDATE paper_sheet p SET consultation_id = made.id FROM made
WHERE made.session_id = p.session_id AND made.number = p.number
"""
# In the order of the file: of two sheets of one moment the first counts as submitted first.
_NUMBER_SHEETS = """
UPDATE paper_sheet p SET observation_id = numbered.id FROM (
    SELECT row, nextval(pg_get_serial_sequence('observations_observation', 'id')) AS id
    FROM (SELECT row FROM paper_sheet ORDER BY row) AS ordered
) AS numbered WHERE numbered.row = p.row
"""
_MAKE_SHEETS = """
INSERT INTO observations_observation (
    id, consultation_id, observer_id, version_id, decision, marks, worked, to_try, minutes,
    edition, status, began_at, saved_at, submitted_at
)
SELECT observation_id, consultation_id, observer_id, %(version)s, decision, marks, worked, to_try,
    minutes, 0, 'submitted', %(now)s, %(now)s, %(now)s
FROM paper_sheet ORDER BY row
"""
_MAKE_HISTORY = """
INSERT INTO observations_observationhistory (subject_id, at, by_id, from_status, to_status, why)
SELECT observation_id, %(now)s, %(by)s, '', 'submitted', %(why)s FROM paper_sheet ORDER BY row
"""
_MAKE_COMMENTS = """
INSERT INTO observations_comment (observation_id, kind, text, status)
SELECT p.observation_id, said.kind, said.words, 'waiting'
FROM paper_sheet p
CROSS JOIN LATERAL (VALUES ('worked', p.worked), ('to_try', p.to_try)) AS said (kind, words)
WHERE said.words <> '' ORDER BY p.row
"""
_OF_PARTNERS = "SELECT row, observation_id FROM paper_sheet WHERE partner_id IS NOT NULL"
_ANALYSE = "ANALYZE paper_sheet"


@dataclass(frozen=True)
class Problem:
    """What is told of a row; `already`: it is there as it stands, and nothing is refused."""

    row: int
    name: str
    reason: str
    already: bool = False


class Staging:
    """The sheets of one file, in the transaction that brings them in."""

    def __init__(
        self,
        *,
        programme: Programme,
        version: InstrumentVersion,
        by: User | None,
        now: datetime,
        why: str,
    ) -> None:
        self.by, self.now, self.why = by, now, why
        self._params = {
            "programme": programme.pk,
            "version": version.pk,
            "by": by.pk if by else None,
            "now": now,
            "why": why,
        }
        self._version = version
        with connection.cursor() as cursor:
            cursor.execute(_TABLE)

    def add(self, sheets: Iterable[tuple[PaperSheet, int, int, int, int]]) -> None:
        """Put sheets with their team, clinician, partner and peer (one of the two is 0) in."""
        lines = io.StringIO("".join(_line(*one) for one in sheets))
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY paper_sheet ({_COLUMNS}) FROM STDIN", lines)

    def problems(self) -> Iterator[Problem]:
        """What cannot be written beside what is there; told of once, and taken out."""
        self._do(_ANALYSE)
        for row, first, same in self._all(_TWICE_IN_FILE):
            reason = f"The same sheet as row {first}: it is brought in once."
            if not same:
                reason = (
                    f"This observer rated this consultation in row {first} already, and "
                    "differently. Keep the one that is right."
                )
            yield Problem(row, "number", reason, same)
        self._do(_LOCK_PARTNERS)
        self._do(_FIND_SESSIONS)
        self._do(_LOCK_SESSIONS)
        for row, status, version in self._all(_OTHER_SESSIONS):
            yield Problem(row, "day", self._why_not(status, version))
        for row, asked, yes, no in self._all(_OTHER_COUNTS):
            reason = (
                f"Of this clinic it is said already that {asked} patients were asked, {yes} "
                f"agreed and {no} declined."
            )
            yield Problem(row, "asked", reason)
        self._do(_FIND_SEATS)
        for (row,) in self._all(_ENDED_SEATS):
            yield Problem(row, "observer", "This observer was taken off this clinic.")
        self._do(_FIND_CONSULTATIONS)
        for row, status, same in self._all(_THERE_ALREADY):
            if same and status == "submitted":
                yield Problem(row, "number", "This sheet is there already.", already=True)
            elif status == "draft":
                reason = "This observer has begun a sheet of this consultation here: submit that."
                yield Problem(row, "number", reason)
            else:
                reason = (
                    "This observer's sheet of this consultation is there already, and differs. "
                    "What was submitted is never rewritten."
                )
                yield Problem(row, "number", reason)

    def count(self) -> int:
        """How many sheets are in."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM paper_sheet")
            return int(cursor.fetchone()[0])

    def write(self) -> None:
        """Make the clinics, the seats, the consultations, the sheets and their comments."""
        # Keys that wait to be checked are gone through again for each row that a trigger sees:
        # of a hundred thousand rows that takes minutes. Checked at once they do not wait.
        self._do("SET CONSTRAINTS ALL IMMEDIATE")
        self._do(_MAKE_SESSIONS)
        self._do(_COUNT_PATIENTS)
        for session in self._still_agreed():
            held = ClinicSession.Status.HELD
            transition(session, held, by=self.by, now=self.now, why=self.why)
        self._do(_TAKE_SEATS)
        self._do(_ANALYSE)
        for statement in (
            _MAKE_SEATS,
            _MAKE_CONSULTATIONS,
            _NUMBER_SHEETS,
            _MAKE_SHEETS,
            _MAKE_HISTORY,
            _MAKE_COMMENTS,
        ):
            self._do(statement)
        self._do("SET CONSTRAINTS ALL DEFERRED")

    def sessions(self) -> list[int]:
        """The ids of the clinics that have got sheets."""
        return [pk for (pk,) in self._all("SELECT DISTINCT session_id FROM paper_sheet")]

    def of_partners(self) -> Iterator[tuple[int, int]]:
        """Row and observation of each sheet of a partner."""
        yield from self._all(_OF_PARTNERS)

    def _why_not(self, status: str, version: int) -> str:
        if status == ClinicSession.Status.ASKED:
            return "This clinic is planned here, and the clinician has not agreed to it yet."
        if status == ClinicSession.Status.DECLINED:
            return "The clinician said no to this clinic."
        other = InstrumentVersion.objects.select_related("instrument").get(pk=version)
        return f"This clinic is planned here with {other}, and these sheets are of {self._version}."

    def _still_agreed(self) -> list[Any]:
        agreed = ClinicSession.objects.filter(status=ClinicSession.Status.AGREED)
        ids = self._all(
            "SELECT DISTINCT p.session_id FROM paper_sheet p JOIN observations_clinicsession s"
            " ON s.id = p.session_id WHERE s.status = 'agreed'"
        )
        return list(agreed.filter(pk__in=[pk for (pk,) in ids]).order_by("pk"))

    def _do(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)

    def _all(self, statement: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            return list(cursor.fetchall())


def _line(sheet: PaperSheet, team: int, clinician: int, partner: int, person: int) -> str:
    """A sheet as COPY reads it."""
    counts = sheet.counts or (None, None, None)
    marks = ",".join("NULL" if mark is None else str(mark) for mark in sheet.marks)
    values = [
        sheet.row,
        team,
        clinician,
        sheet.day,
        sheet.half,
        sheet.number,
        partner or None,
        person or None,
        sheet.decision,
        f"{{{marks}}}",
        sheet.minutes,
        *counts,
    ]
    words = [sheet.said[name].translate(_ESCAPES) for name in ("place", "worked", "to_try")]
    plain = [r"\N" if value is None else str(value) for value in values]
    return "\t".join([*plain, *words]) + "\n"
