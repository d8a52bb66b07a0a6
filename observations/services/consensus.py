"""What the observers of one consultation agree on, beside their own sheets, which stand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from observations.models import Consensus, Consultation, Observation
from observations.rules import sheets as rules
from observations.services.refusals import SheetError
from observations.services.sheet_facts import checked_marks, checked_words, items_of


@transaction.atomic
def consensus(
    *,
    consultation: Consultation,
    marks: Sequence[int | None],
    note: str,
    by: User,
    now: datetime,
) -> Consensus:
    """Keep the marks that the observers agreed on, one for each item in order of number.

    Written anew as often as they talk: what was agreed before stays. Raises SheetError before a
    partner and a peer have both submitted, for anybody but them, and for marks that are missing
    or off the scale and words that may tell who a patient is.
    """
    sheets = list(
        Observation.objects.submitted()
        .filter(consultation=consultation, observer__ended_at__isnull=True)
        .select_related("observer__partner", "observer__person", "version")
        .order_by("pk")
    )
    if not rules.may_agree_on(by, sheets):
        raise SheetError(
            "You can write down what you agree on once a partner and a peer have both submitted "
            "their sheets, and you are one of them."
        )
    version = sheets[0].version
    items = items_of(version)
    given = checked_marks(marks, version, items)
    for item, mark in zip(items, given, strict=True):
        if mark is None:
            raise SheetError("Choose the mark that you agree on.", f"item_{item.number}")
    kept: Consensus = Consensus.objects.create(
        consultation=consultation,
        marks=given,
        note=checked_words(note, "note", Consensus),
        written_at=now,
        written_by=by,
    )
    return kept
