"""A home for whoever works beside partners: clinics to answer, to rate and to learn from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from nhsuk.components import ToDo
from observations.models import ClinicSession, Observation, Observer, Reflection, Tally

SHOWN = 3


@dataclass(frozen=True)
class ClinicsHome:
    """What waits about observed clinics, and which doors are this person's."""

    to_do: list[ToDo]
    is_observed: bool
    observes: bool
    leads: bool

    @property
    def takes_part(self) -> bool:
        return self.is_observed or self.observes


def clinics_home(user: User, programme: Programme, now: datetime) -> ClinicsHome:
    """Gather what waits for `user`, who is no partner, about clinics of `programme`."""
    roles = {grant.role for grant in user.grants if grant.programme_id == programme.pk}
    observed = bool(roles & {Role.CLINICIAN, Role.CLINICAL_LEAD})
    observes = observed or Role.PEER_OBSERVER in roles
    today = timezone.localdate(now)
    to_do: list[ToDo] = []
    if observed:
        to_do += [*_to_agree(user, programme, today), *_to_reflect(user, programme)]
    if observes:
        to_do += [*_to_answer(user, programme, today), *_to_submit(user, programme)]
    return ClinicsHome(to_do, observed, observes, Role.CLINICAL_LEAD in roles)


def _to_agree(user: User, programme: Programme, today: date) -> list[ToDo]:
    asked = ClinicSession.objects.visible_to(user).of_clinician(user).coming(today)
    rows = asked.filter(programme=programme, status=ClinicSession.Status.ASKED)
    return [
        ToDo(
            title="Say whether your clinic may be observed",
            url=reverse("observations:clinic", args=[one.pk]),
            minutes=2,
            hint=f"{_spoken(one.day)}, {one.get_half_display().lower()}",
        )
        for one in rows.order_by("day", "pk")[:SHOWN]
    ]


def _to_reflect(user: User, programme: Programme) -> list[ToDo]:
    """There are figures of a month that no reflection covers yet."""
    latest = (
        Tally.objects.visible_to(user)
        .filter(clinician=user, programme=programme, sheets__gt=0)
        .exclude(side="self")
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    if latest is None:
        return []
    mine = Reflection.objects.visible_to(user).filter(clinician=user, last_month__gte=latest)
    if mine.exists():
        return []
    return [
        ToDo(
            title="Read your results, and reflect",
            url=reverse("observations:results"),
            minutes=10,
            hint=f"Sheets up to {latest:%B %Y}",
        )
    ]


def _to_answer(user: User, programme: Programme, today: date) -> list[ToDo]:
    seats = Observer.objects.of(user).filter(
        person=user,
        answer=Observer.Answer.INVITED,
        session__programme=programme,
        session__status=ClinicSession.Status.AGREED,
        session__day__gte=today,
    )
    rows = seats.select_related("session__team").order_by("session__day", "pk")
    return [
        ToDo(
            title=f"Could you observe a clinic? {seat.session.team}",
            url=reverse("observations:clinic", args=[seat.session_id]),
            minutes=1,
            hint=_spoken(seat.session.day),
        )
        for seat in rows[:SHOWN]
    ]


def _to_submit(user: User, programme: Programme) -> list[ToDo]:
    begun = Observation.objects.of(user).filter(
        observer__person=user,
        status=Observation.Status.DRAFT,
        consultation__session__programme=programme,
    )
    rows: Any = begun.order_by("consultation__session__day").values_list(
        F("consultation__session"), F("consultation__session__day")
    )
    return [
        ToDo(
            title="Submit the sheets that you began",
            url=reverse("observations:sheets", args=[session]),
            minutes=5,
            hint=f"Clinic of {_spoken(day)}",
        )
        for session, day in rows.distinct()[:SHOWN]
    ]


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
