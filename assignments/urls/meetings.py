from django.urls import path

from assignments.views import meetings as views
from assignments.views import papers

urlpatterns = [
    path("diary/", views.diary, name="diary"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/answer/", views.answer, name="answer"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
]
