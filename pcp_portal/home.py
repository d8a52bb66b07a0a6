"""A partner's home, gathered from every kind of business: next, to do, this month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateField, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Attendance, Offer, Opportunity
from assignments.rules.requests import takes_part
from assignments.services import needs_answers, pacing
from assignments.words import spoken_time
from nhsuk.components import NextThing, Step, ToDo
from nhsuk.templatetags.nhsuk import minutes as in_words
from nhsuk.templatetags.nhsuk import moment
from partners.models import Contribution, Impact, Partner, Round
from partners.services import farewell
from partners.services.impact import latest_impact
from payments.models import Claim
from payments.services import pricing

TO_DO_SHOWN = 5
ANSWERS_WITHIN = timedelta(days=28)


@dataclass(frozen=True)
class PartnerHome:
    """What a partner's home shows, in words."""

    partner: Partner
    next: NextThing | None
    to_do: list[ToDo]
    month: str
    so_far: str
    steps: list[Step]
    changed: Impact | None = None

    @property
    def is_new(self) -> bool:
        """Nothing done and nothing planned yet: the page is a welcome."""
        return bool(self.steps)


@dataclass(frozen=True)
class LeaverHome:
    """What somebody who left can still do, and until which moment."""

    partner: Partner
    until: datetime
    may_come_back: bool


def leaver_home(user: User, now: datetime) -> LeaverHome | None:
    """The grace of whoever left a programme; None for others, and once it is over or erased."""
    partner = farewell.left_last(user)
    left = farewell.last_left(partner) if partner else None
    if partner is None or left is None or farewell.is_erased(partner, left):
        return None
    until = left.at + farewell.GRACE
    if now >= until:
        return None
    return LeaverHome(partner, until, farewell.may_come_back(left, user, now))


def partner_home(partner: Partner, user: User, now: datetime) -> PartnerHome:
    """Gather `partner`'s home as `user`, who is that partner, sees it at `now`."""
    today = timezone.localdate(now)
    coming = list(
        Attendance.objects.visible_to(user)
        .filter(partner=partner, meeting__status="planned", meeting__ends_at__gt=now)
        .expected()
        .select_related("meeting__work_group")
        .order_by("meeting__starts_at", "pk")[:20]
    )
    ledger = Contribution.objects.visible_to(user).of(partner)
    totals = ledger.standing().aggregate(
        pieces=Count("pk"),
        # Before "minutes", whose name an aggregate after it would mean.
        of_month=Sum("minutes", filter=Q(happened_on__range=(today.replace(day=1), today))),
        minutes=Sum("minutes"),
        since=Min("happened_on"),
    )
    ready = pricing.ready_to_claim(partner=partner, contributions=ledger.claimable())
    queried = list(
        Claim.objects.visible_to(user).of(partner).filter(status__in=["queried", "draft"])[:2]
    )
    is_new = not coming and not totals["pieces"]
    asking = _asking(partner, user, now)
    return PartnerHome(
        partner=partner,
        next=_next(coming[0], today) if coming else None,
        to_do=[
            *asking["offer"],
            *asking["stand_in"],
            *_to_do(coming, ready, queried, now),
            *asking["needs"],
            *asking["opportunity"],
            *asking["round"],
        ][:TO_DO_SHOWN],
        month=pacing.month_in_words(partner, today, done=totals["of_month"] or 0, coming=coming),
        so_far=_so_far(totals),
        steps=_welcome(partner) if is_new else [],
        changed=None if is_new else latest_impact(partner),
    )


def _next(attendance: Attendance, today: date) -> NextThing:
    meeting, group = attendance.meeting, attendance.meeting.work_group
    place = meeting.place or group.place
    link = meeting.join_link or group.join_link
    if attendance.plan == Attendance.Plan.ONLINE:
        where = "You said you will join online."
    elif place and link and place.casefold() != "online":
        where = f"{place}, or join online"
    else:
        where = place or ("Online" if link else "We will tell you where.")
    preparation = (
        f"About {in_words(meeting.preparation_minutes)} to prepare."
        if meeting.preparation_minutes
        else ""
    )
    return NextThing(
        title=str(meeting),
        when=_when(meeting.starts_at, meeting.ends_at, today),
        where=where,
        url=reverse("assignments:meeting", args=[meeting.pk]),
        join_url=link,
        asks=" ".join(part for part in (meeting.asks, preparation) if part),
        contact_name=group.lead_name,
        contact_phone=group.contact_phone,
        cannot_url=reverse("assignments:meeting", args=[meeting.pk]) + "#answer",
    )


def _when(starts_at: datetime, ends_at: datetime, today: date) -> str:
    day = timezone.localdate(starts_at)
    said = spoken_time(starts_at, ends_at)
    near = {today: "Today", today + timedelta(days=1): "Tomorrow"}.get(day)
    return f"{near}, {said}" if near else said


def _to_do(
    coming: list[Attendance], ready: pricing.Ready, claims: list[Claim], now: datetime
) -> list[ToDo]:
    items = [
        ToDo(
            title="Answer a question about your claim",
            url=reverse("payments:claim", args=[claim.pk]),
            minutes=2,
        )
        for claim in claims
        if claim.status == Claim.Status.QUERIED
    ]
    items += [
        ToDo(
            title=f"Say whether you can come to {meeting}",
            url=reverse("assignments:meeting", args=[meeting.pk]),
            minutes=1,
            hint=moment(meeting.starts_at),
        )
        for meeting in (
            attendance.meeting
            for attendance in coming
            if attendance.plan == Attendance.Plan.UNANSWERED
            and attendance.meeting.starts_at < now + ANSWERS_WITHIN
        )
    ]
    if ready.pieces or any(claim.status == Claim.Status.DRAFT for claim in claims):
        items.append(ToDo(title=_claiming(ready), url=reverse("payments:money"), minutes=2))
    return items


# What asks for a yes, a no or a vote: its page, what it says of itself, and the minutes it takes.
_ASKING = {
    "offer": ("assignments:offer", "A place is yours to take: {}", 2),
    "stand_in": ("assignments:meeting", "Could you stand in? {}", 1),
    "needs": ("assignments:needs", "Were your needs met? {}", 1),
    "opportunity": ("assignments:opportunity", "Would you like to? {}", 2),
    "round": ("partners:round", "Vote: {}", 3),
}
_ASKING_SHOWN = 2


def _asking(partner: Partner, user: User, now: datetime) -> dict[str, list[ToDo]]:
    """What waits for an answer: offers, meetings past, opportunities and votes; in one query."""
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
        )
    )
    found: dict[str, list[ToDo]] = {what: [] for what in _ASKING}
    for what, row, title, until in first.union(*others, all=True):
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


def _claiming(ready: pricing.Ready) -> str:
    """What there is to do about money: nobody claims what they give away."""
    taken, given = ready.pieces - ready.given_away, ready.given_away
    work = f"{ready.pieces} piece{'' if ready.pieces == 1 else 's'} of work"
    if taken and given:
        return f"Claim for {taken} of {work}, and give away the money for {given}"
    if taken:
        return f"Claim for {work}"
    return f"Give away the money for {work}" if given else "Send your claim"


def _so_far(totals: dict[str, object]) -> str:
    pieces, minutes, since = totals["pieces"], totals["minutes"], totals["since"]
    if not pieces or not isinstance(minutes, int) or not isinstance(since, date):
        return ""
    # Of a long time the minutes say nothing any more.
    long = minutes >= 10 * 60
    given = f"{round(minutes / 60):,} hours" if long else in_words(minutes)
    return (
        f"Since {since:%B %Y} you have given {given} "
        f"in {pieces:,} piece{'' if pieces == 1 else 's'} of work. Thank you."
    )


def _welcome(partner: Partner) -> list[Step]:
    profile = reverse("partners:profile")
    return [
        Step(
            title="Look at your profile",
            text="Is your name right, and how we reach you?",
            url=profile,
            minutes=3,
        ),
        Step(
            title="Tell us what helps you take part",
            text="Breaks, large print, a hearing loop: whatever it is.",
            url=reverse("partners:access"),
            minutes=3,
            done=bool(partner.access_needs) or partner.needs.exists(),
        ),
        Step(
            title="Add something you have done already",
            text="A talk, a panel, a piece of research: your portfolio starts with it.",
            url=reverse("partners:add_contribution"),
            minutes=3,
        ),
    ]
