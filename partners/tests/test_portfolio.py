"""The portfolio's services: telling, sharing, showing evidence, counting, and work as a job."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from partners.models import (
    Contribution,
    Evidence,
    FilePiece,
    Partner,
    PortfolioEntry,
    PortfolioPdf,
    StoredFile,
)
from partners.services import jobs, ledger, portfolio
from partners.services.portfolio_totals import totals_of
from partners.services.refusal import Refusal
from partners.services.uploads import checked
from partners.tests.factories import NOW, confirmed_contribution, contribution, signed_up_partner
from partners.tests.test_uploads import picture

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def row(partner: Partner) -> Contribution:
    return confirmed_contribution(partner)


def told(row: Contribution, *, now: Any = NOW, by: User | None = None, **words: Any) -> Any:
    said = {"role": "", "brought": "", "changed": "", "reflection": "", **words}
    return portfolio.tell(contribution=row, by=by or row.partner.user, now=now, **said)


# --- Telling and sharing -------------------------------------------------------------------------


def test_tell_keeps_the_words_and_shares_nothing(row: Contribution) -> None:
    entry = told(row, role=" On  the panel ", brought="a\r\nb", changed="c", reflection="mine")

    row.refresh_from_db()
    assert (entry.role, entry.brought, entry.visibility) == ("On the panel", "a\nb", "only_me")
    assert row.reflection == "mine"


def test_tell_again_leaves_who_may_see_it(row: Contribution) -> None:
    portfolio.share(contribution=row, visibility="staff", by=row.partner.user, now=NOW)

    told(row, role="Chair", now=LATER)

    assert PortfolioEntry.objects.get().visibility == "staff"


def test_unasked_words_give_way_to_newer_ones(row: Contribution) -> None:
    first = told(row, role="First")
    told(row, role="Second", now=LATER)

    with pytest.raises(Refusal, match="another window"):
        told(row, role="Old page", seen=first.changed_at, anyway=False, now=LATER)

    assert PortfolioEntry.objects.get().role == "Second"


@pytest.mark.parametrize("field", ["role", "brought", "changed", "reflection"])
def test_words_too_long_are_refused_beside_their_field(row: Contribution, field: str) -> None:
    with pytest.raises(Refusal, match="Shorten") as refused:
        told(row, **{field: "x" * 20_001})

    assert refused.value.field == field


def test_nobody_else_tells_shares_or_adds(row: Contribution, coordinator: User) -> None:
    for attempt in (
        lambda: told(row, by=coordinator, role="Mine"),
        lambda: portfolio.share(contribution=row, visibility="staff", by=coordinator, now=NOW),
        lambda: portfolio.add_link(
            contribution=row, title="A", link="https://example.org/", by=coordinator, now=NOW
        ),
    ):
        with pytest.raises(Refusal, match="Only the partner"):
            attempt()
    assert not PortfolioEntry.objects.exists()


@pytest.mark.parametrize(
    ("visibility", "sees"),
    [
        ("only_me", {"partner"}),
        ("coordinators", {"partner", "coordinator"}),
        ("staff", {"partner", "coordinator", "clinician"}),
    ],
)
def test_entry_evidence_and_thanks_are_seen_as_shared(
    row: Contribution, coordinator: User, visibility: str, sees: set[str]
) -> None:
    link = portfolio.add_link(
        contribution=row, title="A", link="https://example.org/", by=row.partner.user, now=NOW
    )
    portfolio.share(contribution=row, visibility=visibility, by=row.partner.user, now=NOW)
    people = {
        "partner": row.partner.user,
        "coordinator": coordinator,
        "clinician": person(Role.CLINICIAN, row.programme),
        "finance": person(Role.FINANCE, row.programme),
        "other partner": signed_up_partner(row.programme).user,
        "elsewhere": person(Role.COORDINATOR, signed_up_partner(_other()).programme),
    }

    for model, pk in ((PortfolioEntry, link.entry_id), (Evidence, link.pk)):
        found = {n for n, u in people.items() if model.objects.visible_to(u).filter(pk=pk).exists()}
        assert found == sees


def test_what_is_told_of_withdrawn_work_or_by_who_left_is_nobody_elses(
    row: Contribution, coordinator: User
) -> None:
    evidence = portfolio.add_link(
        contribution=row, title="A", link="https://example.org/", by=row.partner.user, now=NOW
    )
    portfolio.share(contribution=row, visibility="staff", by=row.partner.user, now=NOW)
    found = Evidence.objects.filter(pk=evidence.pk)
    assert found.visible_to(coordinator).exists()

    Partner.objects.filter(pk=row.partner_id).update(status=Partner.Status.LEFT)

    assert not found.visible_to(coordinator).exists()

    Partner.objects.filter(pk=row.partner_id).update(status=Partner.Status.ACTIVE)
    ledger.withdraw(contribution=row, by=coordinator, now=NOW, why="Twice")

    assert not found.visible_to(coordinator).exists()
    assert found.visible_to(row.partner.user).exists()


def _other() -> Programme:
    return Programme.objects.create(name="South", slug="south")


# --- Evidence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://me:secret@example.org/",
        "http://[",
        "https://exa mple.org/",
        "https://example.org/" + "x" * 500,
    ],
)
def test_links_that_are_no_page_of_the_web_are_refused(row: Contribution, link: str) -> None:
    with pytest.raises(Refusal) as refused:
        portfolio.add_link(contribution=row, title="A", link=link, by=row.partner.user, now=NOW)

    assert refused.value.field == "link"
    assert not Evidence.objects.exists()


def test_links_are_kept_with_small_letters_before_the_colon(row: Contribution) -> None:
    kept = portfolio.add_link(
        contribution=row, title="A", link="HTTPS://example.org/A", by=row.partner.user, now=NOW
    )

    assert kept.link == "https://example.org/A"


@pytest.mark.parametrize("link", ["javascript:alert(1)", ""])
def test_database_refuses_evidence_that_shows_nothing_safe(row: Contribution, link: str) -> None:
    entry = told(row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(entry=entry, title="A", link=link, added_at=NOW)


def test_file_goes_with_its_evidence(row: Contribution) -> None:
    fit = checked(SimpleUploadedFile("poster.jpg", picture()))
    kept = portfolio.add_file(contribution=row, title="", checked=fit, by=row.partner.user, now=NOW)
    assert kept.title == "poster.jpg"

    for _ in range(2):  # pressed twice
        portfolio.remove_evidence(evidence=kept, by=row.partner.user, now=NOW)

    assert not StoredFile.objects.exists()
    assert not FilePiece.objects.exists()


def test_evidence_has_an_end(row: Contribution, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "EVIDENCE_PER_ENTRY", 1)
    add: dict[str, Any] = {
        "contribution": row,
        "link": "https://example.org/",
        "by": row.partner.user,
        "now": NOW,
    }
    portfolio.add_link(title="A", **add)

    with pytest.raises(Refusal, match="Take one away first"):
        portfolio.add_link(title="B", **add)


# --- Counting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "months", "periods"),
    [
        ([date(2026, 3, 2), date(2026, 11, 2)], 1, 9),
        ([date(2024, 11, 2), date(2026, 11, 2)], 3, 9),
        ([date(2012, 2, 29), date(2026, 11, 2)], 12, 12),
    ],
)
def test_totals_are_by_month_quarter_or_year(
    partner: Partner, days: list[date], months: int, periods: int
) -> None:
    for day in days:
        contribution(partner, happened_on=day, minutes=60)

    totals = totals_of(Contribution.objects.of(partner))

    assert (totals.pieces, totals.minutes, totals.months) == (2, 120, months)
    assert len(totals.periods) == periods
    assert totals.lanes[0].minutes[-1] == 60


def test_totals_put_the_smallest_kinds_together(partner: Partner) -> None:
    kinds = ["mdt", "panel", "talk", "writing", "peer_support", "reading", "research"]
    for number, kind in enumerate(kinds):
        contribution(partner, kind=kind, minutes=100 - number * 10)

    lanes = totals_of(Contribution.objects.of(partner)).lanes

    assert [lane.label for lane in lanes][-1] == "Other kinds"
    assert sum(lane.total for lane in lanes) == 490


# --- Work as a job -------------------------------------------------------------------------------


def waiting(partner: Partner) -> PortfolioPdf:
    job = PortfolioPdf(partner=partner, entries={}, asked_at=NOW)
    jobs.ask(job=job, task="partners.tasks.none")
    return job


def test_job_is_one_workers_until_it_is_silent_for_a_minute(partner: Partner) -> None:
    job = waiting(partner)
    clock = lambda: NOW  # noqa: E731
    first = jobs.take(model=PortfolioPdf, pk=job.pk, now=NOW, clock=clock)
    assert first is not None
    assert jobs.take(model=PortfolioPdf, pk=job.pk, now=NOW + timedelta(seconds=50)) is None

    later = NOW + timedelta(seconds=61)
    second = jobs.take(model=PortfolioPdf, pk=job.pk, now=later, clock=lambda: later)

    assert second is not None
    second.progress(1, 2)
    for late in (lambda: first.progress(5), first.finish):
        with pytest.raises(jobs.TakenOverError):
            late()
    first.fail("It was mine")
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("working", 1, 2)


def test_job_that_fails_says_sorry_and_is_not_taken_again(
    partner: Partner, caplog: pytest.LogCaptureFixture
) -> None:
    job = waiting(partner)

    def broken(hand: jobs.Hand) -> None:
        raise ValueError("a fault of ours")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs.log, "exception", lambda *args, **kwargs: None)
        jobs.make(model=PortfolioPdf, pk=job.pk, now=NOW, work=broken, sorry="Ask again.")

    job.refresh_from_db()
    assert (job.status, job.error) == ("failed", "Ask again.")
    assert not jobs.to_take(PortfolioPdf, NOW + timedelta(hours=1)).exists()


def test_job_that_kills_every_worker_is_given_up(partner: Partner) -> None:
    job = waiting(partner)

    def never(hand: jobs.Hand) -> None:
        pytest.fail("it was tried again")

    jobs.make(
        model=PortfolioPdf, pk=job.pk, now=NOW + timedelta(hours=7), work=never, sorry="Ask again."
    )

    job.refresh_from_db()
    assert job.status == "failed"
