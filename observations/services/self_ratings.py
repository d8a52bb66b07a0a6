"""How clinicians rate their own clinics: beside what observers saw, never mixed with it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from observations.models import ClinicSession, SelfRating
from observations.services import tallies
from observations.services.reflections import covers, lock_figures
from observations.services.refusals import ResultsError


@transaction.atomic
def rate(*, session: ClinicSession, marks: Sequence[int], by: User, now: datetime) -> SelfRating:
    """Keep the clinician's marks of a whole clinic, one for each item in order of number.

    They may be changed until results with this clinic in them are released. Raises ResultsError
    for anybody but the clinician, for a clinic that was not held, for marks that are missing or
    off the scale, and after a release.
    """
    locked = (
        ClinicSession.objects.select_for_update(of=("self",))
        .select_related("version", "clinician")
        .get(pk=session.pk)
    )
    if by.pk != locked.clinician_id:
        raise ResultsError("Only the clinician whose clinic this was can rate it.")
    if locked.status != ClinicSession.Status.HELD:
        raise ResultsError("A clinic is rated after it was held.")
    _check_marks(locked, marks)
    lock_figures(locked.programme_id)
    if covers(locked.team_id, locked.clinician, locked.version_id, locked.day):
        raise ResultsError(
            "You released results with this clinic in them, so your rating stands. Take them "
            "back first, if they were not used yet."
        )
    row, _ = SelfRating.objects.update_or_create(
        session=locked, defaults={"marks": list(marks), "rated_at": now}
    )
    tallies.recount([locked])
    return row


def _check_marks(session: ClinicSession, marks: Sequence[int]) -> None:
    version = session.version
    numbers = list(version.items.values_list("number", flat=True))
    if len(marks) != len(numbers):
        raise ResultsError("Give each item a mark.")
    for number, mark in zip(numbers, marks, strict=True):
        if not isinstance(mark, int) or not version.lowest <= mark <= version.highest:
            raise ResultsError(
                f"Choose a mark from {version.lowest} to {version.highest}.", f"item_{number}"
            )
