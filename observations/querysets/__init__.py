"""Who may see which rows of this app, and the programme's own words for subsets of them."""

from observations.querysets.calibration import (
    CalibrationQuerySet,
    PracticeRatingQuerySet,
    PracticeRecordingQuerySet,
)
from observations.querysets.instruments import (
    CrosswalkQuerySet,
    InstrumentQuerySet,
    InstrumentVersionQuerySet,
    ItemCommentQuerySet,
    PartOfVersionQuerySet,
)
from observations.querysets.observations import (
    CommentQuerySet,
    ConsensusQuerySet,
    ObservationQuerySet,
)
from observations.querysets.results import (
    AppraisalPdfQuerySet,
    ObservationSettingsQuerySet,
    ObserverTallyQuerySet,
    PairTallyQuerySet,
    ReflectionQuerySet,
    TallyQuerySet,
)
from observations.querysets.sessions import (
    ClinicSessionQuerySet,
    ConsultationQuerySet,
    DebriefQuerySet,
    ObserverQuerySet,
    SelfRatingQuerySet,
)

__all__ = [
    "AppraisalPdfQuerySet",
    "CalibrationQuerySet",
    "ClinicSessionQuerySet",
    "CommentQuerySet",
    "ConsensusQuerySet",
    "ConsultationQuerySet",
    "CrosswalkQuerySet",
    "DebriefQuerySet",
    "InstrumentQuerySet",
    "InstrumentVersionQuerySet",
    "ItemCommentQuerySet",
    "ObservationQuerySet",
    "ObservationSettingsQuerySet",
    "ObserverQuerySet",
    "ObserverTallyQuerySet",
    "PairTallyQuerySet",
    "PartOfVersionQuerySet",
    "PracticeRatingQuerySet",
    "PracticeRecordingQuerySet",
    "ReflectionQuerySet",
    "SelfRatingQuerySet",
    "TallyQuerySet",
]
