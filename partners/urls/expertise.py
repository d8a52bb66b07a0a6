from django.urls import path

from partners.views import expertise

urlpatterns = [
    path("me/brings/add/", expertise.add_expertise, name="add_expertise"),
    path("me/brings/<int:pk>/", expertise.change_expertise, name="change_expertise"),
]
