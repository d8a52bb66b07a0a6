"""The pages of the portfolio, as a partner, a coordinator and staff meet them."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from partners.models import Contribution, Evidence, Partner, PortfolioEntry, PortfolioPdf
from partners.services import files, portfolio, portfolio_pdf
from partners.tests.factories import NOW, confirmed_contribution, contribution, signed_up_partner
from partners.tests.test_thanks import given
from partners.tests.test_uploads import document, huge_png, picture

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def mo(partner: Partner, client_for: SignIn) -> Client:
    return client_for(partner.user)


@pytest.fixture
def row(partner: Partner) -> Contribution:
    return confirmed_contribution(partner, title="Clinic redesign")


def at(name: str, *args: Any) -> str:
    return reverse(f"partners:{name}", args=args)


def full(partner: Partner, day: date, title: str = "Clinic redesign") -> Contribution:
    """A piece of work with a story, a link and a line of thanks."""
    row = contribution(partner, happened_on=day, title=title, source_path="/diary/meetings/1/")
    words = {"role": "Chair", "brought": "Years", "changed": "Signs", "reflection": "Mine"}
    portfolio.tell(contribution=row, by=partner.user, now=NOW, **words)
    portfolio.add_link(
        contribution=row, title="Blog", link="https://example.org/", by=partner.user, now=NOW
    )
    given(row, "Thank you", shows=True)
    return row


# --- The list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "number"), [("portfolio", 10), ("contribution", 7)])
def test_pages_ask_the_same_however_many_rows(
    mo: Client, partner: Partner, name: str, number: int, rows: int
) -> None:
    for month in range(rows):
        row = full(partner, date(2026, 9 + month, 2))
    address = at(name, row.pk) if name == "contribution" else at(name)
    mo.get(address)

    with CaptureQueriesContext(connection) as asked:
        assert mo.get(address).status_code == 200

    assert len(asked) == number


def test_list_reads_one_page_of_rows_however_many_there_are(
    mo: Client, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.views.portfolio.PORTFOLIO_PAGE", 2)
    for day in range(1, 7):
        contribution(partner, happened_on=date(2026, 11, day), title=f"Piece {day}.")

    page = mo.get(at("portfolio")).content.decode()

    assert [day for day in range(1, 7) if f"Piece {day}." in page] == [5, 6]
    assert "9 hours, in 6 pieces of work" in page


def test_list_draws_the_timeline_and_says_it_in_a_table(mo: Client, partner: Partner) -> None:
    contribution(partner, happened_on=date(2026, 9, 2), minutes=60, kind="talk")
    contribution(partner, happened_on=date(2026, 11, 2), minutes=120, kind="peer_support")

    page = mo.get(at("portfolio")).content.decode()

    assert "Most of it was Peer support, 2 hours. The fullest month was November 2026." in page
    assert page.count('<rect class="app-lanes__bar"') == 2
    for words in (
        "<title id=",
        "<desc id=",
        "September 2026",
        "Talk: 1 hour",
        "The same as a table",
    ):
        assert words in page
    assert "style=" not in page


def test_list_filters_by_group(mo: Client, partner: Partner) -> None:
    full(partner, date(2026, 11, 2), title="Upper limb MDT")
    full(partner, date(2026, 11, 3), title="Pain group")

    page = mo.get(at("portfolio"), {"group": "Pain group"}).content.decode()

    assert "1 to 1 of 1" in page or "1 piece of work" in page
    assert page.count('class="nhsuk-card__link"') == 1


# --- The story -----------------------------------------------------------------------------------


def test_words_are_kept_as_they_are_typed(mo: Client, row: Contribution) -> None:
    address, words = at("reflect", row.pk), {"role": "Chair", "changed": "Sig", "reflection": ""}
    first = mo.post(address, {**words, "seen": ""}, headers={"X-Autosave": "yes"})
    told = json.loads(first.content)

    second = mo.post(
        address,
        {**words, "changed": "Signs", "seen": told["set"]["seen"]},
        headers={"X-Autosave": "yes"},
    )
    stale = mo.post(address, {**words, "changed": "Old", "seen": ""}, headers={"X-Autosave": "yes"})

    assert told["said"].startswith("Saved at ")
    assert second.status_code == 200
    assert (stale.status_code, "another window" in stale.content.decode()) == (422, True)
    assert PortfolioEntry.objects.get().changed == "Signs"


def test_words_too_long_stay_on_the_page(mo: Client, row: Contribution) -> None:
    page = mo.post(
        at("reflect", row.pk), {"role": "Chair", "brought": "x" * 4001, "seen": "nonsense"}
    ).content.decode()

    assert "Shorten this to 4,000 characters" in page
    assert "Chair" in page
    assert "x" * 4001 in page


def test_entry_is_read_as_it_is_shared(
    mo: Client, partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    row = full(partner, date(2026, 11, 2))
    shared, admin = (
        at("shared_entry", row.entry.pk),
        reverse("admin:partners_contribution_change", args=[row.pk]),
    )
    readers = {
        "coordinators": client_for(coordinator),
        "staff": client_for(person(Role.STAFF, partner.programme)),
    }
    other = client_for(signed_up_partner(partner.programme).user)

    for visibility, opened in (
        ("only_me", {"coordinators": 404, "staff": 404}),
        ("coordinators", {"coordinators": 200, "staff": 404}),
        ("staff", {"coordinators": 200, "staff": 200}),
    ):
        mo.post(at("share_entry", row.pk), {"visibility": visibility})
        assert {who: one.get(shared).status_code for who, one in readers.items()} == opened
        in_admin = readers["coordinators"].get(admin).content.decode()
        for words in ("Signs", "Mine", "Blog", "Thank you"):
            assert (words in in_admin) is (visibility != "only_me")
    assert other.get(shared).status_code == 404
    assert "Signs" in readers["staff"].get(shared).content.decode()
    assert mo.get(shared).status_code == 200


# --- Evidence ------------------------------------------------------------------------------------


def test_link_that_runs_something_is_refused_beside_the_field(
    mo: Client, row: Contribution
) -> None:
    page = mo.post(
        at("add_link", row.pk), {"title": "A poster", "link": "javascript:alert(1)"}
    ).content.decode()

    assert "Give an address that begins with https:// or http://." in page
    assert "<title>Error: " in page
    assert "A poster" in page


def _bomb() -> bytes:
    out = io.BytesIO(document())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.xml", b"\0" * (101 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("holiday.jpg", lambda: b"MZ\x90\0" + b"\0" * 2000, "cannot tell what this file is"),
        ("story.docx", _bomb, "unpacks to far more"),
        ("poster.png", huge_png, "50 million pixels"),
        ("report.pdf", lambda: b"%PDF-1.7" + b"\0" * 11 * 1024 * 1024, "larger than 10 MB"),
        ("empty.pdf", lambda: b"", "This file is empty"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_beside_the_field(
    mo: Client, row: Contribution, name: str, content: Callable[[], bytes], sentence: str
) -> None:
    sent = {"file": SimpleUploadedFile(name, content()), "title": "My poster"}

    page = mo.post(at("add_file", row.pk), sent).content.decode()

    assert sentence in page
    assert "<title>Error: " in page
    assert "My poster" in page
    assert not Evidence.objects.exists()


def test_photograph_goes_out_as_an_attachment_without_its_place(
    mo: Client, row: Contribution
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (53.0, 24.0, 36.0)
    sent = {"file": SimpleUploadedFile("ward ü.jpg", picture(exif=exif)), "title": ""}
    assert mo.post(at("add_file", row.pk), sent).status_code == 302

    answer = mo.get(at("evidence_file", Evidence.objects.get().pk))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert int(answer.headers["Content-Length"]) == len(content)
    assert not Image.open(io.BytesIO(content)).getexif()


def test_file_is_handed_to_whom_the_entry_is_shared_with(
    mo: Client, row: Contribution, coordinator: User, client_for: SignIn
) -> None:
    mo.post(at("add_file", row.pk), {"file": SimpleUploadedFile("a.png", picture("PNG"))})
    kept = Evidence.objects.get()
    reader = client_for(coordinator)

    before = reader.get(at("evidence_file", kept.pk)).status_code
    mo.post(at("share_entry", row.pk), {"visibility": "coordinators"})
    after = reader.get(at("evidence_file", kept.pk)).status_code
    removed_by_another = reader.post(at("remove_evidence", kept.pk)).status_code
    assert mo.get(at("remove_evidence", kept.pk)).status_code == 200
    mo.post(at("remove_evidence", kept.pk))

    assert (before, after, removed_by_another) == (404, 200, 403)
    assert not Evidence.objects.exists()


# --- Thanks --------------------------------------------------------------------------------------


def test_partner_asks_and_lets_it_show(mo: Client, row: Contribution) -> None:
    refused = mo.post(at("ask_for_thanks", row.pk), {"name": "Ann", "email": "ann"})
    assert "Enter an e-mail address like" in refused.content.decode()
    mo.post(at("ask_for_thanks", row.pk), {"name": "Dr Ann", "email": "ann@example.org"})
    assert "Nothing has come yet" in mo.get(at("contribution", row.pk)).content.decode()
    line = given(row, "You changed our minds", shows=False)

    mo.post(at("show_thanks", line.pk), {"shows": "yes"})

    line.refresh_from_db()
    assert line.shown_at is not None
    assert "You changed our minds" in mo.get(at("contribution", row.pk)).content.decode()
    assert mo.get(at("show_thanks", line.pk)).status_code == 405


def test_lines_of_others_are_not_found(
    row: Contribution, programme: Programme, client_for: SignIn
) -> None:
    line = given(row, "Thank you", shows=True)

    other = client_for(signed_up_partner(programme).user)

    assert other.post(at("show_thanks", line.pk), {"shows": "no"}).status_code == 404


# --- Taken along ---------------------------------------------------------------------------------


def test_chosen_work_becomes_a_pdf_for_the_partner_alone(
    mo: Client, row: Contribution, coordinator: User, client_for: SignIn
) -> None:
    full(row.partner, date(2026, 11, 3), title="Other")
    assert mo.get(at("take_along")).status_code == 200
    asked = mo.post(at("take_along"), {"which": "chosen", "chosen": [row.pk], "shape": "pdf"})
    job = PortfolioPdf.objects.get()
    assert asked.url == at("portfolio_pdf", job.pk)
    assert "Waiting for its turn" in mo.get(asked.url).content.decode()
    assert mo.get(at("portfolio_pdf_file", job.pk)).status_code == 404

    portfolio_pdf.make_pdf(pk=job.pk, now=NOW + timedelta(minutes=1))

    assert job.entries == {"contributions": [row.pk], "with_reflections": False}
    assert "Your PDF is ready" in mo.get(at("portfolio_pdf_progress", job.pk)).content.decode()
    answer = mo.get(at("portfolio_pdf_file", job.pk))
    job.refresh_from_db()
    assert b"".join(answer.streaming_content) == b"".join(files.stream(job.file))  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    other = client_for(signed_up_partner(row.programme).user)
    for name in ("portfolio_pdf", "portfolio_pdf_progress", "portfolio_pdf_file"):
        assert other.get(at(name, job.pk)).status_code == 404
        assert client_for(coordinator).get(at(name, job.pk)).status_code == 403


@pytest.mark.parametrize(("shape", "begins"), [("csv", "\ufeffDay,"), ("json", "[\n{")])
def test_table_and_data_come_straight_away(
    mo: Client, row: Contribution, shape: str, begins: str
) -> None:
    answer = mo.post(at("take_along"), {"which": "all", "shape": shape})

    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.startswith(begins)
    assert "Clinic redesign" in content
    assert answer.headers["Content-Disposition"] == f'attachment; filename="portfolio.{shape}"'


def test_nothing_chosen_and_somebody_elses_work_are_refused(
    mo: Client, row: Contribution, programme: Programme
) -> None:
    theirs = contribution(signed_up_partner(programme))

    none = mo.post(at("take_along"), {"which": "chosen", "shape": "pdf"}).content.decode()
    other = mo.post(
        at("take_along"), {"which": "chosen", "chosen": [theirs.pk], "shape": "csv"}
    ).content.decode()

    assert "Choose at least one piece of work" in none
    assert "Choose from the list" in other
    assert not PortfolioPdf.objects.exists()


def test_empty_portfolio_has_nothing_to_take_along(mo: Client) -> None:
    assert "nothing to take along yet" in mo.get(at("take_along")).content.decode()
