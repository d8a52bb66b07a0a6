"""Putting right what is held about somebody: asked for, and answered with what became of it."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.services.messages import queue_message
from partners.models import Correction, Partner
from partners.rules import my_data as rules
from partners.services.long_text import tidy_long
from partners.services.refusal import Refusal, check
from workflow.transitions import begin, transition

MOST_OPEN = 20
_WORDS = {"about": "Say what it is about.", "text": "Say what is wrong, and what would be right."}


class CorrectionError(Refusal):
    """The request cannot be kept, or not be answered like this."""


@transaction.atomic
def ask(*, partner: Partner, about: str, text: str, by: User, now: datetime) -> Correction:
    """A partner asks that something be put right; it waits for the coordinators.

    Raises CorrectionError for an empty or overlong text, and for somebody else's partner row.
    """
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if not rules.may_ask_for_correction(by, locked):
        raise CorrectionError("Only the partner can ask for this.")
    if locked.corrections.filter(status=Correction.Status.ASKED).count() >= MOST_OPEN:
        raise CorrectionError(
            f"You have asked for {MOST_OPEN} things. Wait until some of them are answered."
        )
    row = Correction(
        partner=locked, about=" ".join(about.split()), text=tidy_long(text), asked_at=now
    )
    check(row, CorrectionError, exclude={"partner", "answer"}, words=_WORDS)
    row.save()
    begin(row, by=by, now=now)
    return row


@transaction.atomic
def answer(
    *, correction: Correction, was_made: bool, answer: str, by: User, now: datetime
) -> Correction:
    """Say what was put right, or why nothing was; the partner is told that there is an answer.

    Raises CorrectionError without words, and for somebody who may not answer it; IllegalMoveError
    when somebody else has answered meanwhile.
    """
    locked = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("partner__programme", "partner__user")
        .get(pk=correction.pk)
    )
    words = tidy_long(answer)
    if not words:
        raise CorrectionError("Say what was done, and why.", "answer")
    to = Correction.Status.MADE if was_made else Correction.Status.REFUSED
    if locked.status == Correction.Status.ASKED and not rules.may_answer_correction(by, locked):
        raise CorrectionError("Another coordinator has to answer this one.")
    correction.answer = words
    check(correction, CorrectionError, exclude={"partner"})
    transition(correction, to, by=by, now=now, answer=words, answered_at=now)
    _tell(locked.partner, correction, now)
    return correction


def _tell(partner: Partner, correction: Correction, now: datetime) -> None:
    user = partner.user
    queue_message(
        key=f"correction:{correction.pk}",
        kind="correction_answered",
        programme=partner.programme,
        recipient=user,
        to_name=partner.called,
        to_address=partner.email or (user.email if user else None),
        subject="An answer about your data",
        body=(
            f"Hello {partner.called},\n\n"
            "You asked us to put something right in what we hold about you. There is an answer.\n\n"
            "If you are not content with it, say so to your coordinator. You can also complain to "
            "the Information Commissioner’s Office."
        ),
        link=reverse("partners:my_data"),
        link_label="Read the answer",
        now=now,
    )
