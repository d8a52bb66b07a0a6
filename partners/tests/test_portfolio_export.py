"""A portfolio taken along: the PDF that a worker makes, the table and the data."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import Programme
from partners.models import Contribution, Partner, PortfolioPdf, StoredFile, ThankYou
from partners.services import files, portfolio, portfolio_pdf, typesetter
from partners.services.portfolio_export import as_csv, as_json, chosen_of, told
from partners.services.refusal import Refusal
from partners.tests.factories import NOW, confirmed_contribution, contribution, signed_up_partner
from partners.tests.test_thanks import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


def piece(partner: Partner, title: str, **words: Any) -> Contribution:
    row = confirmed_contribution(partner, title=title, minutes=60)
    said = {"role": "", "brought": "", "changed": "", "reflection": "", **words}
    portfolio.tell(contribution=row, by=partner.user, now=NOW, **said)
    return row


def made(partner: Partner, *rows: Contribution, **options: Any) -> PdfReader:
    """The PDF of `rows`, as the worker makes it."""
    chosen = [row.pk for row in rows] or None
    job = portfolio_pdf.ask_for_pdf(
        partner=partner,
        chosen=chosen,
        by=partner.user,
        now=NOW,
        **{"with_reflections": False, **options},
    )
    portfolio_pdf.make_pdf(pk=job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.status, job.done) == ("ready", job.total)
    return PdfReader(io.BytesIO(b"".join(files.stream(job.file))))


def words_of(pdf: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in pdf.pages).split())


def is_accessible(pdf: PdfReader) -> bool:
    """Tagged, and says that it is PDF/UA-1: typst says so of nothing that fails its checks."""
    root = pdf.trailer["/Root"]
    said = root["/Metadata"].get_object().get_data()
    return bool(root["/MarkInfo"]["/Marked"]) and b"<pdfuaid:part>1</pdfuaid:part>" in said


def test_pdf_is_tagged_and_holds_the_chosen_alone(partner: Partner) -> None:
    first = piece(partner, "Clinic redesign", role="Chair", changed="Shorter waits")
    piece(partner, "Never to be shown")
    given(first, "She changed our minds", shows=True)
    given(first, "Between us", shows=False)

    pdf = made(partner, first)

    root, words = pdf.trailer["/Root"], words_of(pdf)
    assert is_accessible(pdf)
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata.title == "Portfolio of Maureen Okafor"
    for shown in ("Clinic redesign", "Chair", "Shorter waits", "She changed our minds"):
        assert shown in words
    for hidden in ("Never to be shown", "Between us"):
        assert hidden not in words


def test_pdf_has_reflections_only_when_asked(partner: Partner) -> None:
    row = piece(partner, "Panel", reflection="It was hard")

    assert "It was hard" not in words_of(made(partner, row))
    assert "It was hard" in words_of(made(partner, row, with_reflections=True))


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("#panic() *b* $x$ \\ [", "#*$\\["),
        ("a\n\n\n\nb", "ab"),
        ("Grand \U0001f44d \U0001f9d1\u200d\U0001f373 \u2764\ufe0f", "\U0001f44d\u2764"),
        ("\u0645\u0631\u062d\u0628\u0627, Noor", "\u0645\u0631\u062d\u0628\u0627,"),
        ("\u05e9\u05dc\u05d5\u05dd, Noa", "\u05e9\u05dc\u05d5\u05dd,"),
    ],
    ids=["markup", "lines", "emoji", "arabic", "hebrew"],
)
def test_pdf_takes_any_words_for_words(partner: Partner, words: str, letters: str) -> None:
    row = piece(partner, "Panel", brought=words, role=words[:8])

    pdf = made(partner, row)

    printed = words_of(pdf)
    assert is_accessible(pdf)
    assert set(letters) <= set(printed)
    assert typesetter.REPLACEMENT not in printed
    if words.isascii():
        assert " ".join(words.split()) in printed


@pytest.mark.parametrize(
    "words",
    [
        "Ox\u0378en",  # a letter that there is not
        " ".join(map(chr, [*range(0x0815, 0x0824)])) + "\u0824",  # typst breaks down over these
    ],
    ids=["unassigned", "samaritan"],
)
def test_pdf_shows_where_letters_are_that_no_font_has(partner: Partner, words: str) -> None:
    row = piece(partner, "Panel", brought=f"{words} \u0378", role="Chair \U0001f44d")

    pdf = made(partner, row)

    printed = words_of(pdf)
    assert is_accessible(pdf)
    assert f"{typesetter.REPLACEMENT} stands for a letter or sign" in printed
    assert "Chair \U0001f44d" in printed


def test_work_that_is_somebody_elses_or_withdrawn_is_never_in_it(
    partner: Partner, programme: Programme
) -> None:
    theirs = contribution(signed_up_partner(programme), title="Not mine")

    with pytest.raises(Refusal, match="at least one"):
        made(partner, theirs)
    with pytest.raises(Refusal, match="Only the partner"):
        portfolio_pdf.ask_for_pdf(
            partner=partner,
            chosen=None,
            with_reflections=False,
            by=theirs.partner.user,
            now=NOW,
        )


def test_three_pdfs_are_kept_and_no_file_is_left_behind(partner: Partner) -> None:
    row = piece(partner, "Panel")

    for minute in range(5):
        job = portfolio_pdf.ask_for_pdf(
            partner=partner,
            chosen=[row.pk],
            with_reflections=False,
            by=partner.user,
            now=NOW + timedelta(minutes=minute),
        )
        portfolio_pdf.make_pdf(pk=job.pk, now=NOW)

    kept = PortfolioPdf.objects.order_by("-asked_at")
    assert [one.asked_at.minute for one in kept] == [4, 3, 2]
    assert StoredFile.objects.count() == 3


def test_table_has_no_formula_and_every_column(partner: Partner) -> None:
    row = piece(partner, "=1+1", changed="+cmd|' /C calc'!A0", brought="two\nlines")
    portfolio.add_link(
        contribution=row, title="Blog", link="https://example.org/", by=partner.user, now=NOW
    )

    text = "".join(as_csv(told(chosen_of(partner, None), with_reflections=True)))
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    assert len(lines) == 1
    assert lines[0]["What"] == "'=1+1"
    assert lines[0]["What changed"].startswith("'+cmd")
    assert lines[0]["What I brought"] == "two\nlines"
    assert lines[0]["Evidence"] == "Blog: https://example.org/"


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_data_is_json_of_any_length(partner: Partner, pieces: int) -> None:
    for number in range(pieces):
        contribution(partner, title=f"Piece {number}", happened_on=date(2026, 11, number + 1))

    data = json.loads("".join(as_json(told(chosen_of(partner, None), with_reflections=True))))

    assert [one["what"] for one in data] == [f"Piece {n}" for n in reversed(range(pieces))]


def test_told_asks_as_often_for_many_as_for_one(
    partner: Partner, django_assert_num_queries: Any
) -> None:
    for pieces in (1, 2):
        for number in range(pieces):
            row = piece(partner, f"Piece {pieces} {number}")
            given(row, "Thank you", shows=True)
            portfolio.add_link(
                contribution=row, title="A", link="https://example.org/", by=partner.user, now=NOW
            )

        with django_assert_num_queries(3):
            assert list(told(chosen_of(partner, None), with_reflections=True))
    assert ThankYou.objects.count() == 3
