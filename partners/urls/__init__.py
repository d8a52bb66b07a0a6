"""Addresses of this app, area by area."""

from partners.urls import (
    codesign,
    conflicts,
    expertise,
    impact,
    learning,
    my_data,
    pathway,
    portfolio,
    profile,
    requirements,
    search,
    stories,
    support,
)

app_name = "partners"
urlpatterns = [
    *profile.urlpatterns,
    *expertise.urlpatterns,
    *portfolio.urlpatterns,
    *codesign.urlpatterns,
    *pathway.urlpatterns,
    *learning.urlpatterns,
    *requirements.urlpatterns,
    *support.urlpatterns,
    *conflicts.urlpatterns,
    *impact.urlpatterns,
    *stories.urlpatterns,
    *search.urlpatterns,
    *my_data.urlpatterns,
]
