"""Why something about observing cannot be done, in sentences."""

from partners.services.refusal import Refusal
from partners.services.told import told_by_constraints

__all__ = [
    "CalibrationError",
    "InstrumentError",
    "ObservationsError",
    "ResultsError",
    "SessionError",
    "SheetError",
    "told_by_constraints",
]


class ObservationsError(Refusal):
    """Base of every refusal of this app; `str(error)` is a sentence for people."""


class InstrumentError(ObservationsError):
    """An instrument or a version of it cannot be made, changed or used like this."""


class SessionError(ObservationsError):
    """A clinic cannot be planned, answered or changed like this."""


class SheetError(ObservationsError):
    """A sheet cannot be begun, kept or submitted like this."""


class CalibrationError(ObservationsError):
    """A recording cannot be kept or rated like this."""


class ResultsError(ObservationsError):
    """Nothing can be written, released or taken back like this."""
