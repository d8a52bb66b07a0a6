"""Coordinators arrange: groups, places, meetings, and who was there."""

from assignments.admin import groups, meetings, places

__all__ = ["groups", "meetings", "places"]
