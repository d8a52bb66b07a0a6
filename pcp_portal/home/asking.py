"""What waits for a partner's yes, no, vote or sheet, from every kind of business in one query."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Attendance, Offer, Opportunity
from assignments.rules.requests import takes_part
from assignments.services import needs_answers
from nhsuk.components import ToDo
from observations.models import Observation, Observer
from partners.models import Partner, Round

# What asks for a yes, a no or a vote: its page, what it says of itself, and the minutes it takes.
_ASKING = {
    "offer": ("assignments:offer", "A place is yours to take: {}", 2),
    "stand_in": ("assignments:meeting", "Could you stand in? {}", 1),
    "needs": ("assignments:needs", "Were your needs met? {}", 1),
    "opportunity": ("assignments:opportunity", "Would you like to? {}", 2),
    "round": ("partners:round", "Vote: {}", 3),
    "invitation": ("observations:clinic", "Could you observe a clinic? {}", 1),
    "sheets": ("observations:sheets", "Submit your sheets: clinic, {}", 5),
}
NEXT_CLINIC = "clinic"
_ASKING_SHOWN = 2


@dataclass(frozen=True)
class Asked:
    """One line of what waits: the row it is about, what it is called, and until when."""

    row: int
    title: str
    until: date | None


def asking_of(partner: Partner, user: User, now: datetime) -> dict[str, list[Any]]:
    """What waits for an answer, as to-dos by kind; and under NEXT_CLINIC the clinic that is next.

    Offers, meetings past, opportunities, votes, invitations to observe and sheets begun; one query.
    """
    today = timezone.localdate(now)
    offers = (
        Offer.objects.visible_to(user)
        .filter(partner=partner, status=Offer.Status.OFFERED)
        .order_by("answer_by", "pk")
    )
    opportunities = (
        Opportunity.objects.visible_to(user)
        .asking(partner)
        .open(today)
        .exclude(interests__partner=partner)
        .exclude(offers__partner=partner)
        .order_by(F("closes_on").asc(nulls_last=True), "-published_at", "-pk")
    )
    if not takes_part(partner):
        opportunities = opportunities.none()
    rounds = (
        Round.objects.visible_to(user)
        .filter(programme=partner.programme_id, status=Round.Status.VOTING, closes_on__gte=today)
        .exclude(ballots__voter=user)
        .order_by("closes_on", "pk")
    )
    past = (
        Attendance.objects.visible_to(user)
        .filter(needs_answers.asked(partner, now))
        .order_by("-meeting__starts_at", "pk")
    )
    stand_ins = (
        Attendance.objects.visible_to(user)
        .filter(partner=partner, stands_in=True, plan=Attendance.Plan.UNANSWERED)
        .filter(meeting__status="planned", meeting__starts_at__gt=now)
        .order_by("meeting__starts_at", "pk")
    )
    seats = Observer.objects.of(user).filter(partner=partner, session__status="agreed")
    invited = seats.filter(answer="invited", session__day__gte=today).order_by("session__day", "pk")
    clinics = seats.filter(answer="yes", session__day__gte=today).order_by("session__day", "pk")
    begun = Observation.objects.of(user).filter(status=Observation.Status.DRAFT)
    unsent = Observer.objects.filter(pk__in=begun.values("observer"), partner=partner)
    unsent = unsent.order_by("session__day", "pk")
    team, day = F("session__team__name"), F("session__day")
    meeting_day = TruncDate("meeting__starts_at", output_field=DateField())
    called = Coalesce(NullIf("meeting__title", Value("")), "meeting__work_group__name")
    first, *others = (
        _lines(what, rows, row, title, until)
        for what, rows, row, title, until in (
            ("round", rounds, "pk", F("title"), F("closes_on")),
            ("opportunity", opportunities, "pk", F("title"), F("closes_on")),
            ("offer", offers, "pk", F("opportunity__title"), F("answer_by")),
            ("stand_in", stand_ins, "meeting", called, meeting_day),
            ("needs", past, "meeting", called, Value(None, output_field=DateField())),
            ("invitation", invited, "session", team, day),
            ("sheets", unsent, "session", team, Value(None, output_field=DateField())),
            (NEXT_CLINIC, clinics, "session", team, day),
        )
    )
    found: dict[str, list[Any]] = {what: [] for what in (*_ASKING, NEXT_CLINIC)}
    for what, row, title, until in first.union(*others, all=True):
        if what == NEXT_CLINIC:
            found[what].append(Asked(row, title, until))
            continue
        name, words, minutes = _ASKING[what]
        found[what].append(
            ToDo(
                title=words.format(title),
                url=reverse(name, args=[row]),
                minutes=minutes,
                hint=f"Until {until:%A} {until.day} {until:%B}" if until else "",
            )
        )
    return found


def _lines(what: str, rows: QuerySet[Any], row: str, title: Any, until: Any) -> QuerySet[Any]:
    """The first of `rows` as they stand beside others: what they are, id, title and last day."""
    told = rows.annotate(
        asks=Value(what, output_field=CharField()), asks_title=title, asks_until=until
    )
    return told.values_list("asks", row, "asks_title", "asks_until")[:_ASKING_SHOWN]
