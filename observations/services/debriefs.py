"""How it was to observe: the observer's own, but for the wish to talk to somebody."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from observations.models import Debrief, Observer
from observations.rules import sessions as rules
from observations.services.refusals import SessionError
from observations.services.sessions import check_words
from partners.services.refusal import check


@transaction.atomic
def say(
    *,
    observer: Observer,
    feeling: str,
    note: str,
    wants_talk: bool,
    by: User,
    now: datetime,
) -> Debrief:
    """Keep how it was for an observer; they may change it. A coordinator reads the wish alone.

    Who asks to talk again after they talked is put down anew. Raises SessionError for anybody
    else's, before the day, and for words that may tell who a patient is.
    """
    locked = (
        Observer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("session", "partner")
        .get(pk=observer.pk)
    )
    if not rules.is_ones_own(by, locked):
        raise SessionError("This is for the observer alone to say.")
    if not rules.may_debrief(locked, timezone.localdate(now)):
        raise SessionError("This is for after the clinic.")
    note = note.replace("\r\n", "\n").strip()
    check_words(note, "note")
    before = Debrief.objects.filter(observer=locked).first()
    row = before or Debrief(observer=locked)
    talked = row.talked_at if before and before.wants_talk and wants_talk else None
    if before and before.talked_at and wants_talk and note != before.note:
        talked = None
    row.feeling, row.note, row.wants_talk = feeling, note, wants_talk
    row.said_at, row.talked_at = now, talked
    check(row, SessionError, exclude={"id", "observer"})
    row.save()
    return row


@transaction.atomic
def talked(*, debrief: Debrief, by: User, now: datetime) -> Debrief:
    """A coordinator talked with somebody who wished to. Twice changes nothing.

    Raises SessionError where nobody wishes to any more.
    """
    locked: Debrief = Debrief.objects.select_for_update(of=("self",), no_key=True).get(
        pk=debrief.pk
    )
    if not locked.wants_talk:
        raise SessionError("They do not wish to talk any more.")
    if locked.talked_at is None:
        locked.talked_at = now
        locked.save(update_fields=["talked_at"])
    debrief.talked_at = locked.talked_at
    return locked
