"""Observers' words, read for names before the clinician reads them.

The words as they were written stay on the observation. Who reads them here is told neither by
whom they are nor which marks stood beside them.
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import Comment, Item
from observations.services import tallies
from observations.services.refusals import ResultsError
from partners.services.long_text import tidy_long

_MEANWHILE = "Somebody else has read this meanwhile. Look at it again."
_Status = Comment.Status


@transaction.atomic
def clear(
    *,
    comment: Comment,
    text: str,
    theme: Item | None,
    by: User,
    now: datetime,
    was: str = _Status.WAITING,
) -> Comment:
    """Let the clinician read `text`, which tells on nobody; `theme` is the item it is about.

    `was` is the state in which the reader saw it. Raises ResultsError when that has changed, for
    the clinician it is about, and for words that cannot be kept.
    """
    row = _locked(comment, by, was)
    words = tidy_long(text)
    if not words:
        raise ResultsError("Write something, or hold it back.", "text")
    limit = Comment._meta.get_field("text").max_length or 0
    if len(words) > limit:
        raise ResultsError(f"Shorten this to {limit:,} characters; it has {len(words):,}.", "text")
    if "\0" in words:
        raise ResultsError("There is a character here that cannot be kept.", "text")
    try:
        identifies_no_patient(words)
    except ValidationError as error:
        raise ResultsError(error.messages[0], "text") from error
    if theme is not None and theme.version_id != row.observation.version_id:
        raise ResultsError("Choose an item of the same instrument.", "theme")
    row.text, row.theme = words, theme
    _read(row, _Status.CLEARED, by, now)
    tallies.recount([row.observation.consultation.session])  # what it was about is counted
    return row


@transaction.atomic
def hold_back(*, comment: Comment, by: User, now: datetime, was: str = _Status.WAITING) -> Comment:
    """Keep a comment from the clinician. Raises ResultsError as `clear` does."""
    row = _read(_locked(comment, by, was), _Status.HELD_BACK, by, now)
    if was == _Status.CLEARED:
        tallies.recount([row.observation.consultation.session])
    return row


@transaction.atomic
def clear_as_they_are(*, comments: Collection[Comment], by: User, now: datetime) -> int:
    """Clear waiting comments whose words need no change; how many were still waiting."""
    return _read_all(comments, _Status.CLEARED, by, now)


@transaction.atomic
def hold_all_back(*, comments: Collection[Comment], by: User, now: datetime) -> int:
    """Hold waiting comments back; how many were still waiting."""
    return _read_all(comments, _Status.HELD_BACK, by, now)


def _read_all(comments: Collection[Comment], status: str, by: User, now: datetime) -> int:
    rows = (
        Comment.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in comments], status=_Status.WAITING)
        .to_read_by(by)
        .select_related("observation__consultation__session")
        .order_by("pk")
    )
    read = [_read(row, status, by, now) for row in rows]
    if status == _Status.CLEARED:
        tallies.recount([row.observation.consultation.session for row in read])
    return len(read)


def _locked(comment: Comment, by: User, was: str) -> Comment:
    row: Comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("observation__consultation__session")
        .get(pk=comment.pk)
    )
    if row.observation.consultation.session.clinician_id == by.pk:
        raise ResultsError("This is about your own clinic: somebody else reads it first.")
    if not Comment.objects.to_read_by(by).filter(pk=row.pk).exists():
        raise ResultsError(
            "You observe this clinic too: submit your own sheet of the consultation first, or let "
            "another coordinator read this."
        )
    if row.status != was:
        raise ResultsError(_MEANWHILE)
    return row


def _read(row: Comment, status: str, by: User, now: datetime) -> Comment:
    row.status, row.read_at, row.read_by = status, now, by
    row.save(update_fields=["text", "theme", "status", "read_at", "read_by"])
    return row
