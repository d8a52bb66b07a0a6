from django.urls import path

from partners.views import impact

urlpatterns = [
    path("portfolio/impact/", impact.impact, name="impact"),
    path("portfolio/impact/<int:pk>/", impact.impact_story, name="impact_story"),
    path("portfolio/<int:pk>/raise/", impact.raise_impact, name="raise_impact"),
    path("answers/", impact.impact_waiting, name="impact_waiting"),
    path("answers/<int:pk>/", impact.impact_answer, name="impact_answer"),
    path("answers/<int:pk>/hand-over/", impact.impact_hand_over, name="impact_hand_over"),
    path("answers/<int:pk>/<slug:follow>/", impact.impact_follow, name="impact_follow"),
    path("said/<slug:slug>/", impact.said, name="said"),
]
