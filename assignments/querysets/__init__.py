"""Who may see which rows of this app, and the programme's own words for subsets of them."""

from assignments.querysets.calendars import CalendarFeedQuerySet
from assignments.querysets.events import EventPageQuerySet, RegistrationQuerySet
from assignments.querysets.groups import WorkGroupQuerySet
from assignments.querysets.meetings import AttendanceQuerySet, MeetingQuerySet
from assignments.querysets.needs import NeedsAnswerQuerySet, PayRuleQuerySet
from assignments.querysets.offers import OfferQuerySet, SuggestionWeightsQuerySet
from assignments.querysets.places import AssignmentQuerySet
from assignments.querysets.requests import (
    InterestQuerySet,
    InviteQuerySet,
    OpportunityQuerySet,
    RequestQuerySet,
)
from assignments.querysets.series import MeetingSeriesQuerySet, PaperQuerySet

__all__ = [
    "AssignmentQuerySet",
    "AttendanceQuerySet",
    "CalendarFeedQuerySet",
    "EventPageQuerySet",
    "InterestQuerySet",
    "InviteQuerySet",
    "MeetingQuerySet",
    "MeetingSeriesQuerySet",
    "NeedsAnswerQuerySet",
    "OfferQuerySet",
    "OpportunityQuerySet",
    "PaperQuerySet",
    "PayRuleQuerySet",
    "RegistrationQuerySet",
    "RequestQuerySet",
    "SuggestionWeightsQuerySet",
    "WorkGroupQuerySet",
]
