"""Every page: strict headers, nothing inline, one heading, a title, a language."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from accounts.access import PUBLIC, audience
from accounts.models import Programme
from tests.architecture.routes import walk
from tests.architecture.table import OPENS, TABLES, Line, lines
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in walk()}
# Of each page, the first row that opens it: the markup of the others is the same.
OPENED = [line for line in lines(TABLES.read_text()) if OPENS in line.cells.values()]
LINES = list({line.route: line for line in reversed(OPENED)}.values())[::-1]

# Parts of pages, fetched by script: no page of their own.
FRAGMENTS = {
    "partners:data_copy_progress",
    "partners:portfolio_pdf_progress",
    "observations:paper_progress",
    "admin:partners_partner_copy_progress",
    "admin:payments_paymentreport_progress",
}

# What each directive may name, and must be there for; anything else loosens the policy.
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}
# Of a file that somebody sent: should a browser show it after all, it may do nothing there.
SANDBOX: dict[str, set[str]] = {"default-src": {"'none'"}, "sandbox": set()}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def header_faults(response: Any, *, personal: bool) -> list[str]:
    """Headers that are missing or looser than they should be."""
    policy = {}
    for directive in response.get("Content-Security-Policy", "").split(";"):
        name, *sources = directive.split() or [""]
        policy[name] = set(sources)
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    faults = [] if is_file and policy == SANDBOX else _policy_faults(policy)
    faults += [
        f"{name} is {response.get(name, 'missing')}"
        for name, value in HEADERS.items()
        if response.get(name) != value
    ]
    if personal and "no-store" not in response.get("Cache-Control", ""):
        faults.append("the page may be kept by the browser or on the way")
    return faults


def _policy_faults(policy: dict[str, set[str]]) -> list[str]:
    """Where a page's policy allows more than `POLICY`."""
    faults = [
        f"policy: {name} is {' '.join(sorted(policy.get(name, {'missing'})))}"
        for name, allowed in POLICY.items()
        if not policy.get(name) or not policy[name] <= allowed
    ]
    return faults + [f"policy: {name} is one too many" for name in sorted(policy.keys() - POLICY)]


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.headings = 0
        self.title = ""
        self._in_title = self._in_picture = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._in_picture |= tag == "svg"
        self._in_title = tag == "title" and not self._in_picture
        self.headings += tag == "h1"
        self.ids += [values["id"]] if values.get("id") else []
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on", "hx-vals")):
                self.faults.append(f"<{tag} {name}=…>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"<{tag} {name}=javascript:…>")
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and not values.get("src") and values.get("type") != "application/json":
            self.faults.append("<script> without src")

    def handle_endtag(self, tag: str) -> None:
        self._in_picture &= tag != "svg"
        self._in_title &= tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def markup_faults(html: str, *, whole: bool = True) -> list[str]:
    """What a strict policy would block, and what a page must have."""
    page = _Markup()
    page.feed(html)
    faults = page.faults
    if not whole:
        return faults
    if not page.title.strip():
        faults.append("no title")
    if page.headings != 1:
        faults.append(f"{page.headings} first headings")
    faults += [
        f"the id {it} twice" for it in sorted({i for i in page.ids if page.ids.count(i) > 1})
    ]
    if not re.search(r"<html[^>]* lang=\"en-GB\"", html, re.IGNORECASE):
        faults.append("no language")
    return faults


def faults_of(response: Any, *, personal: bool, whole: bool = True) -> list[str]:
    """Faults of the headers and of the markup; `whole`: a page, and not a part of one."""
    faults = header_faults(response, personal=personal)
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        faults += markup_faults(response.content.decode(), whole=whole)
    return faults


MOST_QUERIES = 12  # of a page; the apps' own tests show that it stays the same with more rows


def too_many_queries(client: Client, there: str) -> list[str]:
    """A page that asks the database too often, with what it asks more than once."""
    client.get(there)  # that somebody is there is written down twice a minute, not at every visit
    with CaptureQueriesContext(connection) as asked:
        client.get(there)
    if len(asked) <= MOST_QUERIES:
        return []
    often = Counter(
        re.sub(r"\d+|'[^']*'", "?", query["sql"])[:90] for query in asked.captured_queries
    )
    again = [f"{times} × {sql}" for sql, times in often.most_common(3) if times > 1]
    return [f"{len(asked)} queries: {'; '.join(again)}"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.route}-{line.whose}")
def test_page_asks_the_database_sparingly(world: World, line: Line) -> None:
    there = world.address(ROUTES[line.route], line.whose)
    assert there is not None

    faults = {
        f"{who}: {fault}"
        for who, told in line.cells.items()
        if told == OPENS and who in {"partner", "coordinator", "finance"}
        for fault in too_many_queries(world.client(who), there)
    }

    assert faults == set()


@audience(PUBLIC)
def one_by_one(request: HttpRequest) -> HttpResponse:
    """Planted: asks for each row by itself."""
    return HttpResponse(str([Programme.objects.filter(pk=pk).exists() for pk in range(13)]))


urlpatterns = [path("one-by-one/", one_by_one)]


@override_settings(ROOT_URLCONF=__name__)
def test_sparing_notices_a_planted_view() -> None:
    faults = too_many_queries(Client(), "/one-by-one/")

    assert len(faults) == 1
    assert faults[0].startswith("13 queries: 13 × SELECT")


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.route}-{line.whose}")
def test_page_is_strict(world: World, line: Line) -> None:
    there = world.address(ROUTES[line.route], line.whose)
    assert there is not None

    faults = {
        f"{who}: {fault}"
        for who, told in line.cells.items()
        if told == OPENS
        for fault in faults_of(
            world.client(who).get(there),
            personal=who != "anonymous",
            whole=line.route not in FRAGMENTS,
        )
    }

    assert faults == set()


@pytest.mark.parametrize(
    ("there", "status"), [("/no-such-page/", 404), ("/me/?q=%00", 400), ("/admin/", 403)]
)
def test_page_that_says_no_is_strict(world: World, there: str, status: int) -> None:
    response = world.client("partner").get(there)

    assert response.status_code == status
    assert header_faults(response, personal=False) == []
    if response["Content-Type"].startswith("text/html"):
        assert markup_faults(response.content.decode()) == []


@pytest.mark.parametrize(
    ("disposition", "policy", "is_fine"),
    [
        ("attachment; filename=a.pdf", "default-src 'none'; sandbox", True),
        ("inline; filename=a.pdf", "default-src 'none'; sandbox", False),
        ("attachment; filename=a.pdf", "default-src 'none'; sandbox allow-scripts", False),
        ("attachment; filename=a.pdf", "default-src 'self'; sandbox", False),
        ("attachment; filename=a.pdf", "default-src 'none'", False),
    ],
)
def test_strictness_takes_a_file_in_a_sandbox_and_no_looser_one(
    disposition: str, policy: str, is_fine: bool
) -> None:
    response = HttpResponse("%PDF-1.7", content_type="application/pdf", headers=HEADERS)
    response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = policy

    assert (header_faults(response, personal=False) == []) is is_fine


def test_strictness_wants_a_file_taken_for_what_it_is() -> None:
    response = HttpResponse("%PDF-1.7", content_type="application/pdf", headers=HEADERS)
    response["Content-Disposition"] = "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    del response["X-Content-Type-Options"]

    faults = header_faults(response, personal=True)

    assert faults[0] == "X-Content-Type-Options is missing"
    assert faults[1:] == ["the page may be kept by the browser or on the way"]


def test_strictness_notices_planted_faults() -> None:
    response = HttpResponse(
        "<html><title> </title><svg><title>No title of a page</title></svg>"
        "<h1 id='a' style='color:red'>One</h1><h1 id='a' onclick='go()'>Two</h1>"
        "<style>h1 {}</style><script>go()</script><a href=' JavaScript:go()'>Go</a>"
        "<script src='/ok.js'></script><script type='application/json'>{}</script></html>"
    )
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src *; worker-src 'self'"
    )

    faults = faults_of(response, personal=True)

    assert faults[:3] == [
        "policy: script-src is 'self' 'unsafe-inline'",
        "policy: style-src is *",
        "policy: img-src is missing",
    ]
    assert "policy: worker-src is one too many" in faults
    assert "X-Frame-Options is missing" in faults
    assert "the page may be kept by the browser or on the way" in faults
    assert faults[-9:] == [
        "<h1 style=…>",
        "<h1 onclick=…>",
        "<style>",
        "<script> without src",
        "<a href=javascript:…>",
        "no title",
        "2 first headings",
        "the id a twice",
        "no language",
    ]
