"""What partners say to an opportunity."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assignments.models import Interest, Opportunity
from assignments.rules import requests as rules
from assignments.services.refusals import InterestError
from partners.models import Partner
from partners.services.refusal import check


@transaction.atomic
def say(
    *,
    opportunity: Opportunity,
    partner: Partner,
    answer: str,
    line: str,
    by: User | None,
    now: datetime,
) -> Interest:
    """Record `partner`'s answer, in the place of an earlier one, while answers are taken.

    Raises InterestError.
    """
    del by  # the audit says who
    # Partner, then source row: the lock order of every service.
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    asked = Opportunity.objects.select_for_update(of=("self",), no_key=True).get(pk=opportunity.pk)
    if not rules.is_open(asked, timezone.localdate(now)):
        raise InterestError(
            "This takes no more answers. If you would have liked to, tell your coordinator."
        )
    if not rules.takes_part(partner):
        raise InterestError("This is for partners who take part now.")
    if not Opportunity.objects.asking(partner).filter(pk=asked.pk).exists():
        raise InterestError("This asks other partners.")
    row = Interest.objects.filter(opportunity=asked, partner=partner).first()
    row = row or Interest(opportunity=asked, partner=partner)
    row.answer, row.line, row.said_at = answer, " ".join(line.split()), now
    words = {"answer": "Choose yes, maybe or not now."}
    check(row, InterestError, exclude={"id", "opportunity", "partner"}, words=words)
    row.save()
    return row
