from django.urls import path

from partners.views import conflicts

urlpatterns = [
    path("not-to-work-with/", conflicts.conflicts_declared, name="conflicts"),
    path("not-to-work-with/add/", conflicts.declare_conflict, name="declare_conflict"),
    path(
        "not-to-work-with/<int:pk>/take-back/",
        conflicts.take_back_conflict,
        name="take_back_conflict",
    ),
]
