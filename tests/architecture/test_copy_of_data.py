"""A copy of somebody's data has everything of theirs that is told them, and nothing of others'."""

import io
import json
import zipfile
from html.parser import HTMLParser

import pytest

from accounts.models import User
from accounts.privacy import Sensitivity
from partners.models import CheckIn, DataCopy, FilePiece, Partner
from partners.services import data_copy, files, held
from partners.services.held_words import AREAS
from tests.architecture.marked import MARK, NOW, mark_everything
from tests.architecture.test_models import is_event, is_history
from tests.architecture.world import World
from workflow.jobs import Job

pytestmark = pytest.mark.django_db


def copy_of(user: User) -> zipfile.ZipFile:
    """The zip that a worker makes for `user`."""
    job = data_copy.ask_for_copy(user=user, programme=None, by=user, now=NOW)
    data_copy.make_copy(pk=job.pk, now=NOW)
    job = DataCopy.objects.get(pk=job.pk)
    assert (job.status, job.error, job.done) == ("ready", "", job.total)
    assert job.file is not None
    return zipfile.ZipFile(io.BytesIO(b"".join(files.stream(job.file))))


def marks_in(copy: zipfile.ZipFile, folder: str = "") -> set[str]:
    named = [name for name in copy.namelist() if name.startswith(folder)]
    return {mark for name in named for mark in MARK.findall(copy.read(name).decode("latin-1"))}


def test_copy_has_all_that_is_ones_own_and_nothing_else(world: World) -> None:
    partner = Partner.objects.get(pk=world.rows["partner", "own"]["pk"])
    other = Partner.objects.get(pk=world.rows["partner", "team"]["pk"])
    coordinator = world.people["coordinator"]
    assert partner.user is not None
    theirs = set(mark_everything(other, coordinator).where)
    own = mark_everything(partner, coordinator, first=1000)

    copy = copy_of(partner.user)

    told_marks = {
        mark
        for mark, (model, name, _) in own.where.items()
        if held.told_by(model)[name] is not Sensitivity.SECRET
        and name not in held.IN_CONFIDENCE.get(model._meta.label, ())
        and model not in (FilePiece, held.StoredFile)
    }
    in_files = own.of("FilePiece.content")
    assert len(told_marks) > 100
    assert told_marks - marks_in(copy, "data/") == set()
    assert told_marks - marks_in(copy, "pages/") == set()
    assert len(marks_in(copy, "files/") & in_files) == 2  # evidence and a requirement's
    assert (set(own.where) - told_marks) & marks_in(copy, "data/") <= own.of("StoredFile.name")
    assert theirs & marks_in(copy) == set()
    assert own.of("CheckIn.private")
    assert not own.of("CheckIn.private") & marks_in(copy)


def test_copy_of_a_coordinator_says_what_she_did_and_not_what_others_wrote(world: World) -> None:
    partner = Partner.objects.get(pk=world.rows["partner", "own"]["pk"])
    coordinator = world.people["coordinator"]
    marks = mark_everything(partner, coordinator)

    copy = copy_of(coordinator)

    assert not marks_in(copy) & set(marks.where)
    did = json.loads(copy.read("data/done-by-you.json"))
    assert {"what": "check-in", "as": "author"}.items() <= next(
        one for one in did if one["what"] == "check-in"
    ).items()
    assert (
        sum(one["what"] == "check-in" for one in did)
        == CheckIn.objects.filter(author=coordinator).count()
    )


class _Page(HTMLParser):
    """Notes the language, headings, title and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found.setdefault(tag, []).append(values.get("href") or values.get("lang") or "")


def test_pages_of_a_copy_stand_alone_and_lead_to_each_other(world: World) -> None:
    copy = copy_of(world.people["partner"])
    names = set(copy.namelist())

    for name in (name for name in names if name.endswith(".html")):
        page = _Page()
        page.feed(copy.read(name).decode())
        assert page.found["html"] == ["en-GB"]
        assert len(page.found["h1"]) == len(page.found["title"]) == 1
        assert "script" not in page.found
        folder = "" if name == "index.html" else "pages/"
        for link in page.found.get("a", []) + page.found["link"]:
            target = link.removeprefix("../") if link.startswith("../") else folder + link
            assert target in names, f"{name} leads to {link}"
    data = [json.loads(copy.read(name)) for name in names if name.endswith(".json")]
    assert all(isinstance(one, list) for one in data)


# Rows about people that are nobody's own: why no way leads from there to one of them.
NOBODYS = {
    "accounts.Programme": "whom to turn to",
    "assignments.WorkGroup": "whom to turn to",
    "assignments.Paper": "a meeting's; who put it there did so for the programme",
    "assignments.Registration": "a stranger's, who has the link, and gone a month after",
    "observations.Instrument": "the programme's; who accepted its terms did so for it",
    "partners.StoredFile": "reached through the row that it belongs to",
    "partners.FilePiece": "reached through the row that its file belongs to",
    "partners.Impact": "several people's: told to each through their contributions",
    "partners.RegisterImport": "a whole register for a month, and not by person",
    "payments.PaymentReport": "a month of everybody's",
    "payments.ReportFile": "a month of everybody's, as finance was given it",
}


def test_a_way_leads_from_every_row_about_people_to_its_person() -> None:
    reached = {*held.ways_to_partner(), *held.ways_to_user()}
    about_people = {
        model._meta.label
        for model in held.our_models()
        if not is_event(model) and not is_history(model)
        if set(held.told_by(model).values()) - {Sensitivity.NONE}
        if model not in reached
    }

    assert about_people == set(NOBODYS)
    assert all(model in reached for model in held.our_models() if issubclass(model, Job))


def test_every_row_of_a_person_has_words_for_people() -> None:
    named = {label for area in AREAS for label in area.models}
    shown = {*held.ways_to_partner(), *held.ways_to_user(), *held.shared_with_partner()}

    assert {model._meta.label for model in shown} == named
