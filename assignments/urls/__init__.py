"""Addresses of this app, area by area."""

from assignments.urls import calendars, events, groups, meetings, needs, offers, organiser, requests

app_name = "assignments"
urlpatterns = [
    *calendars.urlpatterns,
    *events.urlpatterns,
    *meetings.urlpatterns,
    *needs.urlpatterns,
    *organiser.urlpatterns,
    *groups.urlpatterns,
    *requests.urlpatterns,
    *offers.urlpatterns,
]
