"""Every address of the portal. `tests/architecture` walks this and asks each for its audience."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.access import PUBLIC, audience
from nhsuk.gallery import gallery
from pcp_portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("partners.urls")),
    path("", include("assignments.urls")),
    path("", include("observations.urls")),
    path("money/", include("payments.urls")),
    path("admin/", include("reminders.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    _gallery = audience(PUBLIC)(gallery)
    urlpatterns += [
        path("gallery/", _gallery, name="gallery"),
        path("gallery/<slug:page>/", _gallery, name="gallery_page"),
    ]

handler400 = "pcp_portal.views.bad_request"
handler403 = "pcp_portal.views.forbidden"
handler404 = "pcp_portal.views.not_found"
handler500 = "pcp_portal.views.server_error"
