from django.urls import URLPattern, path

from partners.views import pathway

urlpatterns: list[URLPattern] = [
    path("pathway/", pathway.pathway, name="pathway"),
    path("pathway/<int:pk>/wish/", pathway.wish, name="wish"),
]
