from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("security/", views.security, name="security"),
    path("second-step/", views.set_up_second_factor, name="second_factor"),
    path("display/", views.display, name="display"),
    path("programmes/", views.programmes, name="programmes"),
    path("session/extend/", views.extend_session, name="extend_session"),
    path("unsent/let-go/", views.let_unsent_go, name="let_unsent_go"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    # allauth's address, answered here first: the last factor of somebody who needs one stays.
    path("2fa/webauthn/keys/<int:pk>/remove/", views.remove_passkey, name="remove_passkey"),
]
