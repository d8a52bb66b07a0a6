"""Every page, as every person, about every row: what happens is what permissions.md says."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import override_settings
from django.urls import path, reverse
from psycopg2 import sql

from accounts.access import SIGNED_IN, audience
from partners.models import Partner
from pcp_portal import urls as portal
from tests.architecture.house import our_models
from tests.architecture.routes import walk
from tests.architecture.table import (
    HIDDEN,
    LEADS_ON,
    NO,
    OPENS,
    PRESS,
    SIGN_IN,
    TABLES,
    Line,
    lines,
    missing,
)
from tests.architecture.world import PEOPLE, World

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in walk()}
LINES = lines(TABLES.read_text())
BUTTONS = {line.route for line in LINES if PRESS in line.cells.values()}
FIRST = {line.route: line for line in reversed(LINES)}

# Written by a request that changes nothing: when somebody was last there.
NOT_COUNTED = {"accounts_session"}


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and checksum of each of our tables."""
    tables = sorted({model._meta.db_table for model in our_models()} - NOT_COUNTED)
    ask = "SELECT {0}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {1} t"
    each = [sql.SQL(ask).format(sql.Literal(table), sql.Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(each))
        return {table: (rows, checksum) for table, rows, checksum in cursor.fetchall()}


def outcome(response: Any) -> str:
    """What happened, in the words of the tables."""
    if response.status_code in {301, 302}:
        target = response.url.split("?")[0]
        if target == reverse("admin:login"):  # the admin's door sends on, or says no
            return outcome(response.client.get(response.url))
        if target == reverse(settings.LOGIN_URL):
            return SIGN_IN
        # Django's admin leads away from a row that it cannot find, and says so.
        from_admin = response.request["PATH_INFO"].startswith(reverse("admin:index"))
        return HIDDEN if from_admin and target == reverse("admin:index") else LEADS_ON
    words = {200: OPENS, 204: OPENS, 401: NO, 403: NO, 404: HIDDEN, 405: PRESS}
    return words.get(response.status_code, f"status {response.status_code}")


def people_to_ask(line: Line) -> list[str]:
    """Everybody on a route's first line; later only whom the row makes a difference to."""
    first = FIRST.get(line.route, line)
    refused = {NO, SIGN_IN}
    return [
        who
        for who, told in line.cells.items()
        if line is first or told not in refused or told != first.cells[who]
    ]


def differences(world: World, line: Line, there: str) -> list[str]:
    """Where a page behaves otherwise than its line says: looking first, then sending."""
    faults = []
    people = people_to_ask(line)
    is_button = line.route in BUTTONS
    before = fingerprint()
    for who in people:
        told, seen = line.cells[who], outcome(world.client(who).get(there))
        # A button has no page: looking is refused for that, or for what sending would be. And
        # what is hidden is refused, too.
        expected = {told, HIDDEN} if told == NO else {told}
        if seen not in (expected | {PRESS} if is_button else expected):
            faults.append(f"{who} meets “{seen}” and not “{told}”")
    if fingerprint() != before:
        faults.append("a page changed something by being looked at")
        before = fingerprint()
    for who in [who for who in people if who not in line.may_send]:
        told, seen = line.cells[who], outcome(world.client(who).post(there))
        # A page that only shows may show itself again, as long as nothing changes.
        expected = {told, HIDDEN} if is_button else {NO, HIDDEN, SIGN_IN, PRESS, told}
        if seen not in expected:
            faults.append(f"{who} sends the form and meets “{seen}”")
    if fingerprint() != before:
        faults.append("somebody changed something who may not")
    for who in sorted(line.may_send) if is_button else ():
        with transaction.atomic():
            seen = outcome(world.client(who).post(there))
            transaction.set_rollback(True)
        if seen not in {OPENS, LEADS_ON}:
            faults.append(f"{who} presses the button and meets “{seen}”")
    return faults


def test_every_route_is_in_the_tables() -> None:
    assert missing(list(ROUTES.values()), LINES) == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.route}-{line.whose}")
def test_page_behaves_as_its_line_says(world: World, line: Line) -> None:
    there = world.address(ROUTES[line.route], line.whose)
    assert there is not None, f"the small world has no such row: {line.route}, {line.whose}"

    assert differences(world, line, there) == []


def as_seen(response: Any) -> str:
    """What a person sees of a page: not the token that each page has anew."""
    return re.sub(r'((?:value|data-csrf)=)"\w{64}"', r"\1", response.content.decode())


HIDDEN_ROWS = [
    line
    for line in LINES
    if line.whose == "elsewhere" and HIDDEN in line.cells.values() and line.route not in BUTTONS
]


@pytest.mark.parametrize("line", HIDDEN_ROWS, ids=lambda line: line.route)
def test_hidden_row_looks_like_none_at_all(world: World, line: Line) -> None:
    route = ROUTES[line.route]
    there = world.address(route, line.whose)
    assert there is not None
    who = next(who for who, told in line.cells.items() if told == HIDDEN)
    nowhere = route.with_values(["2147480000"] * len(route.converters))

    hidden, none = world.client(who).get(there), world.client(who).get(nowhere)

    assert hidden.status_code == none.status_code
    assert as_seen(hidden).replace(there, nowhere) == as_seen(none)


# Pages on which a second factor is set up or shown, and the one that leads there.
SETTING_UP = ("account_", "mfa_", "socialaccount", "accounts:second_factor")


def test_people_without_their_second_factor_open_nothing(world: World) -> None:
    needs = [who for who in PEOPLE if who not in {"anonymous", "partner", "no role"}]
    open_to_all = {line.route for line in LINES if line.cells["anonymous"] == OPENS}

    opened = [
        f"{who} opens {there}"
        for who in needs
        for line in LINES
        if line.cells[who] == OPENS and line.route not in open_to_all
        if not line.route.startswith(SETTING_UP)
        if (there := world.address(ROUTES[line.route], line.whose))
        if outcome(world.client(who, second_factor=False).get(there)) == OPENS
    ]

    assert opened == []


# --- Planted faults ------------------------------------------------------------------------------


@audience(SIGNED_IN)
def forgets_visible_to(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Partner, pk=pk).name)


@audience(SIGNED_IN)
def writes_on_get(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Partner.objects.visible_to(request.user), pk=pk)
    Partner.objects.filter(pk=found.pk).update(phone="01632 960999")
    return HttpResponse(found.name)


@audience(SIGNED_IN)
def anybody_may_press(request: HttpRequest, pk: int) -> HttpResponse:
    found = Partner.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None or (request.method == "GET" and found.user != request.user):
        raise PermissionDenied
    if request.method == "POST":
        Partner.objects.filter(pk=pk).update(phone="01632 960999")
    return HttpResponse(found.name)


def says_nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("planted")


urlpatterns = [
    *portal.urlpatterns,
    path("planted/forgets/<int:pk>/", forgets_visible_to, name="forgets"),
    path("planted/writes/<int:pk>/", writes_on_get, name="writes"),
    path("planted/anybody/<int:pk>/", anybody_may_press, name="anybody"),
    path("planted/nothing/", says_nothing, name="nothing"),
]


def planted(world: World, name: str, whose: str, told: str) -> list[str]:
    """What the guard says of a planted page that only its partner should see."""
    cells = dict.fromkeys(PEOPLE, HIDDEN) | {"anonymous": SIGN_IN, "partner": told}
    cells |= {"coordinator": HIDDEN if whose == "elsewhere" else OPENS}
    line = Line(name, whose, cells, frozenset(PEOPLE))
    return differences(world, line, planted_address(world, name, whose))


def planted_address(world: World, name: str, whose: str) -> str:
    """Where a planted page is about the partner of `whose`."""
    row = world.rows["partner", whose]
    route = next(route for route in walk(__name__) if route.name == name)
    return reverse(name, kwargs={parameter: row[parameter] for parameter in route.parameters})


@override_settings(ROOT_URLCONF=__name__)
def test_tables_notice_a_view_that_forgets_visible_to(world: World) -> None:
    faults = planted(world, "forgets", "elsewhere", HIDDEN)

    assert "partner meets “opens” and not “hidden”" in faults
    assert "coordinator meets “opens” and not “hidden”" in faults


@override_settings(ROOT_URLCONF=__name__)
def test_tables_notice_a_view_that_writes_on_get(world: World) -> None:
    assert planted(world, "writes", "own", OPENS) == ["a page changed something by being looked at"]


@override_settings(ROOT_URLCONF=__name__)
def test_tables_notice_a_button_that_anybody_may_press(world: World) -> None:
    cells = dict.fromkeys(PEOPLE, NO) | {"anonymous": SIGN_IN, "partner": OPENS}
    there = planted_address(world, "anybody", "own")

    faults = differences(world, Line("anybody", "own", cells, frozenset({"partner"})), there)

    assert faults == [
        "coordinator sends the form and meets “opens”",
        "somebody changed something who may not",
    ]


@override_settings(ROOT_URLCONF=__name__)
def test_tables_notice_a_view_that_nobody_declared() -> None:
    routes = walk(__name__)

    assert [route.name for route in routes if route.audience is None] == ["nothing"]
    assert missing(routes, LINES) == [
        f"{name} is not in the tables" for name in ("anybody", "forgets", "nothing", "writes")
    ]


HEADER = "| page | whose | coordinator | finance | superuser |\n|-|-|-|-|-|\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER + "| `a` | – | opens | no | perhaps |", "a: .'perhaps'."),
        (HEADER + "| `a` | – | opens | no | no |\n" * 2, "has two lines"),
        (HEADER + "| `a` | – | opens |", "has 3 cells, not 5"),
    ],
    ids=["unknown word", "told twice", "too few cells"],
)
def test_tables_refuse_to_be_misread(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lines(text)
