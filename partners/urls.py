from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/name/", views.change_name, name="change_name"),
    path("me/contact/", views.change_contact, name="change_contact"),
    path("me/access/", views.change_access, name="change_access"),
    path("me/brings/add/", views.add_expertise, name="add_expertise"),
    path("me/brings/<int:pk>/", views.change_expertise, name="change_expertise"),
    path("portfolio/", views.portfolio, name="portfolio"),
    path("portfolio/add/", views.add_contribution, name="add_contribution"),
    path("portfolio/<int:pk>/", views.contribution, name="contribution"),
    path("portfolio/<int:pk>/added/", views.added, name="added"),
    path("portfolio/<int:pk>/change/", views.change_contribution, name="change_contribution"),
    path("portfolio/<int:pk>/take-back/", views.withdraw, name="withdraw"),
    path("portfolio/<int:pk>/reflect/", views.reflect, name="reflect"),
]
