"""What every page needs: the programme, the places of the person's role, their display choices."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import rules
from accounts.current import current_programme
from accounts.models import Role
from nhsuk.components import MenuItem, NavItem


@dataclass(frozen=True)
class Display:
    """How this person likes pages to look."""

    text_size: str = "usual"
    contrast: str = "usual"
    letterforms: str = "usual"


# At most five for a role; the first that fits is where the sign-in leads.
_PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    Role.PARTNER: (
        ("Home", "home"),
        ("Diary", "assignments:diary"),
        ("My portfolio", "partners:portfolio"),
        ("Money", "payments:money"),
    ),
}


def _inside(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(place))


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Reads the roles that the request has read already."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "programme": None,
            "nav": [],
            "menu": [],
            "display": Display(),
            "demo": settings.DEMO,
            "idle": None,
        }
    programme = current_programme(user, request.session)
    roles = {grant.role for grant in user.grants}
    nav = [
        NavItem(label, place, current=_inside(request.path, place))
        for role, places in _PLACES.items()
        if role in roles
        for label, place in ((label, reverse(name)) for label, name in places)
    ]
    menu = []
    if Role.PARTNER in roles:
        menu.append(MenuItem("Profile", reverse("partners:profile")))
    if rules.may_open_admin(user):
        menu.append(MenuItem("Programme admin", reverse("admin:index")))
    if len({grant.programme_id for grant in user.grants}) > 1:
        menu.append(MenuItem("Change programme", reverse("accounts:programmes")))
    menu += [
        MenuItem("Sign-in and security", reverse("accounts:security")),
        MenuItem("Text and contrast", reverse("accounts:display")),
        MenuItem("Sign out", reverse("account_logout"), method="post"),
    ]
    return {
        "programme": programme,
        "nav": nav,
        "menu": menu,
        "display": Display(user.text_size, user.contrast, user.letterforms),
        "demo": settings.DEMO,
        "idle": {
            "ends": rules.idle_seconds(user),
            "warn": rules.idle_seconds(user) - settings.SESSION_WARNING_SECONDS,
        },
    }
