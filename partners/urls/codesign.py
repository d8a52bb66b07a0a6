from django.urls import path

from partners.views import codesign, codesign_votes

urlpatterns = [
    path("priorities/", codesign.rounds, name="rounds"),
    path("priorities/<int:pk>/", codesign.round_page, name="round"),
    path("priorities/<int:pk>/propose/", codesign.propose, name="propose"),
    path("priorities/<int:pk>/vote/", codesign_votes.vote, name="vote"),
    path("priorities/<int:pk>/your-vote/", codesign_votes.own_vote, name="own_vote"),
    path("priorities/<int:pk>/result/", codesign_votes.round_result, name="round_result"),
    path("proposals/<int:pk>/", codesign.proposal, name="proposal"),
    path("proposals/<int:pk>/change/", codesign.change_proposal, name="change_proposal"),
    path("proposals/<int:pk>/take-back/", codesign.withdraw_proposal, name="withdraw_proposal"),
    path("proposals/<int:pk>/advise/", codesign.advise, name="advise"),
]
