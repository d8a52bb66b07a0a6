"""Something that worries somebody: it reaches the programme's named lead, and nobody else."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import Programme, User
from accounts.services.messages import queue_message
from partners.models import Concern
from partners.rules import support as rules
from partners.services.long_text import tidy_long
from partners.services.support import SupportError
from workflow.transitions import begin, transition

LONGEST_TEXT = 10_000
LONGEST_OUTCOME = 4000
# Kept from the coordinators' queue of messages: that there is a concern is nobody else's business.
KIND = "concern"


@transaction.atomic
def raise_concern(
    *, programme: Programme, text: str, by: User, now: datetime, wants_call: bool = False
) -> Concern:
    """Bring a concern to the programme's named lead, who is told that there is one.

    Raises SupportError for an empty or overlong text, and where nobody is named to hear it.
    """
    words = tidy_long(text)
    if not words:
        raise SupportError("Say what worries you, in your own words.", "text")
    if len(words) > LONGEST_TEXT:
        raise SupportError(
            f"Shorten this to {LONGEST_TEXT:,} characters; it has {len(words):,}.", "text"
        )
    lead = rules.lead_for(by, programme)
    if lead is None:
        raise SupportError("Nobody can take this here just now. Please ring or write instead.")
    concern = Concern.objects.create(
        programme=programme,
        raised_by=by,
        lead=lead,
        text=words,
        wants_call=wants_call,
        raised_at=now,
    )
    begin(concern, by=by, now=now)
    _tell(
        concern,
        lead,
        subject="Somebody has come to you with a concern",
        body="Somebody has written to you through the portal. Nobody else can read it.",
        about="raised",
        now=now,
    )
    return concern


@transaction.atomic
def take_up(*, concern: Concern, by: User, now: datetime) -> Concern:
    """Say that it has been read and is being looked into.

    Raises IllegalMoveError when that was said before.
    """
    transition(concern, Concern.Status.SEEN, by=by, now=now)
    return concern


@transaction.atomic
def close_concern(*, concern: Concern, outcome: str, by: User, now: datetime) -> Concern:
    """End it by saying what was done; who raised it is told that there is an answer.

    Raises SupportError for an empty or overlong answer, IllegalMoveError when it is closed.
    """
    words = tidy_long(outcome)
    if not words:
        raise SupportError("Say what was done. Who raised it reads this.", "outcome")
    if len(words) > LONGEST_OUTCOME:
        raise SupportError(
            f"Shorten this to {LONGEST_OUTCOME:,} characters; it has {len(words):,}.", "outcome"
        )
    transition(
        concern,
        Concern.Status.CLOSED,
        by=by,
        now=now,
        outcome=words,
        closed_at=now,
        closed_by=by,
    )
    if concern.raised_by is not None:
        _tell(
            concern,
            concern.raised_by,
            subject="There is an answer for you",
            body="There is an answer to what you wrote to us. It waits for you in the portal.",
            about="answered",
            now=now,
        )
    return concern


def _tell(
    concern: Concern, to: User, *, subject: str, body: str, about: str, now: datetime
) -> None:
    queue_message(
        key=f"concern:{concern.pk}:{about}",
        kind=KIND,
        programme=concern.programme,
        recipient=to,
        to_name=to.name,
        to_address=to.email,
        subject=subject,
        body=f"Hello {to.name},\n\n{body} For your privacy we say no more in an e-mail.",
        link=reverse("partners:concern", args=[concern.pk]),
        link_label="Read it in the portal",
        now=now,
    )
