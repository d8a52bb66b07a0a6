from django.urls import path

from assignments.views import calendars as views

urlpatterns = [
    path("diary/calendar/", views.calendar, name="calendar"),
    path("diary/calendar/open/", views.open_calendar, name="open_calendar"),
    path("diary/calendar/renew/", views.renew_calendar, name="renew_calendar"),
    path("diary/calendar/close/", views.close_calendar, name="close_calendar"),
    path("calendar/<int:pk>-<slug:token>.ics", views.feed, name="feed"),
]
