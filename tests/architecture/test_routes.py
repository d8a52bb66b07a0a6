"""Every view says whom it is for."""

from types import ModuleType
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import PUBLIC, audience
from tests.architecture.routes import THIRD_PARTY, Route, walk


def undeclared(routes: list[Route]) -> list[str]:
    """Routes whose view names no audience, and third-party names that lead nowhere."""
    return [route.name for route in routes if route.audience is None]


def test_every_view_declares_its_audience() -> None:
    assert undeclared(walk()) == []


def test_every_third_party_name_is_a_route() -> None:
    assert set(THIRD_PARTY) - {route.name for route in walk()} == set()


def test_route_names_are_unique() -> None:
    names = [route.name for route in walk()]

    assert sorted(names) == sorted(set(names))


def test_walk_notices_planted_views() -> None:
    @audience(PUBLIC)
    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse("planted")

    def view(request: HttpRequest, **parameters: Any) -> HttpResponse:
        return HttpResponse("planted")

    site = admin.AdminSite("planted")
    below = [
        path("open/", declared, name="open"),
        path("forgotten/<int:pk>/", view, name="forgotten"),
        path("wrapped/", site.admin_view(view), name="wrapped"),
    ]
    urlconf = ModuleType("planted")
    urlconf.urlpatterns = [
        path("deep/<slug:where>/", include((below, "deep"))),
        path("nameless/", view),
        path("planted/", site.urls),
    ]

    routes = walk(urlconf)

    assert undeclared(routes) == [
        "deep:forgotten",
        "nameless/",
        "planted:login",
    ]
    found = {route.name: route for route in routes}
    assert found["deep:forgotten"].parameters == ("where", "pk")
    assert found["deep:wrapped"].audience == frozenset({"admin"})
