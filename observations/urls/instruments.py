from django.urls import path

from observations.views import instruments

_VERSION = "observing/instruments/<int:pk>/"
_ITEM = "observing/instruments/items/<int:pk>/"

urlpatterns = [
    path("observing/instruments/", instruments.instrument_list, name="instruments"),
    path(_VERSION, instruments.version_page, name="instrument_version"),
    path(f"{_VERSION}comments/", instruments.whole_page, name="instrument_comments"),
    path(_ITEM, instruments.item_page, name="instrument_item"),
    path(
        "observing/instruments/comments/<int:pk>/take-back/",
        instruments.take_back,
        name="take_back_comment",
    ),
]
