"""Whether partners' needs were met at a meeting, and what was done where they were not.

What they write is theirs and the coordinators': it is in no message, and whoever organises the
meeting sees nothing of it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Q

from accounts.models import User
from assignments.models import Attendance, NeedsAnswer
from assignments.rules import needs as rules
from assignments.services.refusals import AssignmentsError
from partners.models import Need, Partner
from partners.services.refusal import check
from partners.services.register import tidy_text

_WORDS = {"answer": "Choose yes, partly or no.", "done": "Say what was done about it."}


class NeedsAnswerError(AssignmentsError):
    """What somebody says of their needs, or what was done, cannot be kept like this."""


def asked(partner: Partner, now: datetime) -> Q:
    """Which attendances of `partner` they are asked about: for 30 days after it was confirmed.

    Only who has told what they need is asked; everybody may answer.
    """
    needs = Q(Exists(Need.objects.filter(partner=partner)))
    return Q(
        ~Q(partner__access_needs="") | needs,
        partner=partner,
        outcome__in=rules.WAS_THERE,
        confirmed_at__gt=now - rules.ASKED_FOR,
        needs_answer__isnull=True,
    )


@dataclass(frozen=True)
class Told:
    """What stands on a meeting's page for whoever was there; `given` is None before they say."""

    given: NeedsAnswer | None
    may_say: bool


def told(attendance: Attendance, now: datetime) -> Told | None:
    """Whether `attendance`'s needs were met, for the partner alone; None while there is nothing.

    Everybody who was there may say, whether they told us of a need or not.
    """
    if not rules.was_there(attendance):
        return None
    given = NeedsAnswer.objects.filter(attendance=attendance).first()
    return Told(given, rules.may_change(given, now))


@transaction.atomic
def answer(
    *, attendance: Attendance, answer: str, by: User, now: datetime, note: str = ""
) -> NeedsAnswer:
    """Keep whether the partner's needs were met at the meeting, and a line about what was missing.

    It may be changed for 30 days; changed to anything but yes, it waits for a coordinator again.
    The same again changes nothing. Raises NeedsAnswerError.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=attendance.partner_id)
    locked = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("partner", "meeting")
        .get(pk=attendance.pk)
    )
    given = NeedsAnswer.objects.select_for_update(of=("self",)).filter(attendance=locked).first()
    if not rules.was_there(locked):
        raise NeedsAnswerError("We ask whoever was there. If you were, please tell us first.")
    if not rules.may_change(given, now):
        raise NeedsAnswerError("This was more than 30 days ago, so it stays as you said it.")
    row: NeedsAnswer = given or NeedsAnswer(attendance=locked, answered_at=now)
    said = answer, tidy_text(note)
    if given is not None and (row.answer, row.note) == said:
        return row
    row.answer, row.note = said
    row.seen_at = row.seen_by = None
    check(row, NeedsAnswerError, exclude={"attendance", "answered_at"}, words=_WORDS)
    row.save()
    return row


@transaction.atomic
def see_to(*, answer: NeedsAnswer, done: str, by: User, now: datetime) -> NeedsAnswer:
    """Say what was done about needs that were not met; the partner reads it.

    `answer` as it was read: when the partner has said something else since, nothing is kept.
    Raises NeedsAnswerError.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(
        pk=answer.attendance.partner_id
    )
    locked: NeedsAnswer = (
        NeedsAnswer.objects.select_for_update(of=("self",))
        .select_related("attendance__partner", "attendance__meeting")
        .get(pk=answer.pk)
    )
    if (locked.answer, locked.note) != (answer.answer, answer.note):
        raise NeedsAnswerError("They changed what they said a moment ago. Read it again first.")
    locked.done = tidy_text(done)
    if not locked.done:
        raise NeedsAnswerError(_WORDS["done"], "done")
    locked.seen_at, locked.seen_by = now, by
    check(locked, NeedsAnswerError, exclude={"attendance", "answered_at"}, words=_WORDS)
    locked.save()
    return locked
