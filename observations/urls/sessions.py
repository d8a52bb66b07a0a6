from django.urls import path

from observations.views import sessions as views

urlpatterns = [
    path("observing/", views.to_observe, name="to_observe"),
    path("observing/clinics/", views.clinics, name="clinics"),
    path("observing/clinics/<int:pk>/", views.clinic, name="clinic"),
    path("observing/clinics/<int:pk>/agree/", views.agree, name="agree"),
    path("observing/clinics/<int:pk>/decline/", views.decline, name="decline"),
    path("observing/clinics/<int:pk>/answer/", views.answer, name="answer"),
    path("observing/clinics/<int:pk>/patients/", views.counts, name="counts"),
    path("observing/clinics/<int:pk>/afterwards/", views.debrief, name="debrief"),
]
