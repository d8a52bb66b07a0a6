from assignments.models.calendars import CalendarFeed
from assignments.models.events import EventPage, Registration
from assignments.models.groups import Influence, WorkGroup
from assignments.models.meetings import Attendance, Meeting, MeetingHistory
from assignments.models.needs import NeedsAnswer, PayRule
from assignments.models.offers import Offer, OfferHistory, SuggestionWeights
from assignments.models.places import Assignment, AssignmentHistory
from assignments.models.requests import (
    Interest,
    Invite,
    Opportunity,
    OpportunityHistory,
    Request,
    RequestHistory,
)
from assignments.models.series import MeetingSeries, Paper

__all__ = [
    "Assignment",
    "AssignmentHistory",
    "Attendance",
    "CalendarFeed",
    "EventPage",
    "Influence",
    "Interest",
    "Invite",
    "Meeting",
    "MeetingHistory",
    "MeetingSeries",
    "NeedsAnswer",
    "Offer",
    "OfferHistory",
    "Opportunity",
    "OpportunityHistory",
    "Paper",
    "PayRule",
    "Registration",
    "Request",
    "RequestHistory",
    "SuggestionWeights",
    "WorkGroup",
]
