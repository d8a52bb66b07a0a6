"""The results of a reflection: of its months and of no other."""

from calendar import monthrange

from observations.models import Reflection
from observations.services.results import ClinicianResults, clinician_results


def results_of(reflection: Reflection) -> ClinicianResults:
    """What was found in the months of a reflection, as its clinician and its lead read it."""
    first, last = reflection.first_month, reflection.last_month
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return clinician_results(
        clinician=reflection.clinician,
        team=reflection.team,
        version=reflection.version,
        today=last.replace(day=monthrange(last.year, last.month)[1]),
        months=months,
    )
