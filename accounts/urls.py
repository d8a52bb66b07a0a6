from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("security/", views.security, name="security"),
    path("display/", views.display, name="display"),
    path("programmes/", views.programmes, name="programmes"),
    path("session/extend/", views.extend_session, name="extend_session"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
