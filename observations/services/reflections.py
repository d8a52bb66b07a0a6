"""What clinicians make of their results, and whether their lead may read it.

Lock order: the programme's settings, then the reflection. Self-ratings wait for the same lock, so
that no figure of a released period changes under the lead who reads it.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, Team, User
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import InstrumentVersion, ObservationSettings, Reflection
from observations.services.refusals import ResultsError, told_by_constraints
from partners.services.long_text import tidy_long
from partners.services.refusal import check
from workflow.transitions import IllegalMoveError, begin, transition

MOST_MONTHS = 36
_NOT_YOURS = "Only the clinician whose results these are can do this."
_TAKE_BACK_FIRST = "Your lead can read this now. Take it back first, then change it."
_FIELDS = {
    "reflection_months_in_order": "last_month",
    "reflection_once": "last_month",
    "reflection_has_words": "words",
}


@transaction.atomic
def write(
    *,
    clinician: User,
    team: Team,
    version: InstrumentVersion,
    first_month: date,
    last_month: date,
    words: str,
    by: User,
    now: datetime,
) -> Reflection:
    """A new reflection on the results of whole months; nobody else can read it.

    The months are named by their first days. Raises ResultsError for anybody but the clinician,
    for months to come, and for what cannot be kept.
    """
    if by.pk != clinician.pk:
        raise ResultsError(_NOT_YOURS)
    row = Reflection(
        team=team,
        clinician=clinician,
        version=version,
        first_month=first_month,
        last_month=last_month,
        words=_checked(words),
        written_at=now,
    )
    _check_months(first_month, last_month, now)
    check(row, ResultsError, exclude={"team", "clinician", "version"})
    with told_by_constraints(Reflection, ResultsError, **_FIELDS):
        row.save(force_insert=True)
    begin(row, by=by, now=now)
    return row


@transaction.atomic
def rewrite(
    *,
    reflection: Reflection,
    words: str,
    by: User,
    now: datetime,
    seen: datetime | None = None,
    anyway: bool = True,
) -> Reflection:
    """Other words, while nobody else can read them.

    Words saved without being asked for (`anyway` false) give way to what was changed after
    `seen`. Raises ResultsError then, for anybody but the clinician, and once it is released.
    """
    row = _locked(reflection, by)
    if row.status != Reflection.Status.PRIVATE:
        raise ResultsError(_TAKE_BACK_FIRST)
    if not anyway and row.written_at != seen:
        raise ResultsError("This was changed in another window. Press Save to keep what is here.")
    row.words = _checked(words)
    check(row, ResultsError, exclude={"team", "clinician", "version"})
    row.written_at = now
    row.save(update_fields=["words", "written_at"])
    return row


def release(*, reflection: Reflection, by: User, now: datetime) -> Reflection:
    """Let the team's clinical lead read the words and the results of these months."""
    return _move(reflection, Reflection.Status.RELEASED, by=by, now=now)


def take_back(*, reflection: Reflection, by: User, now: datetime) -> Reflection:
    """Make it the clinician's alone again; no longer once it was used."""
    return _move(reflection, Reflection.Status.PRIVATE, by=by, now=now)


def use(*, reflection: Reflection, by: User, now: datetime) -> Reflection:
    """Say that it was used in an appraisal: from then on it stands as it is."""
    return _move(reflection, Reflection.Status.USED, by=by, now=now)


def leads_of(reflection: Reflection) -> list[str]:
    """The names of those who lead the team now, without the clinician's own."""
    leads = User.objects.filter(
        role_grants__team=reflection.team_id,
        role_grants__role=Role.CLINICAL_LEAD,
        role_grants__ended_at__isnull=True,
        is_active=True,
    ).exclude(pk=reflection.clinician_id)
    return list(leads.order_by("name").values_list("name", flat=True).distinct())


def covers(session_team: int, clinician: User, version: int, day: date) -> bool:
    """Somebody else may read the clinician's results of the month of `day`."""
    month = day.replace(day=1)
    return (
        Reflection.objects.released()
        .filter(
            clinician=clinician,
            team=session_team,
            version=version,
            first_month__lte=month,
            last_month__gte=month,
        )
        .exists()
    )


def lock_figures(programme_id: int) -> None:
    """Wait for whoever changes figures of the programme, or releases some; held to the end."""
    rows = ObservationSettings.objects.select_for_update(of=("self",))
    list(rows.filter(programme=programme_id).values_list("pk"))


@transaction.atomic
def _move(reflection: Reflection, to: str, *, by: User, now: datetime) -> Reflection:
    if by.pk != reflection.clinician_id:
        raise ResultsError(_NOT_YOURS)
    lock_figures(reflection.team.programme_id)
    try:
        transition(reflection, to, by=by, now=now)
    except IllegalMoveError as error:
        raise ResultsError(str(error)) from error
    return reflection


def _locked(reflection: Reflection, by: User) -> Reflection:
    row: Reflection = Reflection.objects.select_for_update(of=("self",)).get(pk=reflection.pk)
    if by.pk != row.clinician_id:
        raise ResultsError(_NOT_YOURS)
    return row


def _checked(words: str) -> str:
    tidy = tidy_long(words)
    if not tidy:
        raise ResultsError("Write what you take from it.", "words")
    try:
        identifies_no_patient(tidy)
    except ValidationError as error:
        raise ResultsError(error.messages[0], "words") from error
    return tidy


def _check_months(first: date, last: date, now: datetime) -> None:
    if first.day != 1 or last.day != 1:
        raise ResultsError("A reflection is about whole months.", "last_month")
    if last > timezone.localdate(now):
        raise ResultsError("Choose months that have begun.", "last_month")
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise ResultsError(f"Choose {MOST_MONTHS} months or fewer.", "first_month")
