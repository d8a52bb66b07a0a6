"""Sheets: begun, kept as they are written, submitted once and never changed.

Neither observer learns anything of the other's sheet before both have submitted. Lock order:
partner, clinic, sheet, contribution, and last the programme's figures.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from observations.models import ClinicSession, Consultation, Observation, Observer
from observations.rules import sheets as rules
from observations.services import comments_made, tallies
from observations.services.consensus import consensus
from observations.services.instruments import seal, settings_of
from observations.services.observers import LOOK_AGAIN, lock_session, why_not
from observations.services.refusals import SheetError
from observations.services.sessions import hold
from observations.services.sheet_facts import Facts, checked, facts_of, items_of
from observations.words import the_team
from partners.models import Contribution, Partner
from partners.services import ledger
from workflow.transitions import begin as begin_history
from workflow.transitions import transition

__all__ = [
    "Facts",
    "Fellow",
    "IncompleteError",
    "Kept",
    "SubmittedError",
    "VersionChangedError",
    "begin",
    "consensus",
    "fellows",
    "keep",
    "submit",
    "submit_all",
]

MOST_MINUTES = 480
_Status = Observation.Status


class IncompleteError(SheetError):
    """A sheet lacks answers: `missing` are the names of the questions, `number` its own."""

    def __init__(self, sentence: str, number: int, missing: list[str]) -> None:
        super().__init__(sentence, missing[0])
        self.number, self.missing = number, missing


class SubmittedError(SheetError):
    """The sheet is submitted, and stands as it is."""


class VersionChangedError(SheetError):
    """The questions are other ones than those that the page showed."""


@dataclass(frozen=True)
class Kept:
    """The sheet as the portal has it (None while nothing was said of the consultation).

    behind: what was sent had been written on an older edition of it, and is not kept.
    """

    sheet: Observation | None
    behind: bool = False


@dataclass(frozen=True)
class Fellow:
    """Another observer of the clinic, and the numbers of the sheets that they submitted."""

    name: str
    is_partner: bool
    submitted: frozenset[int]


@transaction.atomic
def begin(*, observer: Observer, number: int, by: User, now: datetime) -> Observation:
    """An empty sheet of the consultation of this number; the one that is there, if one is.

    From now on the instrument stands as it is. Raises SheetError for somebody else's seat, for
    whoever may not rate this clinic (now), and for a number that is none.
    """
    session = lock_session(observer.session_id)
    seat = _seat(observer, session, by, now)
    return _sheet_of(seat, number) or _begun(seat, number, by, now)


@transaction.atomic
def keep(
    *,
    observer: Observer,
    number: int,
    seen_edition: int,
    version: str,
    facts: Facts,
    by: User,
    now: datetime,
) -> Kept:
    """Keep what is written so far; parts may be missing.

    `seen_edition` is the edition that it was written on: when the sheet has moved on meanwhile
    and says something else, nothing is kept and `behind` says so. `version` is the stamp of the
    questions as they were shown. Raises VersionChangedError, SubmittedError, and SheetError as
    `begin` does and for what cannot be kept.
    """
    session = lock_session(observer.session_id)
    seat = _seat(observer, session, by, now)
    items = items_of(session.version)
    if version != rules.stamp_of(session.version, items):
        raise VersionChangedError(
            "The questions of this clinic changed after you opened this page. What you wrote is "
            "still here: look at each mark again, then save."
        )
    sheet = _sheet_of(seat, number)
    if sheet is not None and sheet.status == _Status.SUBMITTED:
        raise SubmittedError(_stands(sheet))
    tidy = checked(facts, session.version, items)
    if sheet is None:
        if rules.is_blank(tidy.decision, tidy.marks, tidy.worked, tidy.to_try):
            return Kept(None)
        sheet = _begun(seat, number, by, now)
        seen_edition = sheet.edition
    if facts_of(sheet) == tidy:
        return Kept(sheet)
    if sheet.edition != seen_edition:
        return Kept(sheet, behind=True)
    sheet.version = session.version
    sheet.decision, sheet.marks = tidy.decision, list(tidy.marks)
    sheet.worked, sheet.to_try = tidy.worked, tidy.to_try
    sheet.edition += 1
    sheet.saved_at = now
    sheet.save(
        update_fields=[
            "version",
            "decision",
            "marks",
            "worked",
            "to_try",
            "edition",
            "saved_at",
        ]
    )
    return Kept(sheet)


@transaction.atomic
def submit(
    *,
    observation: Observation,
    by: User,
    now: datetime,
    minutes: int | None = None,
    seen_edition: int | None = None,
) -> Observation:
    """Submit one sheet, for good; a partner's becomes a contribution of `minutes`.

    minutes: the programme's own number when none is given. seen_edition: what was looked at
    before. Raises IncompleteError with what is missing, SubmittedError for a sheet that is
    submitted, SheetError for somebody else's, and LedgerError when the ledger refuses.
    """
    session = _locked_for(observation.observer, by)
    sheet = _submitted(observation, session, by, now, minutes, seen_edition)
    tallies.recount([session])
    return sheet


@transaction.atomic
def submit_all(
    *,
    observer: Observer,
    editions: dict[int, int],
    by: User,
    now: datetime,
    minutes: int | None = None,
) -> list[Observation]:
    """Submit the sheets of these numbers, of which these editions were looked at; all or none.

    Raises as `submit`.
    """
    session = _locked_for(observer, by)
    rows = Observation.objects.filter(
        observer=observer, consultation__number__in=editions
    ).select_related("consultation")
    found = {row.consultation.number: row for row in rows}
    if not editions or set(found) != set(editions):
        raise SheetError("There is no sheet to submit. Look at the list again.")
    done = [
        _submitted(found[number], session, by, now, minutes, edition)
        for number, edition in sorted(editions.items())
    ]
    tallies.recount([session])
    return done


# --- Locked --------------------------------------------------------------------------------------


def _locked_for(observer: Observer, by: User) -> ClinicSession:
    """The clinic under its lock, and the observer's own row as a partner under one before it."""
    if observer.partner_id is not None:
        partners = Partner.objects.select_for_update(of=("self",), no_key=True)
        partners.get(pk=observer.partner_id)
    return lock_session(observer.session_id)


def _seat(observer: Observer, session: ClinicSession, by: User, now: datetime) -> Observer:
    rows = Observer.objects.select_related("partner", "person")
    seat: Observer = rows.get(pk=observer.pk)
    seat.session = session
    if not rules.is_ones_own(by, seat):
        raise SheetError("Only the observer themselves can write on a sheet.")
    why = rules.why_not_rate(seat, timezone.localdate(now))
    if why:
        raise SheetError(why)
    return seat


def _sheet_of(seat: Observer, number: int) -> Observation | None:
    rows = Observation.objects.select_for_update(of=("self",), no_key=True)
    found: Observation | None = rows.filter(observer=seat, consultation__number=number).first()
    return found


def _begun(seat: Observer, number: int, by: User, now: datetime) -> Observation:
    if not 1 <= number <= rules.LAST_NUMBER:
        raise SheetError(f"Enter a number between 1 and {rules.LAST_NUMBER}.")
    session, who = seat.session, seat.partner or seat.person
    if who is not None and why_not(session, who):
        raise SheetError(LOOK_AGAIN)
    seal(version=session.version, by=by, now=now)
    consultation, _ = Consultation.objects.get_or_create(session=session, number=number)
    sheet: Observation = Observation.objects.create(
        consultation=consultation,
        observer=seat,
        version=session.version,
        marks=[None] * len(items_of(session.version)),
        began_at=now,
        saved_at=now,
    )
    begin_history(sheet, by=by, now=now)
    return sheet


def _submitted(
    observation: Observation,
    session: ClinicSession,
    by: User,
    now: datetime,
    minutes: int | None,
    seen_edition: int | None,
) -> Observation:
    rows = Observation.objects.select_for_update(of=("self",)).select_related(
        "consultation", "version"
    )
    sheet: Observation = rows.get(pk=observation.pk)
    if sheet.status == _Status.SUBMITTED:
        raise SubmittedError(_stands(sheet))
    seat = _seat(sheet.observer, session, by, now)
    number = sheet.consultation.number
    if seen_edition is not None and seen_edition != sheet.edition:
        raise SheetError(
            f"Your sheet of consultation {number} changed after you opened this page. Look at it "
            "again, then submit."
        )
    if sheet.version_id != session.version_id:
        raise VersionChangedError(
            f"The questions of this clinic changed. Look at consultation {number} again."
        )
    lacks = rules.missing(sheet.decision, sheet.marks, _numbers(sheet))
    if lacks:
        raise IncompleteError(
            f"Consultation {number} has {len(lacks)} unanswered "
            f"question{'s' if len(lacks) != 1 else ''}.",
            number,
            lacks,
        )
    taken = _minutes(session, minutes)
    contribution = _contribution(seat, taken, by, now)
    was_none = sheet.decision == Observation.Decision.NO
    marks = [None] * len(sheet.marks) if was_none else sheet.marks
    transition(
        sheet,
        _Status.SUBMITTED,
        by=by,
        now=now,
        submitted_at=now,
        marks=marks,
        minutes=taken,
        contribution=contribution,
    )
    comments_made.make(sheet)
    hold(session=session, by=by, now=now)
    return sheet


def _numbers(sheet: Observation) -> list[int]:
    return [item.number for item in items_of(sheet.version)]


def _minutes(session: ClinicSession, minutes: int | None) -> int:
    taken = settings_of(session.programme).minutes if minutes is None else minutes
    if not 1 <= taken <= MOST_MINUTES:
        raise SheetError("Enter between 1 minute and 8 hours.", "minutes")
    return taken


def _contribution(seat: Observer, minutes: int, by: User, now: datetime) -> Contribution | None:
    if seat.partner is None:
        return None
    session = seat.session
    return ledger.record(
        partner=seat.partner,
        kind=Contribution.Kind.OBSERVATION,
        happened_on=session.day,
        minutes=minutes,
        title=f"Observed a clinic of {the_team(session.team)}",
        by=by,
        now=now,
        source_path=reverse("observations:clinic", args=[session.pk]),
    )


def _stands(sheet: Observation) -> str:
    at = timezone.localtime(sheet.submitted_at)
    return f"You submitted this sheet on {at:%-d %B at %H:%M}. What is submitted stands."


# --- Asking --------------------------------------------------------------------------------------


def fellows(observer: Observer) -> list[Fellow]:
    """Who else observes the clinic, and what they submitted; of what they have begun, nothing."""
    seats = list(
        Observer.objects.standing()
        .filter(session=observer.session_id, answer=Observer.Answer.YES)
        .exclude(pk=observer.pk)
        .select_related("partner", "person")
        .order_by("pk")
    )
    rows = Observation.objects.submitted().filter(observer__in=seats).order_by()
    done: dict[int, set[int]] = {}
    for seat, number in rows.values_list("observer", "consultation__number"):
        done.setdefault(seat, set()).add(number)
    return [Fellow(str(seat), seat.is_partner, frozenset(done.get(seat.pk, ()))) for seat in seats]


def ready(sheets: Iterable[Observation], numbers: Collection[int]) -> list[Observation]:
    """Those of somebody's begun sheets that lack nothing; `numbers` are the items'."""
    order = sorted(numbers)
    return [
        sheet
        for sheet in sheets
        if sheet.status == _Status.DRAFT
        and len(sheet.marks) == len(order)
        and not rules.missing(sheet.decision, sheet.marks, order)
    ]
