"""What partners are told of their places: that they have one, that it ends, and thanks."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.services.messages import call_back, queue_message
from assignments.models import Assignment, Attendance, Meeting
from assignments.services.calendars import entry
from assignments.words import spoken_day

# More of them make a letter heavy; the feed has them all.
_ENTRIES = 30


def tell_placed(place: Assignment, today: date, now: datetime) -> None:
    """They are down for the group, or stand in for others there."""
    group = place.work_group
    since = "from today" if place.starts_on <= today else f"from {spoken_day(place.starts_on)}"
    if place.stands_in:
        subject = f"You stand in for others in {group.called}"
        body = [
            f"Thank you for standing in for others in {group.called}, {since}.",
            "When somebody cannot come, we ask you. You may always say no.",
        ]
    else:
        subject = f"You are down for {group.called}"
        body = [f"{subject}, {since}."]
        if group.lead_name:
            body.append(f"{group.lead_name} leads it and looks forward to working with you.")
        body.append("Your diary shows when it meets and what each meeting asks of you.")
    link = reverse("assignments:work_group", args=[group.pk])
    _write(
        place,
        _placed_key(place),
        "placed",
        subject,
        body,
        link,
        "See what it is about",
        now,
        calendar=entry(_coming(place, now)),
    )


def _coming(place: Assignment, now: datetime) -> QuerySet[Meeting]:
    """The meetings of the group that they are down for, the next first."""
    mine = Attendance.objects.filter(partner=place.partner).values("meeting")
    ahead = Meeting.objects.ahead(now).filter(work_group=place.work_group, pk__in=mine)
    return ahead.select_related("work_group")[:_ENTRIES]


def call_back_placed(place: Assignment) -> None:
    """Tell nobody any more of a place that is over."""
    call_back(key=_placed_key(place))


def thank(place: Assignment, now: datetime) -> None:
    """Their place ends, or has ended."""
    group = place.work_group
    ends = "ends today" if place.ends_on == timezone.localdate(now) else "has ended"
    body = [
        f"Your place in {group.called} {ends}. Thank you for your time and all you brought to it.",
        "Your portfolio keeps everything you did.",
    ]
    link, label = reverse("partners:portfolio"), "See your portfolio"
    if place.thanks:
        body.append("We wrote you a line of thanks. It stands with your place in the portal.")
        link, label = _page_of(place), "Read it"
    subject = f"Thank you for your time in {group.called}"
    _write(place, f"thanked:{place.pk}", "place_ended", subject, body, link, label, now)


def tell_of_thanks(place: Assignment, now: datetime) -> None:
    """A line of thanks was written after their place ended; the line itself stays in the portal."""
    subject = f"Thank you for your time in {place.work_group.called}"
    body = [
        f"We wrote you a line of thanks for your time in {place.work_group.called}.",
        "It stands with your place in the portal.",
    ]
    key, link = f"thanks:{place.pk}", _page_of(place)
    _write(place, key, "thanks_for_place", subject, body, link, "Read it", now)


def _placed_key(place: Assignment) -> str:
    return f"stands_in:{place.pk}" if place.stands_in else f"placed:{place.pk}"


def _page_of(place: Assignment) -> str:
    return reverse("assignments:place", args=[place.pk])


def _write(
    place: Assignment,
    key: str,
    kind: str,
    subject: str,
    body: list[str],
    link: str,
    label: str,
    now: datetime,
    calendar: str = "",
) -> None:
    partner = place.partner
    queue_message(
        key=key,
        kind=kind,
        programme=place.work_group.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=link,
        link_label=label,
        now=now,
        calendar=calendar,
    )
