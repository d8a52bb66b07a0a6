"""A home for whoever works beside partners: clinics to answer, to rate and to learn from."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from accounts.models import Programme, Role, User
from nhsuk.components import ToDo
from observations.models import Reflection, Tally
from observations.services import sessions

SHOWN = 5
# What waits for a clinician or an observer: in words, its page, and the minutes it takes.
_WAITS = {
    "agree": ("Say whether your clinic may be observed", "observations:clinic", 2),
    "counts": ("Say how many patients were asked", "observations:counts", 1),
    "answer": ("Could you observe a clinic? {}", "observations:clinic", 1),
    "sheets": ("Submit the sheets that you began", "observations:sheets", 5),
    "debrief": ("How was it to observe?", "observations:debrief", 2),
}


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
    waiting = sessions.waiting_for(user, now) if observes else []
    to_do = [_to_do(one) for one in waiting if one.session.programme_id == programme.pk][:SHOWN]
    if observed:
        to_do += _to_reflect(user, programme)
    return ClinicsHome(to_do, observed, observes, Role.CLINICAL_LEAD in roles)


def _to_do(waiting: sessions.Waiting) -> ToDo:
    """What waits about a clinic, as a line of the home."""
    title, name, minutes = _WAITS[waiting.what]
    session = waiting.session
    return ToDo(
        title=title.format(session.team),
        url=reverse(name, args=[session.pk]),
        minutes=minutes,
        hint=f"{_spoken(session.day)}, {session.get_half_display().lower()}",
    )


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


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
