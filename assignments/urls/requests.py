from django.urls import path

from assignments.views import asking, opportunities, requests

urlpatterns = [
    path("requests/", requests.mine, name="requests"),
    path("requests/ask/", asking.ask, name="ask"),
    path("requests/ask/<slug:step>/", asking.ask, name="ask_step"),
    path("requests/<int:pk>/", requests.request_page, name="request"),
    path("requests/<int:pk>/sent/", requests.sent, name="request_sent"),
    path("requests/<int:pk>/take-back/", requests.take_back, name="take_back_request"),
    path("opportunities/", opportunities.opportunities, name="opportunities"),
    path("opportunities/propose/", asking.propose, name="propose"),
    path("opportunities/propose/<slug:step>/", asking.propose, name="propose_step"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="opportunity"),
    path("opportunities/<int:pk>/answer/", opportunities.answer, name="answer_opportunity"),
]
