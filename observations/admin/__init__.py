"""Coordinators arrange: instruments, clinics, calibration, and what is read for names."""

from observations.admin import (
    calibration,
    comments,
    debriefs,
    instrument_versions,
    instruments,
    sessions,
    settings,
)

__all__ = [
    "calibration",
    "comments",
    "debriefs",
    "instrument_versions",
    "instruments",
    "sessions",
    "settings",
]
