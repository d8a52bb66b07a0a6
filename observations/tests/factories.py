"""Minimal valid rows of observing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Programme, Team, User
from accounts.tests.factories import LONG_AGO, ProgrammeFactory
from observations.models import (
    Anchor,
    ClinicSession,
    Consultation,
    Instrument,
    InstrumentVersion,
    Item,
    Observation,
    ObservationSettings,
    Observer,
    Scale,
)
from partners.models import Partner

A_DAY = date(2026, 3, 3)


class InstrumentFactory(DjangoModelFactory):
    class Meta:
        model = Instrument

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Shared decisions {n}")
    licence = "CC0 1.0"
    may_display = True
    may_edit = True
    needs_acceptance = False


def settings_of(programme: Programme, **values: Any) -> ObservationSettings:
    """The programme's numbers, as they are unless `values` says otherwise."""
    found, _ = ObservationSettings.objects.update_or_create(programme=programme, defaults=values)
    return found


def version_of(
    programme: Programme, *, items: int = 8, lowest: int = 0, highest: int = 4, **values: Any
) -> InstrumentVersion:
    """A draft of an own instrument: a decision scale of all items but the last two, and a
    relational one of these two."""
    version = InstrumentVersion.objects.create(
        instrument=InstrumentFactory(programme=programme),
        number=1,
        lowest=lowest,
        highest=highest,
        made_at=LONG_AGO,
        **values,
    )
    for number in range(1, items + 1):
        Item.objects.create(
            version=version, number=number, short=f"Item {number}", text=f"What {number} is"
        )
    for mark in range(lowest, highest + 1):
        Anchor.objects.create(version=version, mark=mark, words=f"Words for {mark}")
    numbers = list(range(1, items + 1))
    decision = numbers[:-2] if items > 2 else numbers
    Scale.objects.create(
        version=version, number=1, name="Sharing the decision", rule="sum_100", items=decision
    )
    if items > 2:
        Scale.objects.create(
            version=version, number=2, name="Relationship", rule="sum_100", items=numbers[-2:]
        )
    return version


def clinic(
    team: Team,
    clinician: User,
    version: InstrumentVersion,
    *,
    day: date = A_DAY,
    half: str = "am",
    status: str = "agreed",
    observers: Sequence[Partner | User] = (),
    now: datetime = LONG_AGO,
) -> ClinicSession:
    """A clinic of `clinician` that everybody of `observers` said yes to."""
    session = ClinicSession.objects.create(
        programme=team.programme,
        team=team,
        clinician=clinician,
        version=version,
        day=day,
        half=half,
        status=status,
        planned_at=now,
    )
    for one in observers:
        Observer.objects.create(
            session=session,
            partner=one if isinstance(one, Partner) else None,
            person=one if isinstance(one, User) else None,
            answer="yes",
            invited_at=now,
            answered_at=now,
        )
    return session


def sheet(
    observer: Observer,
    number: int = 1,
    marks: Sequence[int | None] | None = None,
    *,
    submitted: bool = True,
    decision: str = "yes",
    now: datetime = LONG_AGO,
    **values: Any,
) -> Observation:
    """What `observer` rated of a consultation: a bare row, which nothing is counted for."""
    consultation, _ = Consultation.objects.get_or_create(session=observer.session, number=number)
    version = observer.session.version
    return Observation.objects.create(
        consultation=consultation,
        observer=observer,
        version=version,
        decision=decision,
        marks=list(marks) if marks is not None else [2] * version.items.count(),
        status="submitted" if submitted else "draft",
        began_at=now,
        saved_at=now,
        submitted_at=now if submitted else None,
        **values,
    )
