"""Nothing confidential is on any page for anybody who may not see it.

Every protected text of one partner carries a mark of its own (`confidential`). Then everybody
opens every page that opens to them, follows every link, and searches; and what they meet is held
against a table written by hand. A new page is crawled by itself; a new protected field fails until
the table says who may see it.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.core import mail
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import Message
from partners.models import (
    Partner,
)
from partners.querysets.expertise import OwnWordsQuerySet
from partners.querysets.stories import StoryQuerySet
from partners.rules import support as rules
from partners.services import (
    corrections,
    held,
    stories,
    support,
    support_check_ins,
    support_concerns,
)
from reminders.services.delivery import deliver
from tests.architecture.confidential import (
    LOOKING,
    MAY_SEE,
    PROTECTED,
    UNMARKED,
    Book,
    allowed,
    mark_world,
)
from tests.architecture.marked import MARK, NO_MARK
from tests.architecture.routes import walk
from tests.architecture.table import LEADS_ON, OPENS, TABLES, lines
from tests.architecture.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def book(world: World, django_db_blocker: Any) -> Book:
    """The small world, with everything that can be confidential in it, marked."""
    with django_db_blocker.unblock():
        return mark_world(world)


def test_every_protected_text_has_a_mark_and_a_line(book: Book) -> None:
    marked = {re.sub(r" \(.*| of \w+", "", key) for key in book.keys.values()}
    protected = {
        f"{model.__name__}.{one.name}"
        for model in held.our_models()
        for one in model._meta.concrete_fields
        if held.told_by(model)[one.name] in PROTECTED
        if isinstance(one, models.CharField | models.TextField | models.JSONField)
        if not one.choices
    }

    assert set(book.keys.values()) <= set(MAY_SEE)
    assert protected - marked - set(UNMARKED) == set()
    assert set(MAY_SEE) - set(book.keys.values()) == set()


# --- The crawl -----------------------------------------------------------------------------------

ROUTES = {route.name: route for route in walk()}
LINES = lines(TABLES.read_text())
_LINK = re.compile(r'(?:href|src|hx-get|action)="([^"#]+)')
# Doors that end the session, and pages that go on for ever.
_NEVER = re.compile(r"^/(account/logout|accounts/logout|sign-out|admin/logout|admin/jsi18n|static)")
MOST_PAGES = 1000
# Links to further rows and filters of a page lead to the same kind of page again and again. What
# the tables open is looked at in any case; the portal's pages have more rows that differ.
MOST_OF_A_ROUTE, MOST_IN_ADMIN = 12, 4
# Some of what each has to meet on the way, for the crawl to be worth anything.
REACHED = {
    "owner": {
        "Expertise.text (only_me)",
        "Contribution.reflection (only_me)",
        "CheckIn.shared",
        "Concern.text",
        "Correction.answer",
        "Need.text",
        "NeedsAnswer.note",
        "NeedsAnswer.done",
        "Story.text (withdrawn)",
        "FilePiece of Evidence.content (only_me)",
        "FilePiece of DataCopy.content",
    },
    "author": {"CheckIn.private", "Expertise.text (coordinators)", "Story.text (lent)"},
    "coordinator": {
        "Registration.access_needs",
        "CheckIn.shared",
        "Partner.address",
        "Correction.text",
        "Need.text",
        "NeedsAnswer.note",
    },
    "staff": {"Story.text (lent to staff)", "Proposal.text"},
    # What to do for whoever comes, and nothing of why.
    "organiser": {"Need.to_do"},
    "lead": {"Concern.text"},
}


def starts(world: World, who: str) -> Iterator[str]:
    """Where the tables say that a page opens to people like `who`, about Una's rows first."""
    column = LOOKING[who]
    whose = {"another partner": ("team", "own"), "coordinator elsewhere": ("elsewhere", "own")}
    opened = {line.route for line in LINES if line.cells[column] in {OPENS, LEADS_ON}}
    for name in opened:
        for mine in whose.get(who, ("own",)):
            there = world.address(ROUTES[name], mine)
            there = there or world.address(ROUTES[name], "programme")
            if there:
                yield there


def seen_by(world: World, book: Book, who: str, *, only: str = "") -> dict[str, set[str]]:
    """Every mark that `who` meets, and where; by what opens and what that leads to."""
    client = world.client(who)
    client.raise_request_exception = True
    first = {there for there in starts(world, who) if only in there}
    waiting = sorted(first)
    visited: set[str] = set()
    of_route: dict[str, int] = {}
    met: dict[str, set[str]] = {}
    while waiting:
        there = waiting.pop(0)
        if there in visited or _NEVER.match(there):
            continue
        route = re.sub(r"\d+", "1", urlsplit(there).path)
        of_route[route] = of_route.get(route, 0) + 1
        most = MOST_IN_ADMIN if there.startswith("/admin/") else MOST_OF_A_ROUTE
        if of_route[route] > most and there not in first:
            continue
        visited.add(there)
        with transaction.atomic():
            response = client.get(there)
            transaction.set_rollback(True)
        if response.status_code in {301, 302}:
            waiting.append(_within(response.url, there))
            continue
        text = words_of(response)
        for mark in book.in_text(text):
            met.setdefault(mark, set()).add(there)
        if "text/html" in response.get("Content-Type", ""):
            waiting += [
                target
                for link in _LINK.findall(text)
                if (target := _within(link, there)) and only in target
            ]
    assert len(visited) < MOST_PAGES, f"{who} goes on and on: {sorted(visited)[-20:]}"
    assert visited
    return met


def _within(link: str, there: str) -> str:
    """`link` on the page `there`, if it stays in the portal."""
    target = urlsplit(urljoin(there, link.replace("&amp;", "&")))
    inside = not target.scheme and not target.netloc
    return f"{target.path}?{target.query}".rstrip("?") if inside else ""


def words_of(response: Any) -> str:
    """What a response holds, unpacked where it is packed."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b" ".join(packed.read(name) for name in packed.namelist())
    return str(content.decode("utf-8", "replace")) + str(dict(response.headers))


def leaks(book: Book, who: str, met: dict[str, set[str]]) -> list[str]:
    """What `who` met and may not, and where."""
    return sorted(
        f"{who} sees {book.keys[mark]} at {sorted(places)[0]}"
        for mark, places in met.items()
        if who not in allowed(book.keys[mark])
    )


@pytest.mark.parametrize("who", LOOKING)
def test_nobody_sees_what_is_not_for_them(
    world: World, book: Book, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    met = seen_by(world, book, who)

    assert leaks(book, who, met) == []
    # The crawl comes to where the marks are: else it would prove nothing.
    assert REACHED.get(who, set()) <= {book.keys[mark] for mark in met}
    logged = " ".join(f"{record.msg} {record.args}" for record in caplog.records)
    assert book.in_text(logged) == set()


# --- Search --------------------------------------------------------------------------------------


# Texts by which something might be found: the first words of each kind.
SEARCHED = {
    "Expertise.text",
    "Priority.text",
    "PortfolioEntry.brought",
    "Contribution.reflection",
    "Story.title",
    "Story.text",
    "Need.text",
    "Partner.address",
    "Partner.email",
    "CheckIn.private",
    "Concern.text",
}


def _searches() -> list[str]:
    """Every page that searches: who could help, and the admin's lists."""
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, model_admin in admin.site._registry.items()
        if model_admin.search_fields
    ]
    return [reverse("partners:who_could_help"), *lists]


def found_by_search(world: World, book: Book, who: str) -> list[str]:
    """Forbidden texts whose words find something, so that their being there is told."""
    client, faults = world.client(who), []
    by_key = {
        key: mark
        for mark, key in book.forbidden(who).items()
        if MARK.fullmatch(mark) and key.split(" (")[0] in SEARCHED
    }
    for page in _searches():
        nothing = client.get(page, {"q": NO_MARK})
        if nothing.status_code != 200:
            continue
        expected = _as_found(nothing, NO_MARK)
        faults += [
            f"{who} finds {key} at {page}"
            for key, mark in sorted(by_key.items())
            if _as_found(client.get(page, {"q": mark}), mark) != expected
        ]
    return faults


def _as_found(response: Any, mark: str) -> str:
    text = re.sub(r'((?:value|data-csrf)=)"\w{64}"', r"\1", response.content.decode())
    return text.replace(mark, "it")


@pytest.mark.parametrize("who", ["staff", "clinician", "coordinator", "coordinator elsewhere"])
def test_search_finds_nothing_by_what_was_not_shared(world: World, book: Book, who: str) -> None:
    assert found_by_search(world, book, who) == []


def test_search_finds_by_what_was_shared(world: World, book: Book) -> None:
    shared = next(m for m, key in book.keys.items() if key == "Expertise.text (staff)")

    answer = world.client("staff").get(reverse("partners:who_could_help"), {"q": shared})

    assert "1 partner" in answer.content.decode()


# --- Mails and log lines -------------------------------------------------------------------------


def test_mails_and_log_lines_tell_nothing_confidential(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    una = Partner.objects.get(pk=world.rows["partner", "own"]["pk"])
    by, now, author = una.user, world.now, world.people["author"]
    assert by is not None
    mail.outbox.clear()
    secret = "zqsecrx"
    Message.objects.filter(status="waiting").update(status="cancelled")

    story = stories.write_story(partner=una, title=secret, text=secret, by=by, now=now)
    stories.agree(story=story, uses={"staff": None}, by=by, now=now)
    stories.log_use(story=story, use="staff", where=secret, used_on=now.date(), by=author, now=now)
    concern = support_concerns.raise_concern(programme=una.programme, text=secret, by=by, now=now)
    support_concerns.close_concern(
        concern=concern, outcome=secret, by=world.people["lead"], now=now
    )
    support_check_ins.write_check_in(
        partner=una, happened_on=now.date(), shared=secret, private=secret, by=author, now=now
    )
    asked = corrections.ask(partner=una, about=secret, text=secret, by=by, now=now)
    corrections.answer(correction=asked, was_made=True, answer=secret, by=author, now=now)
    support.move(partner=una, to="left", by=author, now=now, why=secret)
    deliver(now=now + timedelta(minutes=1), limit=500)

    assert len(mail.outbox) >= 4
    assert not [one.subject for one in mail.outbox if secret in f"{one.subject}{one.message()}"]
    kept = Message.objects.values_list("subject", "body", "link", "key")
    assert not [row for row in kept if secret in str(row)]
    assert secret not in " ".join(f"{record.msg} {record.args}" for record in caplog.records)


# --- Planted faults ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bypassed", "instead", "who", "only", "leak"),
    [
        (
            [(OwnWordsQuerySet, "visible_to")],
            lambda rows, *_: rows.all(),
            "coordinator",
            "/partners/partner/",
            "Expertise.text (only_me)",
        ),
        # Two locks on one door.
        (
            [(StoryQuerySet, "visible_to"), (StoryQuerySet, "in_bank")],
            lambda rows, *_: rows.all(),
            "coordinator",
            "/partners/story/",
            "Story.text (told nobody)",
        ),
        # What `visible_to` says of consent, wherever it is asked.
        (
            [(StoryQuerySet, "_lent")],
            lambda *_, **__: Q(pk__isnull=False),
            "staff",
            "/stories/",
            "Story.text (ended)",
        ),
        (
            [(rules, "may_read_private")],
            lambda *_: True,
            "coordinator",
            "/partners/partner/",
            "CheckIn.private",
        ),
    ],
    ids=["own words", "story bank", "stories for staff", "private part of a talk"],
)
def test_crawl_notices_a_bypassed_visible_to(
    world: World,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    bypassed: list[tuple[Any, str]],
    instead: Any,
    who: str,
    only: str,
    leak: str,
) -> None:
    assert leaks(book, who, seen_by(world, book, who, only=only)) == []

    for holder, name in bypassed:
        monkeypatch.setattr(holder, name, instead)

    faults = leaks(book, who, seen_by(world, book, who, only=only))
    assert any(f"sees {leak}" in fault for fault in faults)
