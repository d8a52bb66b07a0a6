from django.urls import path

from assignments.views import groups as views

urlpatterns = [
    path("groups/<int:pk>/", views.work_group, name="work_group"),
]
