"""Recordings to practise on, and marks that are close to theirs or not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from observations.models import InstrumentVersion, PracticeRating, PracticeRecording
from observations.rules.calibration import Limits
from observations.services import calibration as services
from observations.services import recordings

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
AGREED = [2, 1, 3, 2, 0, 1, 2, 3]
LIMITS = Limits(3, Decimal("0.50"), Decimal("10.0"), 12)


def recording(version: InstrumentVersion, **values: Any) -> PracticeRecording:
    number = PracticeRecording.objects.count() + 1
    facts: dict[str, Any] = {
        "title": f"Recording {number}",
        "where": "The shelf in the library",
        "minutes": 12,
        "marks": AGREED,
        "agreed_by": "Two partners and two physiotherapists",
    }
    return recordings.add_recording(version=version, by=None, now=NOW, **{**facts, **values})


def rate(row: PracticeRecording, marks: list[int | None], **values: Any) -> PracticeRating:
    return services.rate(recording=row, marks=marks, by=None, **{"now": NOW, **values})


def off(*changes: tuple[int, int]) -> list[int | None]:
    """The agreed marks with some of them changed: (number of the item, by how much)."""
    marks: list[int | None] = list(AGREED)
    for number, by in changes:
        marks[number - 1] = AGREED[number - 1] + by
    return marks


def is_calibrated(version: InstrumentVersion, *, day: date, **one: Any) -> bool:
    """Whether the `partner` or `person` is calibrated that day."""
    found = services.calibrated_ids(
        version=version,
        partners=[one["partner"]] if one.get("partner") else [],
        people=[one["person"]] if one.get("person") else [],
        day=day,
    )
    return bool(found.partners | found.people)
