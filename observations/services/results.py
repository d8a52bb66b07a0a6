"""What each results page says. Reads tallies, so that pages cost the same however much there is.

    clinician_results(clinician=, team=, version=, today=, months=24) -> ClinicianResults
    team_results(team=, version=, today=, for_user=None) -> TeamResults
    programme_results(programme=, today=, for_user=None) -> ProgrammeResults

Who may read what is for the caller to ask; what of a group may be shown is decided here.
"""

from datetime import date

from accounts.models import Programme, Team, User
from observations.models import InstrumentVersion
from observations.services.results_shown import (
    Agreement,
    Beside,
    Cell,
    ClinicianResults,
    Counts,
    Figure,
    Gap,
    Measure,
    MeasureAgreement,
    Measured,
    Minimum,
    Month,
    Observed,
    OtherVersion,
    PeriodPoint,
    ProgrammeResults,
    QuarterTable,
    Released,
    Series,
    TableRow,
    TeamResults,
    Theme,
)

__all__ = [
    "Agreement",
    "Beside",
    "Cell",
    "ClinicianResults",
    "Counts",
    "Figure",
    "Gap",
    "Measure",
    "MeasureAgreement",
    "Measured",
    "Minimum",
    "Month",
    "Observed",
    "OtherVersion",
    "PeriodPoint",
    "ProgrammeResults",
    "QuarterTable",
    "Released",
    "Series",
    "TableRow",
    "TeamResults",
    "Theme",
    "clinician_results",
    "programme_results",
    "team_results",
]


def clinician_results(
    *, clinician: User, team: Team, version: InstrumentVersion, today: date, months: int = 24
) -> ClinicianResults:
    """What a clinician reads of themselves; words only until the programme's minimum."""
    raise NotImplementedError


def team_results(
    *, team: Team, version: InstrumentVersion, today: date, for_user: User | None = None
) -> TeamResults:
    """What a lead reads of a team; `for_user` sees who released to them, and knows their own."""
    raise NotImplementedError


def programme_results(
    *, programme: Programme, today: date, for_user: User | None = None
) -> ProgrammeResults:
    """What coordinators read of the whole programme."""
    raise NotImplementedError
