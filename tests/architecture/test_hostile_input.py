"""Whatever is sent, to whichever address: a page or a plain refusal, and never a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from accounts.access import PUBLIC, audience
from accounts.models import Programme
from tests.architecture.routes import Route, walk
from tests.architecture.table import LEADS_ON, OPENS, PRESS, TABLES, lines
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in walk()}
LINES = lines(TABLES.read_text())
ANSWERS = {200, 204, 301, 302, 400, 401, 403, 404, 405, 413, 429}

HUGE = "9" * 40
# Queries that a page could mistake for its own: page numbers, orders, filters, dates, ids.
QUERIES = [
    f"page={HUGE}&p={HUGE}&o={HUGE}",
    "page=-1&p=-1&o=-1.999&month=2026-13&date=2026-02-30&year=0&day=99999-01-01",
    "page=%D9%A1&p=x&o=password&order=-user__password&ordering=;&month=0000-00&e=1",
    f"q={'a' * 5000}&status=%27%22%3C&kind={HUGE}&team={HUGE}&partner={HUGE}&programme=-1",
    f"page=1e999&page=NaN&pk__in=1,x&id__exact={HUGE}&programme__id__exact=x&user__password=a",
    "month=9999-12&from=9999-12-31&to=0001-01-01&starts_on__gte=x&status__exact=%F0%9F%92%A9",
    f"_to_field=x&_popup=1&next=//elsewhere.example&_changelist_filters=%3F&app_label=x&term={HUGE}",
]
# What PostgreSQL or UTF-8 cannot hold.
UNREADABLE = ["q=%00", "q=%ED%A0%80", "q=%FF%FE", "%00=q", "q=%u0000%00", "page=1%00"]
IDS = ["0", str(2**31), str(2**63), HUGE]
WORDS = ["%00", "%ED%A0%80", "%FF", "a%0D%0Ab", "%E2%80%AE", "a" * 600, "%25%30%30", "..%2F..%2Fx"]


def refusals(client: Client, requests: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """Requests that were answered by a 500, or by a status that no page of ours has."""
    client.raise_request_exception = False
    faults = []
    for method, there, more in requests:
        status = client.generic(method, there, **more).status_code
        if status not in ANSWERS:
            faults.append(f"{method} {there[:120]} {more.get('content_type', '')}: {status}")
    return faults


def hostile(there: str, route: Route) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Queries, ids and forms for one address; `there` is an address that works."""
    for query in [*QUERIES, *UNREADABLE]:
        yield "GET", f"{there}?{query}", {}
    for broken in _broken_addresses(route):
        yield "GET", broken, {}
        yield "POST", broken, {"data": b"", "content_type": _FORM}
    for data, content_type in FORMS:
        yield "POST", there, {"data": data, "content_type": content_type}


_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data; boundary=cut"


def _part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    return (
        b'--cut\r\nContent-Disposition: form-data; name="'
        + name
        + b'"'
        + more
        + b"\r\n\r\n"
        + value
        + b"\r\n--cut--\r\n"
    )


FORMS: list[tuple[bytes, str]] = [
    (b"name=%00&title=%00", _FORM),
    (b"name=%ED%A0%80&reflection=%FF", _FORM),
    (b"name=\xff\xfe\x00a", _FORM),
    ("name=Ann".encode("utf-16"), f"{_FORM}; charset=utf-16"),
    (b"name=Ann", f"{_FORM}; charset=no-such-charset"),
    (
        f"minutes={HUGE}&amount=1e999&percent=-1&pk={HUGE}&partner={HUGE}&next={HUGE}".encode(),
        _FORM,
    ),
    (
        b"amount=NaN&happened_on=2026-02-30&starts_on_0=99&starts_on_1=99&starts_on_2=99999999999",
        _FORM,
    ),
    (b"&".join(b"f%d=1" % number for number in range(1500)), _FORM),
    (_part(b"name", b"a\0b"), _PARTS),
    (_part(b"na\0me", b"Ann"), _PARTS),
    (_part(b"file", b"PK\x03\x04\0", b'; filename="..\\..\\a\0.xlsx"'), _PARTS),
    (_part(b"name", b"\xed\xa0\x80"), _PARTS),
    (b"no parts at all", _PARTS),
    (b"--cut\r\n", "multipart/form-data"),
    (b'{"name": "\\u0000"', "application/json"),
    (b"\0\0\0", "text/xml; charset=utf-7"),
]


def _broken_addresses(route: Route) -> Iterator[str]:
    """The address with each parameter in turn huge, or unreadable."""
    for place, (_, kind) in enumerate(route.converters):
        for value in IDS if kind == "IntConverter" else [*IDS, *WORDS]:
            values = ["1"] * len(route.converters)
            values[place] = value
            yield route.with_values(values)


def _somebody(route: str) -> tuple[str, str] | None:
    """Who may open the route, and about whose row; whoever sees the most of them first."""
    for line in LINES:
        if line.route == route:
            for who in ("coordinator", "partner", "superuser", "finance", "anonymous"):
                if line.cells[who] in {OPENS, PRESS, LEADS_ON}:
                    return who, line.whose
    return None


@pytest.mark.parametrize("name", sorted(ROUTES))
@pytest.mark.error_logs("Django logs what it refuses as a security error")
def test_hostile_input_is_refused(world: World, name: str) -> None:
    who, whose = _somebody(name) or ("superuser", "programme")
    there = world.address(ROUTES[name], whose) or "/"

    assert refusals(world.client(who), hostile(there, ROUTES[name])) == []


@audience(PUBLIC)
def careless(request: HttpRequest) -> HttpResponse:
    """Planted: trusts what it is sent."""
    number = int(request.GET.get("page", "1"))
    return HttpResponse(str(Programme.objects.all()[number : number + 1]))


urlpatterns = [path("careless/", careless, name="careless")]


@pytest.mark.error_logs("the planted view breaks")
@override_settings(ROOT_URLCONF=__name__)
def test_hostile_input_notices_a_planted_view() -> None:
    faults = refusals(Client(), hostile("/careless/", Route("careless", "careless/", careless, ())))

    assert any(fault.endswith(": 500") for fault in faults)
