"""Forms of this app. They check; services save."""

from assignments.forms.attendance import OutcomeForm, PayTermsForm
from assignments.forms.groups import WorkGroupForm
from assignments.forms.meetings import (
    AnswerForm,
    CancelMeetingForm,
    ChangeMeetingForm,
    DetailsOfMeetingForm,
    MoveMeetingForm,
    PlanMeetingForm,
    TimeOfMeetingForm,
)
from assignments.forms.papers import PaperForm
from assignments.forms.places import EndPlaceForm, PlaceForm
from assignments.forms.series import RepeatForm

__all__ = [
    "AnswerForm",
    "CancelMeetingForm",
    "ChangeMeetingForm",
    "DetailsOfMeetingForm",
    "EndPlaceForm",
    "MoveMeetingForm",
    "OutcomeForm",
    "PaperForm",
    "PayTermsForm",
    "PlaceForm",
    "PlanMeetingForm",
    "RepeatForm",
    "TimeOfMeetingForm",
    "WorkGroupForm",
]
