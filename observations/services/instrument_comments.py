"""What people think of a draft, item by item, and what came of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, RoleGrant, User
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import InstrumentVersion, Item, ItemComment
from observations.services.instruments import locked_draft
from observations.services.refusals import InstrumentError
from partners.services.refusal import check

# Who somebody is to the others, the first that fits: a partner who is staff too speaks as one.
SIDES = (
    (Role.PARTNER, "A partner"),
    (Role.PEER_OBSERVER, "A peer observer"),
    (Role.CLINICIAN, "A clinician"),
    (Role.CLINICAL_LEAD, "A clinical lead"),
    (Role.COORDINATOR, "A coordinator"),
)
_CHECKED_ELSEWHERE = {"version", "item", "written_by", "answered_by"}
SOMEBODY = "Somebody who took part"


def _words(text: str, field: str) -> str:
    text = "\n".join(text.splitlines()).strip()
    try:
        identifies_no_patient(text)
    except ValidationError as error:
        raise InstrumentError(error.messages[0], field) from error
    return text


@transaction.atomic
def comment(
    *, version: InstrumentVersion, text: str, by: User, now: datetime, item: Item | None = None
) -> ItemComment:
    """Say what one thinks of a draft: of `item`, or of the whole.

    Raises InstrumentError when nobody is asked any more, for an empty text, and for words that
    tell who a patient is.
    """
    draft = locked_draft(version)
    if not draft.comments_open:
        raise InstrumentError("Comments on this draft are closed.")
    if item is not None and item.version_id != draft.pk:
        raise InstrumentError("This item is not of this draft any more.")
    said = ItemComment(
        version=draft, item=item, written_by=by, text=_words(text, "text"), said_at=now
    )
    words = {"text": "Write what you think."}
    check(said, InstrumentError, exclude=_CHECKED_ELSEWHERE, words=words)
    said.save(force_insert=True)
    return said


@transaction.atomic
def take_back(*, comment: ItemComment, by: User, now: datetime) -> None:
    """Take away what one said oneself, while nobody has answered it.

    Raises InstrumentError when it has an answer, is somebody else's, or comments are closed.
    """
    draft = locked_draft(comment.version)
    found = ItemComment.objects.select_for_update(of=("self",)).filter(pk=comment.pk).first()
    if found is None:
        return
    if found.answered_at is not None:
        raise InstrumentError("Somebody has answered this by now, so it stays.")
    if found.written_by_id != by.pk or not draft.comments_open:
        raise InstrumentError("This cannot be taken back.")
    found.delete()


@transaction.atomic
def answer(*, comment: ItemComment, answer: str, by: User, now: datetime) -> ItemComment:
    """Say what came of a comment; may be said anew. The version may be in use by then.

    Raises InstrumentError for an empty answer, and for words that tell who a patient is.
    """
    locked: ItemComment = ItemComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    locked.answer = _words(answer, "answer")
    if not locked.answer:
        raise InstrumentError("Say what came of it.", "answer")
    locked.answered_at, locked.answered_by = now, by
    check(locked, InstrumentError, exclude=_CHECKED_ELSEWHERE)
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    return locked


def sides_of(comments: list[ItemComment], programme_pk: int) -> dict[int, str]:
    """Who wrote each comment, as others are told: "A partner", by the author's id. One query."""
    authors = {one.written_by_id for one in comments}
    held: dict[int, set[str]] = {author: set() for author in authors}
    grants = RoleGrant.objects.current().filter(user__in=authors, programme=programme_pk)
    for author, role in grants.values_list("user", "role"):
        held[author].add(role)
    return {
        author: next((words for role, words in SIDES if role in roles), SOMEBODY)
        for author, roles in held.items()
    }
