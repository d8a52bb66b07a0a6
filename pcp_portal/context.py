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


@dataclass(frozen=True)
class Section:
    """Pages that belong together: the places beside the one that is open."""

    label: str
    items: list[NavItem]


Places = tuple[tuple[str, str], ...]

# At most five for a person; the first that fits is where the sign-in leads.
_PARTNER_PLACES: Places = (
    ("Home", "home"),
    ("Opportunities", "assignments:opportunities"),
    ("Diary", "assignments:diary"),
    ("My portfolio", "partners:portfolio"),
    ("Money", "payments:money"),
)
_STAFF_PLACES: Places = (
    ("Home", "home"),
    ("Ask for partners", "assignments:requests"),
    ("Who could help", "partners:who_could_help"),
    ("Stories", "partners:story_bank"),
    ("To answer", "partners:impact_waiting"),
)
# Of whoever is observed or observes beside partners: the rest of staff's stand in the menu.
_OBSERVED_PLACES: Places = (
    ("Home", "home"),
    ("Clinics", "observations:clinics"),
    ("Results", "observations:results"),
    ("Ask for partners", "assignments:requests"),
    ("Who could help", "partners:who_could_help"),
)
_PEER_PLACES: Places = (
    ("Home", "home"),
    ("Clinics", "observations:to_observe"),
    ("Ask for partners", "assignments:requests"),
    ("Who could help", "partners:who_could_help"),
    ("Stories", "partners:story_bank"),
)
_OBSERVED = frozenset({Role.CLINICIAN, Role.CLINICAL_LEAD})
# The first place of a section is the one that stands in the header or the menu.
_SECTIONS: tuple[tuple[str, Places], ...] = (
    (
        "Opportunities",
        (
            ("What I could join", "assignments:opportunities"),
            ("What I proposed", "assignments:requests"),
            ("Have a say", "partners:rounds"),
        ),
    ),
    (
        "Diary",
        (
            ("What is coming", "assignments:diary"),
            ("My places", "assignments:places"),
        ),
    ),
    (
        "My portfolio",
        (
            ("What I did", "partners:portfolio"),
            ("What changed", "partners:impact"),
            ("Pathway", "partners:pathway"),
            ("Learning", "partners:learning"),
            ("My stories", "partners:stories"),
        ),
    ),
    (
        "Clinics to observe",
        (
            ("What is coming", "observations:to_observe"),
            ("Practice", "observations:practice"),
            ("What we rate with", "observations:instruments"),
        ),
    ),
    (
        "Your profile",
        (
            ("Profile", "partners:profile"),
            ("What has to be in place", "partners:requirements"),
            ("How it is going", "partners:check_ins"),
            ("My data", "partners:my_data"),
        ),
    ),
)

_OBSERVING: Places = (
    ("To observe", "observations:to_observe"),
    ("Practice", "observations:practice"),
    ("What we rate with", "observations:instruments"),
)
_MY_CLINICS = ("Clinics", (("My clinics", "observations:clinics"), *_OBSERVING))
_TEAMS = (
    "Results",
    (("My results", "observations:results"), ("Teams", "observations:team_results")),
)


def _inside(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(place))


def _section(path: str, sections: tuple[tuple[str, Places], ...]) -> Section | None:
    """The section that the page belongs to: that of the longest address it lies under."""
    best: tuple[int, str, Places, str] | None = None
    for label, places in sections:
        for _, name in places:
            place = reverse(name)
            if _inside(path, place) and (best is None or len(place) > best[0]):
                best = (len(place), label, places, name)
    if best is None:
        return None
    _, label, places, here = best
    return Section(label, [NavItem(word, reverse(name), name == here) for word, name in places])


def _nav(path: str, places: Places, section: Section | None) -> list[NavItem]:
    opened = section.items[0].url if section else path
    return [
        NavItem(label, place, current=_inside(opened, place))
        for label, place in ((label, reverse(name)) for label, name in places)
    ]


def _places(roles: set[str]) -> Places:
    """The places in the header for whoever holds `roles`; finance opens the admin alone."""
    if Role.PARTNER in roles:
        return _PARTNER_PLACES
    if roles & _OBSERVED:
        return _OBSERVED_PLACES
    if Role.PEER_OBSERVER in roles:
        return _PEER_PLACES
    return _STAFF_PLACES if roles - {Role.FINANCE} else ()


def _sections(roles: set[str]) -> tuple[tuple[str, Places], ...]:
    if Role.PARTNER in roles:
        return _SECTIONS
    if Role.CLINICAL_LEAD in roles:
        return (_MY_CLINICS, _TEAMS)
    if Role.CLINICIAN in roles:
        return (_MY_CLINICS,)
    return (("Clinics", _OBSERVING),) if Role.PEER_OBSERVER in roles else ()


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Reads the roles that the request has read already."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "programme": None,
            "nav": [],
            "section": None,
            "menu": [],
            "display": Display(),
            "demo": settings.DEMO,
            "idle": None,
        }
    programme = current_programme(user, request.session)
    roles = {grant.role for grant in user.grants}
    takes_part = Role.PARTNER in roles
    section = _section(request.path, _sections(roles))
    places = _places(roles)
    nav = _nav(request.path, places, section)
    menu = []
    if takes_part:
        menu.append(MenuItem("Profile", reverse("partners:profile")))
        menu.append(MenuItem("Clinics to observe", reverse("observations:to_observe")))
        menu += [
            MenuItem(label, reverse(name))
            for label, name in _STAFF_PLACES
            if roles - {Role.PARTNER, Role.FINANCE} and (label, name) not in _PARTNER_PLACES
        ]
    else:
        if places:
            menu += [
                MenuItem(label, reverse(name))
                for label, name in _STAFF_PLACES
                if (label, name) not in places
            ]
            menu.append(MenuItem("Have a say", reverse("partners:rounds")))
            menu.append(MenuItem("People not to work with", reverse("partners:conflicts")))
        menu.append(MenuItem("My data", reverse("partners:my_data")))
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
        "section": section,
        "menu": menu,
        "display": Display(user.text_size, user.contrast, user.letterforms),
        "demo": settings.DEMO,
        "idle": {
            "ends": rules.idle_seconds(user),
            "warn": rules.idle_seconds(user) - settings.SESSION_WARNING_SECONDS,
        },
    }
