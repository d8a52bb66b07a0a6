"""Coordinators arrange: groups, places, meetings, and who was there."""

from assignments.admin import groups, meetings, needs, opportunities, places, requests

__all__ = ["groups", "meetings", "needs", "opportunities", "places", "requests"]
