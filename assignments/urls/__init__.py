"""Addresses of this app, area by area."""

from assignments.urls import groups, meetings, needs, organiser, requests

app_name = "assignments"
urlpatterns = [
    *meetings.urlpatterns,
    *needs.urlpatterns,
    *organiser.urlpatterns,
    *groups.urlpatterns,
    *requests.urlpatterns,
]
