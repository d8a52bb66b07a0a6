from django.urls import path

from assignments.views import events as views

urlpatterns = [
    path("events/<slug:slug>/", views.event, name="event"),
    path("events/<slug:slug>/asked/", views.asked, name="event_asked"),
    path("registrations/<slug:token>/", views.registration, name="registration"),
    path("registrations/<slug:token>/cancel/", views.cancel, name="cancel_registration"),
    path("registrations/<slug:token>/event.ics", views.entry, name="registration_entry"),
]
