"""Who observes a clinic: by rule, at least one partner and one peer, and nobody too near."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Role, RoleGrant, User
from observations.models import (
    ClinicSession,
    Observation,
    ObservationSettings,
    Observer,
)
from observations.rules import sessions as rules
from observations.services import session_letters as letters
from observations.services.calibration import calibrated_ids
from observations.services.refusals import SessionError, told_by_constraints
from partners.models import Partner, Pause
from partners.rules.support import may_have_place
from partners.services import conflicts

Who = Partner | User
_Status = ClinicSession.Status
# All that anybody is told of a declared conflict, and coordinators alone.
APART = "They are not to work together."
# What an observer who may no longer come is told: never that a conflict exists.
LOOK_AGAIN = "We would like a word with you before you say yes. Please ring your coordinator."


# --- Who may -------------------------------------------------------------------------------------


def why_not(session: ClinicSession, who: Who) -> str:
    """Why somebody may not observe this clinic, in a sentence for coordinators; "" if they may."""
    if isinstance(who, Partner):
        return reasons(session, partners=[who])[who]
    return reasons(session, people=[who])[who]


def reasons(
    session: ClinicSession, *, partners: Sequence[Partner] = (), people: Sequence[User] = ()
) -> dict[Who, str]:
    """`why_not` of many, in as many queries as of one.

    Nobody who is a patient of the clinician, their mentor or mentee, or close to them: that is a
    declared conflict, of which nobody but coordinators is told, and of which the kind is not kept.
    """
    found: dict[Who, str] = {}
    if partners:
        found |= _reasons_of_partners(session, partners)
    if people:
        found |= _reasons_of_people(session, people)
    return found


def no_longer(session: ClinicSession, seats: Iterable[Observer]) -> dict[int, str]:
    """Why some who are invited may not come any more, by their seats; for coordinators.

    A conflict that was declared, or a partner who left or takes a break. Three queries.
    """
    standing = [one for one in seats if _stands(one)]
    ids = [one.partner_id for one in standing if one.partner_id is not None]
    between = {"people": [session.clinician_id], "teams": [session.team_id]}
    apart = conflicts.apart(programme=session.programme_id, **between)
    people = conflicts.people_apart(programme=session.programme_id, **between)
    away = _away(session, ids)
    found: dict[int, str] = {}
    for one in standing:
        said = _takes_no_part(one.partner, away) if one.partner is not None else ""
        if one.partner_id in apart or one.person_id in people:
            said = APART
        if said:
            found[one.pk] = said
    return found


def _away(session: ClinicSession, partners: Sequence[int]) -> set[int]:
    pauses = Pause.objects.on(session.day).filter(partner__in=partners)
    return set(pauses.values_list("partner", flat=True))


def _takes_no_part(partner: Partner, away: set[int]) -> str:
    if partner.status == Partner.Status.LEFT:
        return "They have left the programme."
    if partner.status == Partner.Status.ON_BREAK or partner.pk in away:
        return "They are on a break."
    if not may_have_place(partner):
        return f"They are at the stage “{partner.get_status_display()}”."
    return ""


def _reasons_of_partners(session: ClinicSession, partners: Sequence[Partner]) -> dict[Who, str]:
    ids = [one.pk for one in partners]
    apart = conflicts.apart(
        programme=session.programme_id, people=[session.clinician_id], teams=[session.team_id]
    )
    away = _away(session, ids)
    busy = set(_elsewhere(session).filter(partner__in=ids).values_list("partner", flat=True))
    practised = _practised(session, "partner", ids)
    found: dict[Who, str] = {}
    for one in partners:
        said = ""
        if one.programme_id != session.programme_id:
            said = "They belong to another programme."
        elif one.user_id is not None and one.user_id == session.clinician_id:
            said = "They are the clinician of this clinic."
        elif _takes_no_part(one, away):
            said = _takes_no_part(one, away)
        elif one.pk in apart:
            said = APART
        elif practised is not None and one.pk not in practised:
            said = "They are to practise on recordings first."
        elif one.pk in busy:
            said = "They observe another clinic that half-day."
        found[one] = said
    return found


def _reasons_of_people(session: ClinicSession, people: Sequence[User]) -> dict[Who, str]:
    ids = [one.pk for one in people]
    apart = conflicts.people_apart(
        programme=session.programme_id, people=[session.clinician_id], teams=[session.team_id]
    )
    held: dict[int, set[tuple[str, int | None]]] = {}
    grants = RoleGrant.objects.current().filter(user__in=ids, programme=session.programme_id)
    for user, role, team in grants.values_list("user", "role", "team"):
        held.setdefault(user, set()).add((role, team))
    own = set(
        Partner.objects.filter(programme=session.programme_id, user__in=ids)
        .exclude(status=Partner.Status.LEFT)
        .values_list("user", flat=True)
    )
    busy = set(_elsewhere(session).filter(person__in=ids).values_list("person", flat=True))
    clinics = ClinicSession.objects.filter(
        clinician__in=ids, day=session.day, half=session.half, status__in=rules.ON
    ).values_list("clinician", flat=True)
    at_work = set(clinics)
    practised = _practised(session, "person", ids)
    found: dict[Who, str] = {}
    for one in people:
        roles = held.get(one.pk, set())
        said = ""
        if one.pk == session.clinician_id:
            said = "They are the clinician of this clinic."
        elif not one.is_active:
            said = "Their sign-in is closed."
        elif one.pk in own:
            said = "They are a partner: invite them as a partner."
        elif not any(role in rules.PEER_ROLES for role, _ in roles):
            said = "They are no clinician or peer observer of this programme."
        elif _leads(roles, session):
            said = "They lead the clinician’s team."
        elif one.pk in apart:
            said = APART
        elif practised is not None and one.pk not in practised:
            said = "They are to practise on recordings first."
        elif one.pk in busy:
            said = "They observe another clinic that half-day."
        elif one.pk in at_work:
            said = "They have a clinic of their own that half-day."
        found[one] = said
    return found


def _leads(roles: set[tuple[str, int | None]], session: ClinicSession) -> bool:
    """They are the clinician's manager, as far as is known here: nothing keeps who manages whom,
    so whoever leads the team (or every team) counts as managing everybody in it."""
    return any(
        role == Role.CLINICAL_LEAD and team in {None, session.team_id} for role, team in roles
    )


def _elsewhere(session: ClinicSession) -> QuerySet[Observer]:
    """Who stands in for another clinic of the same half-day."""
    others = Observer.objects.standing().filter(
        session__day=session.day, session__half=session.half, session__status__in=rules.ON
    )
    found: QuerySet[Observer] = others.exclude(session=session.pk)
    return found


def _practised(session: ClinicSession, side: str, ids: Sequence[int]) -> set[int] | None:
    """Who of them is calibrated on the day; None where the programme does not ask for it."""
    asked = ObservationSettings.objects.filter(
        programme=session.programme_id, must_be_calibrated=True
    )
    if not asked.exists():
        return None
    found = calibrated_ids(
        version=session.version_id,
        partners=ids if side == "partner" else (),
        people=ids if side == "person" else (),
        day=session.day,
    )
    return set(found.partners | found.people)


# --- Whom to ask ---------------------------------------------------------------------------------


def partner_candidates(session: ClinicSession) -> QuerySet[Partner]:
    """Partners who take part and are not invited yet, who have waited longest to observe first.

    With `last_observed`, a day or None. Whether each may observe is told by `reasons`.
    """
    partners = Partner.objects.filter(programme=session.programme_id).placeable()
    invited = _seats_of(session).filter(partner__isnull=False).values("partner")
    asked = partners.exclude(status=Partner.Status.ON_BREAK).exclude(pk__in=invited)
    found: QuerySet[Partner] = asked.annotate(
        last_observed=_last_observed("partner", session.programme_id)
    ).order_by(F("last_observed").asc(nulls_first=True), "sort_key", "pk")
    return found


def peer_candidates(session: ClinicSession) -> QuerySet[User]:
    """Clinicians and peer observers who are not invited yet; otherwise as `partner_candidates`."""
    grants = RoleGrant.objects.current().filter(
        programme=session.programme_id, role__in=rules.PEER_ROLES
    )
    invited = _seats_of(session).filter(person__isnull=False).values("person")
    people = User.objects.filter(pk__in=grants.values("user"), is_active=True)
    asked = people.exclude(pk=session.clinician_id).exclude(pk__in=invited)
    found: QuerySet[User] = asked.annotate(
        last_observed=_last_observed("person", session.programme_id)
    ).order_by(F("last_observed").asc(nulls_first=True), "name", "pk")
    return found


def _seats_of(session: ClinicSession) -> QuerySet[Observer]:
    found: QuerySet[Observer] = Observer.objects.standing().filter(session=session)
    return found


def _last_observed(side: str, programme: int) -> Subquery:
    rows = Observer.objects.filter(
        Q(**{side: OuterRef("pk")}),
        session__programme=programme,
        session__status=_Status.HELD,
        answer=Observer.Answer.YES,
        ended_at__isnull=True,
    )
    return Subquery(rows.order_by("-session__day").values("session__day")[:1])


# --- Inviting and answering ----------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    session: ClinicSession,
    by: User | None,
    now: datetime,
    partners: Iterable[Partner] = (),
    people: Iterable[User] = (),
) -> list[Observer]:
    """Invite partners and peers; they are told now, or once the clinician agrees.

    Somebody who said no, or whose invitation was taken back, may be asked again.
    Raises SessionError, in a sentence for each who may not come; then nobody is invited.
    """
    locked_partners, locked_people = _lock_people(partners, people)
    locked = lock_session(session)
    chosen: list[Who] = [*locked_partners, *locked_people]
    if not chosen:
        raise SessionError("Choose whom to invite.", "partners")
    if not rules.may_invite(locked, timezone.localdate(now)):
        raise SessionError("Nobody can be invited to this clinic any more. Look at it again.")
    refused = reasons(locked, partners=locked_partners, people=locked_people)
    seats = {
        one.partner or one.person: one
        for one in locked.observers.select_related("partner", "person")
    }
    for one in chosen:
        seat = seats.get(one)
        if not refused[one] and seat is not None and _stands(seat):
            refused[one] = "They are invited already."
    said = [f"{one.name}: {why}" for one, why in refused.items() if why]
    if said:
        raise SessionError(" ".join(said), "partners" if len(locked_partners) else "people")
    invited = [_invited(locked, one, seats.get(one), now) for one in chosen]
    if locked.status == _Status.AGREED:
        letters.invite(locked, invited, now)
    return invited


def _stands(seat: Observer) -> bool:
    return seat.ended_at is None and seat.answer != Observer.Answer.NO


def _invited(session: ClinicSession, one: Who, seat: Observer | None, now: datetime) -> Observer:
    seat = seat or Observer(session=session)
    seat.partner = one if isinstance(one, Partner) else None
    seat.person = one if isinstance(one, User) else None
    seat.answer, seat.answered_at, seat.ended_at = Observer.Answer.INVITED, None, None
    seat.invited_at = now
    with told_by_constraints(Observer, SessionError):
        seat.save()
    return seat


@transaction.atomic
def answer(*, observer: Observer, yes: bool, by: User | None, now: datetime) -> Observer:
    """Keep whether somebody comes; until the day is over they may change their mind.

    Raises SessionError before the clinician agreed, when the clinic is off or past, for a no from
    somebody who has begun a sheet, and for a yes from somebody who may not come any more.
    """
    found = Observer.objects.select_related("partner", "person").get(pk=observer.pk)
    _lock_people([found.partner] if found.partner else [], [found.person] if found.person else [])
    session = lock_session(found.session_id)
    locked = _lock_seat(found, session)
    if not rules.may_answer(locked, timezone.localdate(now)):
        raise SessionError("This invitation can no longer be answered.")
    if not yes and Observation.objects.filter(observer=locked).exists():
        raise SessionError("You have begun a sheet for this clinic, so you were there.")
    who = locked.partner or locked.person
    if yes and who is not None and why_not(session, who):
        raise SessionError(LOOK_AGAIN)
    locked.answer = Observer.Answer.YES if yes else Observer.Answer.NO
    locked.answered_at = now
    locked.save(update_fields=["answer", "answered_at"])
    observer.answer, observer.answered_at = locked.answer, now
    return locked


@transaction.atomic
def take_back(*, observer: Observer, by: User, now: datetime) -> Observer:
    """Take an invitation back, before anything was rated; whoever knew of it is told.

    Raises SessionError when it is taken back already, or a sheet is begun.
    """
    session = lock_session(observer.session_id)
    locked = _lock_seat(observer, session)
    if locked.ended_at is not None:
        raise SessionError("This invitation was taken back already.")
    if Observation.objects.filter(observer=locked).exists():
        raise SessionError("They have begun a sheet: what was rated stands.")
    knew = session.status == _Status.AGREED and _stands(locked)
    locked.ended_at = now
    locked.save(update_fields=["ended_at"])
    observer.ended_at = now
    if knew and session.day >= timezone.localdate(now):
        letters.tell_taken_back(session, locked, now)
    return locked


# --- Locks: partner, sign-in, clinic, seat -------------------------------------------------------


def lock_session(session: ClinicSession | int) -> ClinicSession:
    """The clinic under a lock, with what letters need; partners are locked before it."""
    pk = session if isinstance(session, int) else session.pk
    rows = ClinicSession.objects.select_for_update(of=("self",))
    found: ClinicSession = rows.select_related("programme", "team", "clinician").get(pk=pk)
    return found


def _lock_seat(observer: Observer, session: ClinicSession) -> Observer:
    rows = Observer.objects.select_for_update(of=("self",), no_key=True)
    locked: Observer = rows.select_related("partner__user", "person").get(pk=observer.pk)
    locked.session = session
    return locked


def _lock_people(
    partners: Iterable[Partner], people: Iterable[User]
) -> tuple[list[Partner], list[User]]:
    """Nobody is promised to two clinics of one half-day at the same instant."""
    found: list[list[Any]] = []
    for model, chosen in ((Partner, partners), (User, people)):
        ids = {one.pk for one in chosen}
        rows: Any = model._default_manager.select_for_update(of=("self",), no_key=True)
        found.append(list(rows.filter(pk__in=ids).order_by("pk")) if ids else [])
    return found[0], found[1]


def knowing(session: ClinicSession) -> list[Who]:
    """Who is invited or coming, to be told of a change."""
    seats: Iterable[Observer] = (
        Observer.objects.standing()
        .filter(session=session)
        .exclude(partner__status=Partner.Status.LEFT)
        .select_related("partner__user", "person")
        .order_by("pk")
    )
    return [who for seat in seats if (who := seat.partner or seat.person) is not None]
