"""Addresses of this app, area by area."""

from observations.urls import calibration, instruments, results, sessions, sheets

app_name = "observations"
urlpatterns = [
    *sessions.urlpatterns,
    *sheets.urlpatterns,
    *results.urlpatterns,
    *calibration.urlpatterns,
    *instruments.urlpatterns,
]
