"""Addresses of this app, area by area."""

from assignments.urls import groups, meetings

app_name = "assignments"
urlpatterns = [
    *meetings.urlpatterns,
    *groups.urlpatterns,
]
