from django.urls import path

from partners.views import portfolio, portfolio_export, portfolio_story, portfolio_thanks

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/add/", portfolio.add_contribution, name="add_contribution"),
    path("portfolio/<int:pk>/", portfolio.contribution, name="contribution"),
    path("portfolio/<int:pk>/added/", portfolio.added, name="added"),
    path("portfolio/<int:pk>/change/", portfolio.change_contribution, name="change_contribution"),
    path("portfolio/<int:pk>/take-back/", portfolio.withdraw, name="withdraw"),
    path("portfolio/<int:pk>/reflect/", portfolio_story.tell, name="reflect"),
    path("portfolio/<int:pk>/share/", portfolio_story.share, name="share_entry"),
    path("portfolio/<int:pk>/link/", portfolio_story.add_link, name="add_link"),
    path("portfolio/<int:pk>/file/", portfolio_story.add_file, name="add_file"),
    path("portfolio/<int:pk>/thanks/", portfolio_thanks.ask_for_thanks, name="ask_for_thanks"),
    path(
        "portfolio/evidence/<int:pk>/download/",
        portfolio_story.evidence_file,
        name="evidence_file",
    ),
    path(
        "portfolio/evidence/<int:pk>/remove/",
        portfolio_story.remove_evidence,
        name="remove_evidence",
    ),
    path("portfolio/shared/<int:pk>/", portfolio_story.shared_entry, name="shared_entry"),
    path("portfolio/thanks/<int:pk>/show/", portfolio_thanks.show_thanks, name="show_thanks"),
    path("thanks/<str:token>/", portfolio_thanks.give_thanks, name="give_thanks"),
    path("portfolio/take-along/", portfolio_export.take_along, name="take_along"),
    path("portfolio/take-along/<int:pk>/", portfolio_export.pdf, name="portfolio_pdf"),
    path(
        "portfolio/take-along/<int:pk>/progress/",
        portfolio_export.pdf_progress,
        name="portfolio_pdf_progress",
    ),
    path(
        "portfolio/take-along/<int:pk>/download/",
        portfolio_export.pdf_file,
        name="portfolio_pdf_file",
    ),
]
