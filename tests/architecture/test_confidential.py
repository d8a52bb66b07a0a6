"""Nothing confidential is on any page for anybody who may not see it.

Every protected text of one partner carries a mark of its own, at each visibility there is. Then
everybody opens every page that opens to them, follows every link, and searches; and what they meet
is held against a table written by hand. A new page is crawled by itself; a new protected field
fails until the table says who may see it.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.audit import append_only_models, forgetting
from accounts.models import Message, Programme, Role, UnsentForm
from accounts.privacy import Sensitivity
from accounts.tests.factories import person
from partners.models import (
    Concern,
    Contribution,
    Evidence,
    FilePiece,
    Partner,
    PortfolioEntry,
    RegisterImport,
    Story,
    StoryConsent,
    ThankYou,
)
from partners.models.expertise import Visibility
from partners.querysets.expertise import OwnWordsQuerySet
from partners.querysets.stories import StoryQuerySet
from partners.services import (
    corrections,
    expertise,
    held,
    ledger,
    portfolio,
    stories,
    support,
    support_check_ins,
    support_concerns,
)
from partners.services.uploads import checked
from payments.services import runs
from reminders.services.delivery import deliver
from tests.architecture.marked import MARK, NO_MARK, WITH_TEXT, is_text, mark_of, plain, told
from tests.architecture.routes import walk
from tests.architecture.table import LEADS_ON, OPENS, TABLES, lines
from tests.architecture.world import World

pytestmark = pytest.mark.django_db

# Who looks, and as which column of the tables of pages.
LOOKING = {
    "owner": "partner",
    "another partner": "partner",
    "author": "coordinator",
    "coordinator": "coordinator",
    "coordinator elsewhere": "coordinator",
    "lead": "staff",
    "staff": "staff",
    "clinician": "clinician",
    "finance": "finance",
    "superuser": "superuser",
    "no role": "no role",
    "anonymous": "anonymous",
}
# Words of the table below that stand for several.
COORDINATORS = {"author", "coordinator"}
GROUPS = {
    "coordinators": COORDINATORS,
    "staff": {"staff", "lead", "clinician"},
    "taking_part": COORDINATORS | {"staff", "lead", "clinician", "another partner", "owner"},
    "everybody": set(LOOKING),
}

# Who may meet the text of a field, at each visibility.
MAY_SEE = {
    # Contact
    "Partner.email": "owner coordinators",
    "Partner.phone": "owner coordinators",
    "Partner.phone_hours": "owner coordinators",
    "Partner.address": "owner coordinators",
    "EmergencyContact.phone": "owner coordinators",
    "User.email": "owner coordinators superuser",
    "Message.to_address": "coordinators",
    "ThankYou.email": "owner",
    # Needs
    "Partner.access_needs": "owner coordinators",
    "Partner.availability": "owner coordinators",
    "Need.text": "owner coordinators",
    "Need.to_do": "owner coordinators",
    # Own words
    **{
        f"{model}.{name} ({seen})": who
        for model, names in {
            "Expertise": "text",
            "Passion": "text",
            "Priority": "text",
            "PortfolioEntry": "role brought changed",
            "Contribution": "reflection",
            "Evidence": "title link",
            "ThankYou": "words",
            "FilePiece of Evidence": "content",
        }.items()
        for name in names.split()
        for seen, who in {
            "only_me": "owner",
            "coordinators": "owner coordinators",
            "staff": "owner coordinators staff",
        }.items()
    },
    "ThankYou.words (kept)": "owner",
    "LearningPlace.reflection": "owner",
    **{
        f"Story.{name} ({lent})": who
        for name in ("title", "text", "take_care")
        for lent, who in {
            "withdrawn": "owner",
            "ended": "owner",
            "told nobody": "owner",
            "lent": "owner coordinators",
            "lent to staff": "owner coordinators staff",
        }.items()
    },
    # Support
    "CheckIn.shared": "owner coordinators",
    "CheckIn.private": "author",
    "Concern.text": "owner lead",
    "Concern.outcome": "owner lead",
    "Correction.about": "owner coordinators",
    "Correction.text": "owner coordinators",
    "Correction.answer": "owner coordinators",
    # What is worked out together
    "Proposal.text": "taking_part",
    "Advice.text": "taking_part",
    "Advice.reason": "taking_part",
    # Money
    "Claim.query": "owner coordinators finance",
    "Expense.description": "owner coordinators finance",
    "ClaimLine.description": "owner coordinators finance",
    "ClaimHistory.why": "owner coordinators finance",
    # Why something was moved on
    "PartnerHistory.why": "owner coordinators",
    "ContributionHistory.why": "owner coordinators",
    "AssignmentHistory.why": "owner coordinators",
    "LearningPlaceHistory.why": "owner coordinators",
    "RequirementRecordHistory.why": "owner coordinators",
    "CorrectionHistory.why": "owner coordinators",
    "ConcernHistory.why": "owner lead",
    # Files
    "FilePiece of RequirementRecord.content": "owner coordinators",
    "FilePiece of DataCopy.content": "owner",
    "FilePiece of PortfolioPdf.content": "owner",
    "RegisterImport.rows": "coordinators",
    # Secrets, for nobody
    "Message.link": "",
    "ThankYou.token_hash": "",
    "Invitation.token_hash": "",
    "Session.session_key": "",
    "UnsentForm.fields": "owner",
}
PROTECTED = {
    Sensitivity.CONTACT,
    Sensitivity.HEALTH,
    Sensitivity.CONDUCT,
    Sensitivity.SECRET,
}
# Protected texts without a mark, and why.
UNMARKED = {
    "User.password": "a hash that no page reads",
    "Session.session_data": "the sessions in which the test looks",
    "Programme.contact_phone": "whom to ring: to be read by all",
    "Programme.contact_email": "whom to write to: to be read by all",
    "WorkGroup.contact_phone": "whom to ring: to be read by all of the programme",
    "RegisterImport.outcome": "counts and names; the rows are marked",
    # Of the programme's own business, not one partner's words.
    "Impact.raised": "read by staff and the partners whose work it came from",
    "Impact.answer": "read by staff and the partners whose work it came from",
    "MeetingHistory.why": "told to everybody of the meeting",
    "RoundHistory.why": "told to everybody who takes part",
    "ImpactHistory.why": "told with the impact",
    "LearningSessionHistory.why": "told to everybody of the session",
    "RegisterImportHistory.why": "the coordinators' own",
    "PaymentRunHistory.why": "finance's own",
    "PaymentReportHistory.why": "finance's own",
}


def allowed(key: str) -> set[str]:
    """Whom the table lets see what stands under `key`."""
    return {who for word in MAY_SEE[key].split() for who in GROUPS.get(word, {word})}


# --- Marks ---------------------------------------------------------------------------------------


@dataclass
class Book:
    """Which text is whose secret: by mark, what it stands for."""

    keys: dict[str, str] = field(default_factory=dict)

    def new(self, key: str) -> str:
        mark = mark_of(len(self.keys))
        self.keys[mark] = key
        return mark

    def forbidden(self, who: str) -> dict[str, str]:
        return {mark: key for mark, key in self.keys.items() if who not in allowed(key)}

    def in_text(self, text: str) -> set[str]:
        secrets = {mark for mark in self.keys if not MARK.fullmatch(mark) and mark in text}
        return set(MARK.findall(text)) & self.keys.keys() | secrets


@pytest.fixture(scope="module")
def book(world: World, django_db_blocker: Any) -> Book:
    """The small world, with everything that can be confidential in it, marked."""
    with django_db_blocker.unblock():
        return mark_world(world)


def mark_world(world: World) -> Book:
    book, una = Book(), Partner.objects.get(pk=world.rows["partner", "own"]["pk"])
    here = una.programme
    there = Programme.objects.get(pk=world.rows["programme", "elsewhere"]["pk"])
    world.people["owner"] = una.user
    world.people["another partner"] = Partner.objects.get(
        pk=world.rows["partner", "team"]["pk"]
    ).user
    world.people["author"] = world.people["coordinator"]
    world.people["coordinator"] = person(Role.COORDINATOR, here, name="Another coordinator")
    world.people["coordinator elsewhere"] = person(Role.COORDINATOR, there, name="From elsewhere")
    world.people["lead"] = person(Role.STAFF, here, name="A lead")
    for who in ("owner", "another partner", "author", "coordinator", "coordinator elsewhere"):
        world.sign_in(who)
    world.sign_in("lead")
    here.concern_lead = world.people["lead"]
    here.save()
    Concern.objects.filter(raised_by=una.user).update(lead=world.people["lead"])
    _tell(world, una)
    rows = held.rows_of(una.user)
    with forgetting(*append_only_models()):
        for model, mine in rows.items():
            if model not in held.shared_with_partner():
                for row in mine:
                    _mark(book, model, row)
    imported = RegisterImport.objects.get(pk=world.rows["register import", "programme"]["pk"])
    mark = book.new("RegisterImport.rows")
    RegisterImport.objects.filter(pk=imported.pk).update(rows=[[mark, "ann@example.org"]])
    month = timedelta(days=40)
    report = runs.request_report(
        programme=here,
        month=(world.now - month).date().replace(day=1),
        by=world.people["author"],
        now=world.now,
    )
    runs.build_report(report=report, now=world.now)
    return book


def _tell(world: World, una: Partner) -> None:
    """What the small world has at one visibility, at each."""
    by, now = una.user, world.now
    assert by is not None
    for seen in Visibility.values:
        for add, more in (
            (expertise.add_expertise, {"kind": "jewel"}),
            (expertise.add_passion, {}),
            (expertise.add_priority, {}),
        ):
            add(partner=una, text=f"Words for {seen}", visibility=seen, by=by, now=now, **more)
        work = ledger.record(
            partner=una,
            kind="talk",
            happened_on=now.date() - timedelta(days=7),
            minutes=30,
            title="A talk",
            by=by,
            now=now,
        )
        said = {"role": "Speaker", "brought": "Words", "changed": "Much", "reflection": "Good"}
        portfolio.tell(contribution=work, by=by, now=now, **said)
        portfolio.add_link(
            contribution=work, title="Talk", link="https://example.org/talk", by=by, now=now
        )
        portfolio.add_file(
            contribution=work,
            title="Leaflet",
            checked=checked(SimpleUploadedFile("leaflet.pdf", b"%PDF-1.7\n%%EOF\n")),
            by=by,
            now=now,
        )
        portfolio.share(contribution=work, visibility=seen, by=by, now=now)
        for shown in (now, None):
            ThankYou.objects.create(
                contribution=work,
                name="Dr Ray",
                email="ray@example.org",
                token_hash=f"{seen}{shown}",
                asked_at=now,
                expires_at=now + timedelta(days=9),
                words="Thank you",
                given_at=now,
                shown_at=shown,
            )
    UnsentForm.objects.create(
        user=by, path="/concerns/raise/", fields={"text": ["words"]}, kept_at=now
    )
    for use, ends in (
        ("staff", "withdrawn"),
        ("staff", "ended"),
        ("", "told nobody"),
        ("board", ""),
        ("staff", ""),
    ):
        row = stories.write_story(
            partner=una, title="A story", text="Once", take_care="Pain", by=by, now=now
        )
        if use:
            stories.agree(story=row, uses={use: None}, by=by, now=now)
        if ends == "withdrawn":
            stories.withdraw(story=row, by=by, now=now)
        elif ends == "ended":
            StoryConsent.objects.filter(story=row).update(until=now.date() - timedelta(days=1))


def _variant(row: models.Model) -> str:
    """Under which visibility a row stands, where there are several."""
    if isinstance(row, Evidence):
        return str(row.entry.visibility)
    if isinstance(row, Contribution):
        entry = PortfolioEntry.objects.filter(contribution=row).first()
        return str(entry.visibility) if entry else str(Visibility.ONLY_ME)
    if isinstance(row, ThankYou):
        return _variant(row.contribution) if row.shown_at else "kept"
    if isinstance(row, Story):
        standing = row.consents.standing(row.added_at.date()).values_list("use", flat=True)
        if row.withdrawn_at:
            return "withdrawn"
        if standing:
            return "lent to staff" if "staff" in standing else "lent"
        return "ended" if row.consents.exists() else "told nobody"
    return str(getattr(row, "visibility", ""))


def _key(name: str, variant: str) -> str:
    with_variant = f"{name} ({variant})"
    return with_variant if variant and (with_variant in MAY_SEE or name not in MAY_SEE) else name


def _mark(book: Book, model: type[models.Model], row: models.Model) -> None:
    variant, values = _variant(row), {}
    for one in model._meta.concrete_fields:
        name = f"{model.__name__}.{one.name}"
        if held.told_by(model)[one.name] not in PROTECTED or name in UNMARKED:
            continue
        if held.told_by(model)[one.name] is Sensitivity.SECRET and one.name != "link":
            secret = getattr(row, one.name)
            if secret:
                book.keys[secret] = _key(name, variant)
        elif is_text(one) and (one.name != "link" or getattr(row, "link", "")):
            values[one.name] = told(one, book.new(_key(name, variant)))
    if values:
        plain(model).filter(pk=row.pk).update(**values, **WITH_TEXT.get(model._meta.label, {}))
    for key in held.files_of(model):
        piece = FilePiece.objects.filter(file=getattr(row, f"{key}_id"), number=0).first()
        if piece is not None:
            mark = book.new(_key(f"FilePiece of {model.__name__}.content", variant))
            FilePiece.objects.filter(pk=piece.pk).update(content=mark.encode())


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
MOST_PAGES = 700
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
        "Story.text (withdrawn)",
        "FilePiece of Evidence.content (only_me)",
        "FilePiece of DataCopy.content",
    },
    "author": {"CheckIn.private", "Expertise.text (coordinators)", "Story.text (lent)"},
    "coordinator": {"CheckIn.shared", "Partner.address", "Correction.text", "Need.text"},
    "staff": {"Story.text (lent to staff)", "Proposal.text"},
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
    ("queryset", "method", "instead", "who", "only", "leak"),
    [
        (
            OwnWordsQuerySet,
            "visible_to",
            lambda rows, *_: rows.all(),
            "coordinator",
            "/partners/partner/",
            "Expertise.text (only_me)",
        ),
        (
            StoryQuerySet,
            "in_bank",
            lambda rows, *_: rows.all(),
            "coordinator",
            "/partners/story/",
            "Story.text (told nobody)",
        ),
        # What `visible_to` says of consent, wherever it is asked.
        (
            StoryQuerySet,
            "_lent",
            lambda rows, *_, **__: Q(pk__isnull=False),
            "staff",
            "/stories/",
            "Story.text (ended)",
        ),
    ],
    ids=["own words", "story bank", "stories for staff"],
)
def test_crawl_notices_a_bypassed_visible_to(
    world: World,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    queryset: Any,
    method: str,
    instead: Any,
    who: str,
    only: str,
    leak: str,
) -> None:
    assert leaks(book, who, seen_by(world, book, who, only=only)) == []

    monkeypatch.setattr(queryset, method, instead)

    faults = leaks(book, who, seen_by(world, book, who, only=only))
    assert any(f"sees {leak}" in fault for fault in faults)
