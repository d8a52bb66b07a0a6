"""What there is to read for a meeting: a file, or a link."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from assignments.models import Meeting, Paper
from assignments.services.refusals import MeetingError, told_by_constraints
from partners.services import files, uploads
from partners.services.refusal import Refusal

PAPERS_PER_MEETING = 20


class PaperError(MeetingError):
    """A paper cannot be added like this; `field` names what it is about, if one field is."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def add_paper(
    *,
    meeting: Meeting,
    by: User | None,
    now: datetime,
    title: str = "",
    link: str = "",
    uploaded: "UploadedFile[Any] | None" = None,
) -> Paper:
    """Put a file or a link to a meeting; a file without a title is called as it is named.

    Raises PaperError, also for a file that is not fit to be kept.
    """
    locked = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("programme")
        .get(pk=meeting.pk)
    )
    title = " ".join(title.split())
    if locked.status == Meeting.Status.CANCELLED:
        raise PaperError("This meeting is cancelled, and needs no papers.")
    if locked.papers.count() >= PAPERS_PER_MEETING:
        raise PaperError(f"A meeting has at most {PAPERS_PER_MEETING} papers. Take one away first.")
    if bool(link) == (uploaded is not None):
        raise PaperError("Choose a file or give a link, not both.", "file")
    file = None
    if uploaded is not None:
        try:
            checked = uploads.checked(uploaded)
        except Refusal as refusal:
            raise PaperError(str(refusal), "file") from refusal
        title = title or checked.name[:150]
        file = files.store(
            programme=locked.programme,
            name=checked.name,
            media_type=checked.media_type,
            content=[checked.content],
            now=now,
        )
    if not title:
        raise PaperError("Give the paper a title", "title")
    if len(title) > 150:
        raise PaperError("Shorten the title to 150 characters", "title")
    paper = Paper(meeting=locked, title=title, link=link, file=file, added_at=now, added_by=by)
    with told_by_constraints(Paper, PaperError):
        paper.save(force_insert=True)
    return paper


@transaction.atomic
def remove_paper(*, paper: Paper, by: User | None, now: datetime) -> None:
    """Take a paper away, and its file for good; one that is gone already stays gone."""
    del by, now  # the audit says who and when
    found = Paper.objects.select_for_update(of=("self",)).filter(pk=paper.pk).first()
    if found is None:
        return
    file = found.file
    found.delete()
    if file is not None:
        files.remove(file)
