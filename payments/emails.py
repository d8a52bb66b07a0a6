"""What partners are told about their claims: short, with a link, and nothing about the work."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Message
from accounts.services.messages import queue_message
from payments import rules
from payments.models import Claim


def tell_approved(*, claim: Claim, now: datetime) -> Message | None:
    """Queue "your claim is approved", once a claim."""
    return _queue(
        claim,
        now,
        kind="claim_approved",
        subject=f"Your claim of £{claim.total:,.2f} is approved",
        given_away=rules.given_away(claim.lines.live()),
        link_label="See your claim",
    )


def tell_question(*, claim: Claim, now: datetime) -> Message | None:
    """Queue "a question about your claim", once for each question."""
    return _queue(
        claim,
        now,
        kind="claim_question",
        subject=f"A question about your claim of £{claim.total:,.2f}",
        link_label="Read the question and answer",
        again=f":{claim.history.count()}",
    )


def _queue(
    claim: Claim,
    now: datetime,
    *,
    kind: str,
    subject: str,
    link_label: str,
    again: str = "",
    **words: Any,
) -> Message | None:
    partner = claim.partner
    return queue_message(
        key=f"{kind}:{claim.pk}{again}",
        kind=kind,
        programme=claim.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject,
        body=render_to_string(
            f"emails/payments/{kind}.txt", {"claim": claim, "partner": partner, **words}
        ).strip(),
        now=now,
        link=reverse("payments:claim", args=[claim.pk]),
        link_label=link_label,
    )
