"""A team with a version of four items, a partner and a peer, and what they rated."""

from datetime import date
from typing import Any

from accounts.models import Programme, User
from accounts.tests.factories import LONG_AGO, ProgrammeFactory, TeamFactory, UserFactory
from observations.models import (
    ClinicSession,
    InstrumentVersion,
    SelfRating,
)
from observations.services import tallies
from observations.services.results import clinician_results
from observations.tests.factories import clinic, settings_of, sheet, version_of
from observations.tests.test_disclosure import TODAY
from partners.tests.factories import PartnerFactory


class Place:
    """A team with a version of four items, a partner and a peer."""

    def __init__(self, programme: Programme | None = None, **settings: Any) -> None:
        self.programme: Any = programme or ProgrammeFactory()
        self.team: Any = TeamFactory(programme=self.programme)
        self.version = version_of(self.programme, items=4)
        self.partner: Any = PartnerFactory(programme=self.programme)
        self.peer: Any = UserFactory()
        self.clinician: Any = UserFactory(name="Sam Okoro")
        settings_of(self.programme, **settings)

    def observe(
        self,
        sheets: list[tuple[list[int | None] | None, list[int | None] | None]],
        *,
        day: date = date(2026, 9, 3),
        clinician: User | None = None,
        version: InstrumentVersion | None = None,
        own: list[int] | None = None,
    ) -> ClinicSession:
        """A clinic with a consultation for each pair of marks (partner's, peer's)."""
        session = clinic(
            self.team,
            clinician or self.clinician,
            version or self.version,
            day=day,
            status="held",
            observers=[self.partner, self.peer],
        )
        seats = list(session.observers.order_by("pk"))
        for number, both in enumerate(sheets, start=1):
            for seat, marks in zip(seats, both, strict=True):
                if marks is not None:
                    sheet(seat, number, marks)
        if own:
            SelfRating.objects.create(session=session, marks=own, rated_at=LONG_AGO)
        tallies.recount([session])
        return session

    def read(self, **values: Any) -> Any:
        return clinician_results(
            **{
                "clinician": self.clinician,
                "team": self.team,
                "version": self.version,
                "today": TODAY,
            }
            | values
        )
