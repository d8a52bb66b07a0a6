from django.urls import path

from assignments.views import needs as views

urlpatterns = [
    path("meetings/<int:pk>/needs/", views.needs, name="needs"),
]
