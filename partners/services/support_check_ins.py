"""Talks with a partner about how things are."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.messages import queue_message
from partners.models import CheckIn, Partner
from partners.services.long_text import tidy_long
from partners.services.support import SupportError

LONGEST = 4000


@transaction.atomic
def write_check_in(
    *,
    partner: Partner,
    happened_on: date,
    by: User,
    now: datetime,
    shared: str = "",
    private: str = "",
    next_on: date | None = None,
) -> CheckIn:
    """Write down a talk: what both may read, what the author keeps to herself, and the next day.

    The partner is told that there is something to read, when there is.

    Raises SupportError when nothing was written, for a day to come, and for a next day that is not
    after this one.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    kept = CheckIn(
        partner=partner,
        happened_on=happened_on,
        author=by,
        shared=_checked("shared", shared),
        private=_checked("private", private),
        next_on=next_on,
        written_at=now,
    )
    if not kept.shared and not kept.private and not next_on:
        raise SupportError("Write a few words, for both of you or for yourself.", "shared")
    if happened_on > timezone.localdate(now):
        raise SupportError("The day must be today or in the past.", "happened_on")
    if next_on is not None and next_on <= happened_on:
        raise SupportError("The next talk must be after this one.", "next_on")
    kept.save()
    if kept.shared and partner.user is not None:
        queue_message(
            key=f"check-in:{kept.pk}",
            kind="check_in",
            programme=partner.programme,
            recipient=partner.user,
            to_name=partner.name,
            to_address=partner.email or partner.user.email,
            subject="What we talked about is written down",
            body=(
                f"Hello {partner.called},\n\n"
                f"{by.name} has written down what the two of you talked about, so that you can "
                "both look at it again. It is in the portal, for you and your coordinators."
            ),
            link=reverse("partners:check_ins"),
            link_label="Read it",
            now=now,
        )
    return kept


def _checked(field: str, text: str) -> str:
    tidy = tidy_long(text)
    if len(tidy) > LONGEST:
        raise SupportError(f"Shorten this to {LONGEST:,} characters; it has {len(tidy):,}.", field)
    return tidy
