"""Recordings that people practise on: where each is, and the marks that were agreed for it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from nhsuk.forms.free_text import identifies_no_patient, identifies_nobody
from observations.models import InstrumentVersion, PracticeRating, PracticeRecording
from observations.services.calibration import measure_of
from observations.services.refusals import CalibrationError, told_by_constraints
from partners.services.refusal import check

CHANGEABLE = frozenset({"title", "where", "minutes", "marks", "agreed_by"})
_NOT_TYPED = {"version", "marks", "retired_at"}


@transaction.atomic
def add_recording(
    *,
    version: InstrumentVersion,
    title: str,
    where: str,
    minutes: int,
    marks: Sequence[int | None],
    agreed_by: str,
    by: User | None,
    now: datetime,
) -> PracticeRecording:
    """Add a recording to practise on: where it is, and the marks agreed for it, item by item.

    Raises CalibrationError for marks that do not fit the version, and a version that is retired.
    """
    if version.status == InstrumentVersion.Status.RETIRED:
        raise CalibrationError("This version is not used any more. Choose another.", "version")
    recording = PracticeRecording(
        version=version,
        title=" ".join(title.split()),
        where=where.replace("\r\n", "\n").strip(),
        minutes=minutes,
        marks=list(marks),
        agreed_by=" ".join(agreed_by.split()),
    )
    _checked(recording)
    with told_by_constraints(
        PracticeRecording,
        CalibrationError,
        practice_recording_has_title="title",
        practice_recording_has_where="where",
    ):
        recording.save(force_insert=True)
    return recording


@transaction.atomic
def change_recording(
    *, recording: PracticeRecording, by: User | None, now: datetime, **facts: Any
) -> PracticeRecording:
    """Change some of `CHANGEABLE`; the agreed marks only until somebody has rated it.

    Raises CalibrationError for marks that people were compared with already, for marks that do
    not fit, and for a recording that is retired.
    """
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"A recording has no {', '.join(sorted(unknown))} to change.")
    locked = _locked_recording(recording)
    if locked.retired_at is not None:
        raise CalibrationError("This recording is retired.")
    for name, value in facts.items():
        if name in {"title", "agreed_by"}:
            value = " ".join(value.split())
        elif name == "where":
            value = value.replace("\r\n", "\n").strip()
        elif name == "marks":
            value = list(value)
            if value != locked.marks and PracticeRating.objects.filter(recording=locked).exists():
                raise CalibrationError(
                    "People were compared with these marks already, so they stand. Retire this "
                    "recording and add it anew with other marks."
                )
        for row in (locked, recording):
            setattr(row, name, value)
    _checked(locked)
    locked.save(update_fields=list(facts))
    return recording


@transaction.atomic
def retire_recording(
    *, recording: PracticeRecording, by: User | None, now: datetime
) -> PracticeRecording:
    """Let nobody practise on it from now on; what was rated counts still. Twice changes nothing."""
    locked = _locked_recording(recording)
    if locked.retired_at is None:
        locked.retired_at = now
        locked.save(update_fields=["retired_at"])
    recording.retired_at = locked.retired_at
    return recording


def _locked_recording(recording: PracticeRecording) -> PracticeRecording:
    locked: PracticeRecording = (
        PracticeRecording.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .get(pk=recording.pk)
    )
    return locked


def _checked(recording: PracticeRecording) -> None:
    check(
        recording,
        CalibrationError,
        exclude=_NOT_TYPED,
        words={
            "title": "Give it a title.",
            "where": "Say where to find it.",
            "agreed_by": "Say who agreed on the marks.",
            "minutes": "Enter how many minutes it lasts.",
        },
    )
    for name in ("title", "agreed_by"):
        _check_words(identifies_no_patient, getattr(recording, name), name)
    # Whom to ask for it, and its address, may stand here.
    _check_words(identifies_nobody, recording.where, "where")
    measure = measure_of(recording.version)
    if not measure.fits(recording.marks):
        raise CalibrationError(
            f"Give each of the {len(measure.numbers)} items an agreed mark from "
            f"{measure.lowest} to {measure.highest}."
        )


def _check_words(validator: Callable[[str], None], text: str, field: str) -> None:
    try:
        validator(text)
    except ValidationError as error:
        raise CalibrationError(error.messages[0], field) from error
