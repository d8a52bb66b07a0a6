"""Clinics that are observed: planned, agreed to by their clinician, held or called off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Programme, RoleGrant, Team, User
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import ClinicSession, Debrief, InstrumentVersion, Observation, Observer
from observations.rules import sessions as rules
from observations.services import session_letters as letters
from observations.services.observers import (
    answer,
    invite,
    knowing,
    lock_session,
    reasons,
    why_not,
)
from observations.services.refusals import SessionError, told_by_constraints
from workflow.transitions import begin, transition

__all__ = [
    "Waiting",
    "agree",
    "answer",
    "cancel",
    "check_words",
    "clinicians_of",
    "count_patients",
    "decline",
    "has_sheets",
    "hold",
    "invite",
    "needs",
    "next_to_observe",
    "plan",
    "sheet_counts",
    "waiting_for",
    "why_not",
    "with_what_waits",
]

_Status = ClinicSession.Status
FURTHEST_AHEAD = timedelta(days=366)
MOST_PATIENTS = 100
# How long people are reminded of what a clinic leaves to do, and of how many at once.
ASKED_AFTERWARDS = timedelta(days=28)
MOST_TOLD = 5


@transaction.atomic
def plan(
    *,
    programme: Programme,
    team: Team,
    clinician: User,
    version: InstrumentVersion,
    day: date,
    half: str,
    by: User | None,
    now: datetime,
    place: str = "",
) -> ClinicSession:
    """Plan to observe a half-day of somebody's clinic, and ask them whether they agree.

    Raises SessionError for a team, a clinician or an instrument that is not the programme's or
    not to be used, a day that is past or more than a year ahead, a clinician whose half-day is
    planned already, and words that may tell who a patient is.
    """
    place = " ".join(place.split())
    check_words(place, "place")
    today = timezone.localdate(now)
    if team.programme_id != programme.pk:
        raise SessionError("Choose a team of this programme.", "team")
    _check_clinician(team, clinician)
    usable = InstrumentVersion.objects.usable().filter(instrument__programme=programme)
    if not usable.filter(pk=version.pk).exists():
        raise SessionError(
            "Choose an instrument that is in use, and whose terms are accepted.", "version"
        )
    if day < today:
        raise SessionError("Choose today or a later day.", "day")
    if day > today + FURTHEST_AHEAD:
        raise SessionError("Choose a day within a year from now.", "day")
    if half not in ClinicSession.Half.values:
        raise SessionError("Choose a half-day from the list.", "half")
    # Two teams at once ask for the same half-day: the second finds the first.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=clinician.pk)
    there = ClinicSession.objects.filter(clinician=clinician, day=day, half=half)
    if there.exclude(status=_Status.CANCELLED).exists():
        raise SessionError("This clinic is planned already.", "day")
    session = ClinicSession(
        programme=programme,
        team=team,
        clinician=clinician,
        version=version,
        day=day,
        half=half,
        place=place[:120],
        planned_at=now,
    )
    with told_by_constraints(ClinicSession, SessionError, clinic_session_once="day"):
        session.save(force_insert=True)
    begin(session, by=by, now=now)
    letters.ask_clinician(session, now)
    return session


def _check_clinician(team: Team, clinician: User) -> None:
    if not clinicians_of(team).filter(pk=clinician.pk).exists():
        raise SessionError("Choose a clinician of this team.", "clinician")


def clinicians_of(team: Team) -> QuerySet[User]:
    """Whose clinics of `team` may be observed, by name: its clinicians and leads."""
    held = RoleGrant.objects.current().filter(
        Q(team=team) | Q(team__isnull=True),
        programme=team.programme_id,
        role__in=rules.OBSERVED_ROLES,
    )
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    found: QuerySet[User] = people.order_by("name", "pk")
    return found


@transaction.atomic
def agree(*, session: ClinicSession, by: User, now: datetime) -> ClinicSession:
    """The clinician agrees; from now on those who are invited know of the clinic, and are asked.

    Raises SessionError for anybody else, on a day that is past and when there is nothing to say
    yes to.
    """
    locked = lock_session(session)
    if not rules.is_clinician(by, locked):
        raise SessionError("Only the clinician whose clinic it is can agree.")
    if not rules.may_agree(locked, timezone.localdate(now)):
        raise SessionError("There is nothing to say yes to any more. Look at the clinic again.")
    transition(locked, _Status.AGREED, by=by, now=now)
    _bring_up(session, locked)
    seats = list(
        Observer.objects.standing()
        .filter(session=locked)
        .select_related("partner__user", "person")
        .order_by("pk")
    )
    apart = reasons(
        locked,
        partners=[one.partner for one in seats if one.partner],
        people=[one.person for one in seats if one.person],
    )
    # Whoever may not come any more is for the coordinator to look at, and is not asked.
    fit = [one for one in seats if not apart[one.partner or one.person]]
    letters.invite(locked, fit, now)
    return session


@transaction.atomic
def decline(*, session: ClinicSession, by: User, now: datetime) -> ClinicSession:
    """The clinician says not this time, or thinks again; no reason is asked and none is kept.

    Whoever knew of the clinic is told that they need not come, and whoever planned it.
    Raises SessionError for anybody else, and once the first sheet is begun.
    """
    locked = lock_session(session)
    if not rules.is_clinician(by, locked):
        raise SessionError("Only the clinician whose clinic it is can say so.")
    if not rules.may_decline(locked, has_sheets(locked)):
        raise SessionError(
            "Observers have begun to rate this clinic, or it is over. Please ring the coordinator."
        )
    knew = knowing(locked) if locked.status == _Status.AGREED else []
    transition(locked, _Status.DECLINED, by=by, now=now)
    _bring_up(session, locked)
    letters.tell_off(locked, knew, now)
    planned = locked.history.select_related("by").first()
    letters.tell_planner(locked, planned.by if planned else None, now)
    return session


@transaction.atomic
def cancel(*, session: ClinicSession, by: User, now: datetime, why: str) -> ClinicSession:
    """Call a clinic off. `why` is told to the clinician, and to observers who knew of it.

    Raises SessionError without a reason, for words that may tell who a patient is, and once the
    first sheet is begun.
    """
    why = " ".join(why.split())
    if not why:
        raise SessionError("Say in a few words why it is called off.", "why")
    check_words(why, "why")
    locked = lock_session(session)
    if not rules.may_cancel(locked, has_sheets(locked)):
        raise SessionError("This clinic cannot be called off any more. Look at it again.")
    knew = knowing(locked) if locked.status == _Status.AGREED else []
    transition(locked, _Status.CANCELLED, by=by, now=now, why=why[:300])
    _bring_up(session, locked)
    if locked.day >= timezone.localdate(now):
        letters.tell_off(locked, [locked.clinician, *knew], now, why=why[:300])
    return session


@transaction.atomic
def hold(*, session: ClinicSession, by: User | None, now: datetime) -> ClinicSession:
    """A first sheet is submitted: the clinic took place. Nothing changes when that is known.

    Raises SessionError for a clinic that nobody agreed to, or that is called off.
    """
    locked = lock_session(session)
    if locked.status == _Status.HELD:
        _bring_up(session, locked)
        return session
    if locked.status != _Status.AGREED:
        raise SessionError("This clinic is not observed: it was not agreed to, or is called off.")
    transition(locked, _Status.HELD, by=by, now=now)
    _bring_up(session, locked)
    return session


@transaction.atomic
def count_patients(
    *, session: ClinicSession, asked: int, said_yes: int, said_no: int, by: User, now: datetime
) -> ClinicSession:
    """Keep how many patients were asked whether somebody may sit in, and what they said.

    Numbers alone. Raises SessionError before the day, and for numbers that do not add up.
    """
    locked = lock_session(session)
    if not rules.may_count(locked, timezone.localdate(now)):
        raise SessionError("Patients are counted from the day of the clinic on.")
    for name, number in (("asked", asked), ("said_yes", said_yes), ("said_no", said_no)):
        if not 0 <= number <= MOST_PATIENTS:
            raise SessionError(f"Enter a number from 0 to {MOST_PATIENTS}.", name)
    if said_yes + said_no > asked:
        raise SessionError(
            f"{said_yes} and {said_no} make {said_yes + said_no}, which is more than the {asked} "
            "who were asked. Check the three numbers.",
            "asked",
        )
    locked.asked, locked.said_yes, locked.said_no = asked, said_yes, said_no
    locked.save(update_fields=["asked", "said_yes", "said_no"])
    session.asked, session.said_yes, session.said_no = asked, said_yes, said_no
    return session


# --- Asking --------------------------------------------------------------------------------------


def has_sheets(session: ClinicSession) -> bool:
    """Somebody has begun to rate the clinic."""
    return bool(Observation.objects.filter(consultation__session=session).exists())


def sheet_counts(session: ClinicSession) -> dict[int, tuple[int, int]]:
    """By observer: how many sheets they have begun and how many submitted. Never a mark."""
    rows = (
        Observation.objects.filter(observer__session=session)
        .order_by()
        .values("observer")
        .annotate(
            begun=Count("pk", filter=Q(status=Observation.Status.DRAFT)),
            submitted=Count("pk", filter=Q(status=Observation.Status.SUBMITTED)),
        )
    )
    return {row["observer"]: (row["begun"], row["submitted"]) for row in rows}


def needs(seats: list[Observer]) -> str:
    """What a clinic with these observers lacks before it can go ahead; "" when nothing."""
    coming = [one for one in seats if one.ended_at is None and one.answer == Observer.Answer.YES]
    lacks = []
    if not any(one.is_partner for one in coming):
        lacks.append("a partner")
    if all(one.is_partner for one in coming):
        lacks.append("a peer")
    return f"Needs {' and '.join(lacks)}" if lacks else ""


@dataclass(frozen=True)
class Waiting:
    """One thing about a clinic that waits for a person.

    what: "agree" and "counts" for its clinician; "answer", "sheets" and "debrief" for an observer.
    """

    what: str
    session: ClinicSession


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """What waits for somebody, as a clinician and as an observer; the earliest clinic first.

    Three queries, however much waits. Counts and debriefs are asked for during four weeks.
    """
    today = timezone.localdate(now)
    lately = today - ASKED_AFTERWARDS
    mine = ClinicSession.objects.of_clinician(user).select_related("team")
    agree = mine.unanswered(today).order_by("day", "pk")[:MOST_TOLD]
    counts = mine.filter(
        status=_Status.HELD, asked__isnull=True, day__range=(lately, today)
    ).order_by("day", "pk")[:MOST_TOLD]
    seats = (
        with_what_waits(Observer.objects.of(user).told())
        .filter(session__status__in=[_Status.AGREED, _Status.HELD], session__day__gte=lately)
        .exclude(answer=Observer.Answer.NO)
        .select_related("session__team", "session__clinician")
        .order_by("session__day", "pk")
    )
    found = [Waiting("agree", one) for one in agree]
    found += [Waiting("counts", one) for one in counts]
    for seat in seats[: 4 * MOST_TOLD]:
        what = _waits(seat, today)
        if what:
            found.append(Waiting(what, seat.session))
    return sorted(found, key=lambda one: (one.session.day, one.session.pk))


def with_what_waits(seats: QuerySet[Observer]) -> QuerySet[Observer]:
    """With `has_drafts` (sheets begun and not sent) and `has_debrief` (they said how it was)."""
    own = Observation.objects.filter(observer=OuterRef("pk"))
    found: QuerySet[Observer] = seats.annotate(
        has_drafts=Exists(own.filter(status=Observation.Status.DRAFT)),
        has_debrief=Exists(Debrief.objects.filter(observer=OuterRef("pk"))),
    )
    return found


def _waits(seat: Any, today: date) -> str:
    """What waits for an observer; `seat` has `has_drafts` and `has_debrief`."""
    if seat.answer == Observer.Answer.INVITED:
        return "answer" if seat.session.day >= today else ""
    if seat.has_drafts:
        return "sheets"
    held = seat.session.status == _Status.HELD and seat.session.day <= today
    return "debrief" if held and not seat.has_debrief else ""


def next_to_observe(user: User, now: datetime) -> ClinicSession | None:
    """The next clinic that somebody said yes to; today's until the day is over. One query."""
    seats = Observer.objects.of(user).filter(
        answer=Observer.Answer.YES,
        session__status__in=[_Status.AGREED, _Status.HELD],
        session__day__gte=timezone.localdate(now),
    )
    seat = (
        seats.select_related("session__team", "session__programme", "session__clinician")
        .order_by("session__day", "session__half", "pk")
        .first()
    )
    return seat.session if seat is not None else None


def check_words(text: str, field: str) -> None:
    """Raise SessionError for words that may tell who a patient is."""
    try:
        identifies_no_patient(text)
    except ValidationError as error:
        raise SessionError(error.messages[0], field) from error
    if "\0" in text:
        raise SessionError("There is a character here that cannot be kept. Type it again.", field)


def _bring_up(session: ClinicSession, locked: ClinicSession) -> None:
    session.status = locked.status
