from django.urls import path

from partners.views import impact

urlpatterns = [
    path("portfolio/impact/", impact.impact, name="impact"),
    path("portfolio/impact/<int:pk>/", impact.impact_story, name="impact_story"),
    path("portfolio/<int:pk>/raise/", impact.raise_impact, name="raise_impact"),
    path("answers/", impact.impact_waiting, name="impact_waiting"),
    path("answers/<int:pk>/", impact.impact_answer, name="impact_answer"),
    path("said/<slug:slug>/", impact.said, name="said"),
]
