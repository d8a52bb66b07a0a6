from django.urls import URLPattern, path

from observations.views import calibration as views

urlpatterns: list[URLPattern] = [
    path("observing/practice/", views.practice_page, name="practice"),
    path("observing/practice/<int:pk>/", views.rate, name="practice_rate"),
    path("observing/practice/ratings/<int:pk>/", views.practice_result, name="practice_result"),
]
