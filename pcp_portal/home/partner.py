"""A partner's home, gathered from every kind of business: next, to do, this month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Attendance
from assignments.services import pacing
from assignments.words import spoken_time
from nhsuk.components import NextThing, Step, ToDo
from nhsuk.templatetags.nhsuk import minutes as in_words
from nhsuk.templatetags.nhsuk import moment
from partners.models import Contribution, Impact, Partner
from partners.services.impact import latest_impact
from payments.models import Claim
from payments.services import pricing
from pcp_portal.home.asking import NEXT_CLINIC, Asked, asking_of

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
    asking = asking_of(partner, user, now)
    clinic = asking.pop(NEXT_CLINIC)
    is_new = not coming and not clinic and not totals["pieces"]
    return PartnerHome(
        partner=partner,
        next=_first(coming, clinic, today),
        to_do=[
            *asking["offer"],
            *asking["stand_in"],
            *asking["sheets"],
            *asking["invitation"],
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


def _first(coming: list[Attendance], clinics: list[Asked], today: date) -> NextThing | None:
    """The first of what is coming: a meeting, or a clinic to observe."""
    meeting = coming[0] if coming else None
    if clinics and clinics[0].until is not None:
        day = clinics[0].until
        if meeting is None or day < timezone.localdate(meeting.meeting.starts_at):
            return _next_clinic(clinics[0], day, today)
    return _next(meeting, today) if meeting else None


def _next_clinic(clinic: Asked, day: date, today: date) -> NextThing:
    near = {today: "Today", today + timedelta(days=1): "Tomorrow"}.get(day)
    said = f"{day:%A} {day.day} {day:%B}"
    url = reverse("observations:clinic", args=[clinic.row])
    return NextThing(
        title=f"Observe a clinic: {clinic.title}",
        when=f"{near}, {said}" if near else said,
        where="The clinic’s page says where, and at which time of day.",
        url=url,
        asks="Rate each consultation on your phone as soon as it is over.",
        cannot_url=url,
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
