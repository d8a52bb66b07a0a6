"""Coordinators arrange: groups, places, meetings, and who was there."""

from assignments.admin import groups, meetings, opportunities, places, requests

__all__ = ["groups", "meetings", "opportunities", "places", "requests"]
