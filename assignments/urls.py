from django.urls import path

from assignments import views

app_name = "assignments"
urlpatterns = [
    path("diary/", views.diary, name="diary"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/answer/", views.answer, name="answer"),
    path("groups/<int:pk>/", views.work_group, name="work_group"),
]
