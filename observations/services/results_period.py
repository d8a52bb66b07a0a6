"""The results of a reflection: of its months and of no other."""

from observations.models import Reflection
from observations.services.results import ClinicianResults, clinician_results


def results_of(reflection: Reflection) -> ClinicianResults:
    """What was found in the months of a reflection, as its clinician and its lead read it."""
    return clinician_results(
        clinician=reflection.clinician,
        team=reflection.team,
        version=reflection.version,
        today=reflection.last_month,
        period=(reflection.first_month, reflection.last_month),
    )
