from django.urls import path

from partners.views import expertise

_PLACES = {"expertise": "brings", "passion": "cares", "priority": "wants"}

urlpatterns = [
    *(
        path(f"me/{place}/add/", expertise.add, {"what": what}, name=f"add_{what}")
        for what, place in _PLACES.items()
    ),
    *(
        path(f"me/{place}/<int:pk>/", expertise.change, {"what": what}, name=f"change_{what}")
        for what, place in _PLACES.items()
    ),
    *(
        path(
            f"me/{place}/<int:pk>/remove/", expertise.remove, {"what": what}, name=f"remove_{what}"
        )
        for what, place in _PLACES.items()
    ),
]
