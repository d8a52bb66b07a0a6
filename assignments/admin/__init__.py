"""Coordinators arrange: groups, places, meetings, and who was there."""

from assignments.admin import (
    conflicts,
    events,
    groups,
    meetings,
    needs,
    offers,
    opportunities,
    pay,
    places,
    requests,
    suggestions,
)

__all__ = [
    "conflicts",
    "events",
    "groups",
    "meetings",
    "needs",
    "offers",
    "opportunities",
    "pay",
    "places",
    "requests",
    "suggestions",
]
