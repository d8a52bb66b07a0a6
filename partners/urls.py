from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("portfolio/", views.portfolio, name="portfolio"),
]
