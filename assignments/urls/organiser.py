from django.urls import path

from assignments.views import organiser as views

urlpatterns = [
    path("meetings/led/", views.meetings_led, name="meetings_led"),
    path("meetings/<int:pk>/led/", views.meeting_led, name="meeting_led"),
]
