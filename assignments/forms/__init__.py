"""Forms of this app. They check; services save."""

from assignments.forms.groups import WorkGroupForm
from assignments.forms.meetings import (
    AnswerForm,
    CancelMeetingForm,
    DetailsOfMeetingForm,
    OutcomeForm,
    PlanMeetingForm,
    TimeOfMeetingForm,
)
from assignments.forms.places import EndPlaceForm, PlaceForm

__all__ = [
    "AnswerForm",
    "CancelMeetingForm",
    "DetailsOfMeetingForm",
    "EndPlaceForm",
    "OutcomeForm",
    "PlaceForm",
    "PlanMeetingForm",
    "TimeOfMeetingForm",
    "WorkGroupForm",
]
