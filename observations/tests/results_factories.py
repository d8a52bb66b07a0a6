"""A team whose clinics were observed, with its tallies in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Programme, Role, Team, User
from accounts.tests.factories import LONG_AGO, TeamFactory, person
from observations.models import (
    ClinicSession,
    Comment,
    InstrumentVersion,
    Observation,
    Reflection,
)
from observations.services import reflections, tallies
from observations.tests.factories import clinic, settings_of, sheet, version_of
from partners.models import Partner
from partners.tests.factories import signed_up_partner

NOW = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
TODAY = date(2026, 11, 24)


@dataclass
class Observed:
    """A clinician of a team with a lead, a partner and a peer who observe, and a coordinator."""

    programme: Programme
    team: Team
    version: InstrumentVersion
    clinician: User
    lead: User
    partner: Partner
    peer: User
    coordinator: User


def observed(programme: Programme, coordinator: User | None = None, **numbers: int) -> Observed:
    """Nothing is rated yet; the programme's minimum numbers are small unless `numbers` say."""
    team = TeamFactory(programme=programme, name="Upper limb")
    settings_of(programme, **{"least_consultations": 2, **numbers})
    version = version_of(programme)
    InstrumentVersion.objects.filter(pk=version.pk).update(status="sealed", sealed_at=LONG_AGO)
    version.refresh_from_db()
    return Observed(
        programme=programme,
        team=team,
        version=version,
        clinician=person(Role.CLINICIAN, programme, team=team, name="Ada Khan"),
        lead=person(Role.CLINICAL_LEAD, programme, team=team, name="Lea Stone"),
        partner=signed_up_partner(programme, name="Maureen Okafor", known_as="Mo"),
        peer=person(Role.PEER_OBSERVER, programme, team=team, name="Per Olsen"),
        coordinator=coordinator or person(Role.COORDINATOR, programme, name="Cora Lane"),
    )


def held(
    there: Observed,
    *days: date,
    clinician: User | None = None,
    partner: Sequence[int] = (1, 2, 3, 2, 1, 0, 3, 4),
    peer: Sequence[int] = (2, 3, 3, 2, 2, 1, 3, 4),
) -> list[Observation]:
    """A clinic on each day, with one consultation that both rated; counted."""
    sheets = []
    sessions = []
    for day in days:
        session = clinic(
            there.team,
            clinician or there.clinician,
            there.version,
            day=day,
            status="held",
            observers=(there.partner, there.peer),
        )
        sessions.append(session)
        first, second = session.observers.order_by("pk")
        sheets += [sheet(first, 1, partner), sheet(second, 1, peer)]
    tallies.recount(sessions)
    return sheets


def session_of(row: Observation) -> ClinicSession:
    return row.consultation.session


def comment(row: Observation, text: str = "You waited for an answer", **values: Any) -> Comment:
    """A comment of a sheet; waiting unless `values` say otherwise."""
    made: Comment = Comment.objects.create(
        observation=row, **{"kind": "worked", "text": text, **values}
    )
    return made


def reflection(
    there: Observed,
    first: date = date(2026, 1, 1),
    last: date = date(2026, 11, 1),
    words: str = "I rush at the end.",
) -> Reflection:
    return reflections.write(
        clinician=there.clinician,
        team=there.team,
        version=there.version,
        first_month=first,
        last_month=last,
        words=words,
        by=there.clinician,
        now=NOW,
    )
