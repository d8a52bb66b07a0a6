from django.urls import path

from partners.views import profile

urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/name/", profile.change_name, name="change_name"),
    path("me/contact/", profile.change_contact, name="change_contact"),
    path("me/access/", profile.change_access, name="change_access"),
]
