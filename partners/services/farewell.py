"""What is said to a partner who leaves, and how long their own words are kept after."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.services.messages import queue_message
from partners.models import Partner, PartnerHistory
from partners.models.partner import Stage

# Long enough to come back after a bad month; short enough to keep the promise.
GRACE = timedelta(days=30)


def last_left(partner: Partner) -> PartnerHistory | None:
    """When and by whom a partner who has left came to that stage; None for whoever is here."""
    if partner.status != Stage.LEFT:
        return None
    found: PartnerHistory | None = partner.history.filter(to_status=Stage.LEFT).last()
    return found


def left_last(user: User) -> Partner | None:
    """The partner row that somebody who signs in left last; what is not erased yet comes first."""
    gone = Partner.objects.of(user).filter(status=Stage.LEFT).select_related("programme")
    found: Partner | None = gone.order_by("erased_at", "-pk").last()
    return found


def may_come_back(left: PartnerHistory, user: User, now: datetime) -> bool:
    """Who left by themselves takes it back while the grace lasts."""
    return left.by_id == user.pk and now < left.at + GRACE


def is_erased(partner: Partner, left: PartnerHistory) -> bool:
    """What they wrote is gone already, since they left last."""
    return partner.erased_at is not None and partner.erased_at >= left.at


def say_goodbye(*, partner: Partner, now: datetime) -> None:
    """Tell somebody who left what is kept until when, and what they can choose."""
    left = last_left(partner)
    if left is None:
        return
    user, address = partner.user, partner.email
    day = date_format(timezone.localdate(left.at + GRACE), "j F Y")
    queue_message(
        key=f"left:{partner.pk}:{left.pk}",
        kind="left",
        programme=partner.programme,
        recipient=user,
        to_name=partner.called,
        to_address=address or (user.email if user else None),
        subject="You have left, and thank you",
        body=(
            f"Hello {partner.called},\n\n"
            f"You have left {partner.programme.name}. Thank you for the time you gave.\n\n"
            f"What you wrote here is kept until {day}, in case you come back. After that day it is "
            "erased. What was paid for is kept for as long as the rules for money ask.\n\n"
            "Until then you can take a copy of it, give a story to the programme, or have it all "
            "erased at once."
        ),
        link=reverse("partners:leaving") if user else "",
        link_label="See what happens to what you wrote" if user else "",
        now=now,
    )
