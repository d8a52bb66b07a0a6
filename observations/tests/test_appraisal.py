"""The paper for an appraisal: what it says, in which order, and who may fetch it."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from accounts.models import Programme, User
from observations.models import AppraisalPdf
from observations.services import appraisal_pdf, comments
from observations.services.refusals import ResultsError
from observations.tests.results_factories import (
    NOW,
    Observed,
    comment,
    held,
    observed,
    reflection,
)
from partners.models import StoredFile
from partners.services import files

pytestmark = pytest.mark.django_db
IN_ORDER = (
    "Shared decisions in the clinics of Ada Khan",
    "Clinician, Upper limb",
    "January 2026 to November 2026",
    "GMC",
    "HCPC",
    "NMC",
    "In short",
    "What was seen, item by item",
    "Item Partners Peers Own rating",
    "The scales",
    "What observers wrote",
    "You waited",
    "What I take from it",
    "I rush at the end.",
    "How this was worked out",
    "What this cannot say",
)


@pytest.fixture
def there(programme: Programme, coordinator: User) -> Observed:
    return observed(programme, coordinator)


def made(there: Observed, **of: date) -> PdfReader:
    job = appraisal_pdf.ask_for_pdf(reflection=reflection(there, **of), by=there.clinician, now=NOW)
    appraisal_pdf.make_pdf(pk=job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("ready", 1, 1)
    return PdfReader(io.BytesIO(b"".join(files.stream(job.file))))


def words_of(pdf: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in pdf.pages).split())


def test_paper_is_tagged_and_its_text_reads_in_order(there: Observed) -> None:
    rows = held(there, *(date(2026, month, 3) for month in (2, 5, 9)))
    cleared = comment(rows[0], "You waited; Mo saw it")
    comments.clear(comment=cleared, text="You waited", theme=None, by=there.coordinator, now=NOW)
    comment(rows[1], "Nobody has read this yet")

    pdf = made(there)

    said = words_of(pdf)
    places = [said.find(words) for words in IN_ORDER]
    assert -1 not in places
    assert places == sorted(places)
    assert "Item 1 1 (3) 2 (3) –" in said
    assert "Mo saw it" not in said
    assert "Nobody has read this yet" not in said
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    metadata = root["/Metadata"].get_object().get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_paper_names_no_observer(there: Observed) -> None:
    held(there, *(date(2026, month, 3) for month in (2, 5, 9)))

    said = words_of(made(there))

    assert there.partner.name not in said
    assert there.peer.name not in said


def test_paper_of_few_consultations_has_words_only(there: Observed) -> None:
    held(there, date(2026, 2, 3))

    said = words_of(made(there))

    assert "more consultation" in said
    assert "What was seen" not in said
    assert "I rush at the end." in said


def test_paper_is_of_its_months_alone(there: Observed) -> None:
    held(there, *(date(2026, month, 3) for month in (2, 3)))
    held(there, *(date(2026, month, 3) for month in (8, 9, 10)), partner=[4] * 8)

    said = words_of(made(there, first=date(2026, 2, 1), last=date(2026, 3, 1)))

    assert "Consultations 2" in said
    assert "Item 1 1 (2) 2 (2) –" in said


def test_words_of_people_are_never_markup(there: Observed) -> None:
    held(there, *(date(2026, month, 3) for month in (2, 5)))
    row = reflection(there, words='#panic("x") $ * _ <b> \\ ]] 日')

    job = appraisal_pdf.ask_for_pdf(reflection=row, by=there.clinician, now=NOW)
    appraisal_pdf.make_pdf(pk=job.pk, now=NOW)

    job.refresh_from_db()
    said = words_of(PdfReader(io.BytesIO(b"".join(files.stream(job.file)))))
    assert '#panic("x") $ * _ <b>' in said


def test_only_the_clinician_asks_and_waiting_is_asked_once(there: Observed) -> None:
    row = reflection(there)
    with pytest.raises(ResultsError, match="Only the clinician"):
        appraisal_pdf.ask_for_pdf(reflection=row, by=there.lead, now=NOW)

    first = appraisal_pdf.ask_for_pdf(reflection=row, by=there.clinician, now=NOW)
    second = appraisal_pdf.ask_for_pdf(reflection=row, by=there.clinician, now=NOW)

    assert first == second


def test_three_papers_stay(there: Observed) -> None:
    row = reflection(there)
    for minute in range(4):
        now = NOW + timedelta(minutes=minute)
        job = appraisal_pdf.ask_for_pdf(reflection=row, by=there.clinician, now=now)
        appraisal_pdf.make_pdf(pk=job.pk, now=now)

    assert AppraisalPdf.objects.filter(status="ready").count() == 3
    assert StoredFile.objects.count() == 3
