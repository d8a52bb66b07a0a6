from django.urls import path

from partners.views import search

urlpatterns = [path("who-could-help/", search.who_could_help, name="who_could_help")]
