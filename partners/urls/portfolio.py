from django.urls import path

from partners.views import portfolio

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/add/", portfolio.add_contribution, name="add_contribution"),
    path("portfolio/<int:pk>/", portfolio.contribution, name="contribution"),
    path("portfolio/<int:pk>/added/", portfolio.added, name="added"),
    path("portfolio/<int:pk>/change/", portfolio.change_contribution, name="change_contribution"),
    path("portfolio/<int:pk>/take-back/", portfolio.withdraw, name="withdraw"),
    path("portfolio/<int:pk>/reflect/", portfolio.reflect, name="reflect"),
]
