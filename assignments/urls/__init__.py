"""Addresses of this app, area by area."""

from assignments.urls import groups, meetings, requests

app_name = "assignments"
urlpatterns = [
    *meetings.urlpatterns,
    *groups.urlpatterns,
    *requests.urlpatterns,
]
