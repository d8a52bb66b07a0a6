from observations.models.calibration import Calibration, PracticeRating, PracticeRecording
from observations.models.instruments import (
    Anchor,
    Crosswalk,
    Instrument,
    InstrumentVersion,
    InstrumentVersionHistory,
    Item,
    ItemComment,
    Scale,
)
from observations.models.observations import (
    Comment,
    Consensus,
    Observation,
    ObservationHistory,
)
from observations.models.results import (
    AppraisalPdf,
    ObserverTally,
    PairTally,
    Reflection,
    ReflectionHistory,
    Side,
    Tally,
)
from observations.models.sessions import (
    ClinicSession,
    ClinicSessionHistory,
    Consultation,
    Debrief,
    Observer,
    SelfRating,
)
from observations.models.settings import ObservationSettings

__all__ = [
    "Anchor",
    "AppraisalPdf",
    "Calibration",
    "ClinicSession",
    "ClinicSessionHistory",
    "Comment",
    "Consensus",
    "Consultation",
    "Crosswalk",
    "Debrief",
    "Instrument",
    "InstrumentVersion",
    "InstrumentVersionHistory",
    "Item",
    "ItemComment",
    "Observation",
    "ObservationHistory",
    "ObservationSettings",
    "Observer",
    "ObserverTally",
    "PairTally",
    "PracticeRating",
    "PracticeRecording",
    "Reflection",
    "ReflectionHistory",
    "Scale",
    "SelfRating",
    "Side",
    "Tally",
]
