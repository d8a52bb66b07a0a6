from django.urls import path

from observations.views import results, results_groups
from observations.views import results_reflections as reflections

_ONE = "results/reflections/<int:pk>/"
urlpatterns = [
    path("results/", results.mine, name="results"),
    path("results/clinics/<int:pk>/rate/", results.rate_own, name="rate_own"),
    path("results/reflect/", reflections.reflect, name="reflect"),
    path(_ONE, reflections.reflection, name="reflection"),
    path(f"{_ONE}change/", reflections.rewrite, name="rewrite_reflection"),
    path(f"{_ONE}release/", reflections.release, name="release_reflection"),
    path(f"{_ONE}take-back/", reflections.take_back, name="take_back_reflection"),
    path(f"{_ONE}used/", reflections.use, name="use_reflection"),
    path(f"{_ONE}paper/", reflections.ask_for_paper, name="ask_for_paper"),
    path("results/papers/<int:pk>/", reflections.paper, name="paper"),
    path("results/papers/<int:pk>/progress/", reflections.paper_progress, name="paper_progress"),
    path("results/papers/<int:pk>/file/", reflections.paper_file, name="paper_file"),
    path("results/teams/", results_groups.teams, name="team_results"),
    path("results/teams/<int:pk>/", results_groups.team, name="team_result"),
    path("results/released/<int:pk>/", results_groups.released, name="released_reflection"),
    path("results/programme/", results_groups.programme, name="programme_results"),
]
