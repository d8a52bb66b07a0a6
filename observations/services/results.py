"""What each results page says. Reads tallies, so that pages cost the same however much there is.

    clinician_results(clinician=, team=, version=, today=, months=24) -> ClinicianResults
    team_results(team=, version=, today=, for_user=None) -> TeamResults
    programme_results(programme=, today=, for_user=None) -> ProgrammeResults

Who may read what is for the caller to ask; what of a group may be shown is decided here.
"""

from observations.services.results_clinician import clinician_results
from observations.services.results_programme import programme_results
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
from observations.services.results_team import team_results

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
