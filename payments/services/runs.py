"""Payment runs: every approved line in one run only, and the files that finance gets.

What is due is in PostgreSQL; a message to a worker only makes it sooner. Lock order: programme,
run, report.
"""

import hashlib
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import Programme, User
from payments import rules
from payments.models import (
    Claim,
    ClaimHistory,
    ClaimLine,
    PaymentReport,
    PaymentRun,
    ReportFile,
)
from payments.services.files import CSV_TYPE, XLSX_TYPE, Summary, file_names, write_files
from workflow import worker
from workflow.sealed import writing
from workflow.transitions import begin, transition

TASK = "payments.tasks.build_report"
DEAD_AFTER = timedelta(seconds=60)
DUE_UP_TO = 1000
# Of a row that has a programme: the latest month whose run went to finance.
LAST_CLOSED_MONTH = Subquery(
    PaymentRun.objects.filter(programme=OuterRef("programme"))
    .exclude(status=PaymentRun.Status.OPEN)
    .order_by("-month")
    .values("month")[:1]
)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Due:
    """Approved lines of a programme that no run has, and the month they would go with.

    `lines` is at most one more than `DUE_UP_TO`.
    """

    programme_id: int
    programme_name: str
    month: date
    lines: int

    @property
    def lines_shown(self) -> str:
        return f"more than {DUE_UP_TO:,}" if self.lines > DUE_UP_TO else str(self.lines)


class RunError(Exception):
    """The run or its report cannot be made; the text says why, for people."""


class _TakenOverError(Exception):
    """Another worker has taken this report up, or has finished it."""


@transaction.atomic
def gather(*, programme: Programme, month: date, by: User | None, now: datetime) -> PaymentRun:
    """Put every approved line without a run, for work up to the end of `month`, into its run.

    However often and however many at once: each line is in one run. A run that was sent to
    finance takes no more lines; later ones go with the next month's. Raises RunError for a month
    to come or before the year 2000.
    """
    month = rules.month_of(month)
    _refuse_impossible(month, now)
    run = _locked_run(programme, month, by, now)
    if run.status == PaymentRun.Status.OPEN:
        _take_lines(run)
        _count_up(run)
    return run


@transaction.atomic
def request_report(
    *, programme: Programme, month: date, by: User | None, now: datetime, tell: bool = True
) -> PaymentReport:
    """Ask for the files of a month; one that is being written already is returned.

    A worker is told after the commit; where it cannot be told, it finds the row by itself. Not
    told (`tell`) by who writes the files at once.
    """
    month = rules.month_of(month)
    _refuse_impossible(month, now)
    _lock(programme)
    report = PaymentReport.objects.filter(
        programme=programme,
        month=month,
        status__in=[PaymentReport.Status.WAITING, PaymentReport.Status.WORKING],
    ).first()
    if report is None:
        report = PaymentReport.objects.create(
            programme=programme, month=month, asked_at=now, asked_by=by
        )
        begin(report, by=by, now=now)
    if tell:
        transaction.on_commit(lambda: worker.tell(TASK, report_id=report.pk))
    return report


def build_report(
    *, report: PaymentReport, now: datetime, clock: Callable[[], datetime] = timezone.now
) -> PaymentReport:
    """Gather the month's lines and write the files of a report that waits or whose worker died.

    Nothing happens when another worker is at it. Each step commits by itself, so that progress
    can be seen and a killed worker's report is taken up by the next, with the same result.
    `clock` gives the signs of life.
    """
    if not _take(report, now):
        return PaymentReport.objects.get(pk=report.pk)
    report = PaymentReport.objects.select_related("programme").get(pk=report.pk)

    def progress(done: int) -> None:
        alive = PaymentReport.objects.filter(pk=report.pk, status=PaymentReport.Status.WORKING)
        if not alive.update(done=done, seen_at=clock()):
            raise _TakenOverError

    try:
        run = gather(programme=report.programme, month=report.month, by=report.asked_by, now=now)
        PaymentReport.objects.filter(pk=report.pk).update(run=run, total=run.line_count)
        with tempfile.TemporaryDirectory(prefix="report-") as folder:
            summary = write_files(run=run, folder=Path(folder), progress=progress)
            _keep_files(report, run, summary, Path(folder), clock())
    except _TakenOverError:
        log.info("report_taken_over", report=report.pk)
    except Exception:  # the report must not stay "being written" for a fault of ours
        log.exception("report_failed", report=report.pk)
        _fail(report, clock())
    return PaymentReport.objects.get(pk=report.pk)


@transaction.atomic
def close_run(*, run: PaymentRun, by: User | None, now: datetime) -> PaymentRun:
    """Say that the run went to finance: it takes no more lines.

    Raises IllegalMoveError when it did already, and RunError where its files do not hold what it
    holds: a line that finance was never told of would count as paid.
    """
    _lock(run.programme)
    _refuse_unlike_its_files(run)
    transition(run, PaymentRun.Status.CLOSED, by=by, now=now, closed_at=now)
    return run


@transaction.atomic
def mark_paid(*, run: PaymentRun, by: User | None, now: datetime) -> PaymentRun:
    """Say that finance paid the run; claims whose every line is paid become paid.

    Raises IllegalMoveError for a run that was not sent to finance, or was paid already.
    """
    _lock(run.programme)
    transition(run, PaymentRun.Status.PAID, by=by, now=now)
    unpaid = (
        ClaimLine.objects.live()
        .filter(claim=OuterRef("pk"))
        .filter(Q(run__isnull=True) | ~Q(run__status=PaymentRun.Status.PAID))
    )
    paid = list(
        Claim.objects.select_for_update(of=("self",))
        .filter(
            status=Claim.Status.APPROVED,
            pk__in=ClaimLine.objects.filter(run=run).values("claim"),
        )
        .exclude(Exists(unpaid))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    with writing(Claim):
        Claim.objects.filter(pk__in=paid).update(status=Claim.Status.PAID)
    ClaimHistory.objects.bulk_create(
        (
            ClaimHistory(
                subject_id=pk,
                at=now,
                by=by,
                from_status=Claim.Status.APPROVED,
                to_status=Claim.Status.PAID,
                why=f"Paid with the payments of {run.month:%B %Y}",
            )
            for pk in paid
        ),
        batch_size=2000,
    )
    return run


def last_closed_month(*, programme: Programme) -> date | None:
    """The latest month whose run went to finance; lines approved from now on go later."""
    month: date | None = (
        PaymentRun.objects.filter(programme=programme)
        .exclude(status=PaymentRun.Status.OPEN)
        .aggregate(month=Max("month"))["month"]
    )
    return month


def due(*, programmes: Collection[int], today: date) -> list[Due]:
    """What could be gathered now in `programmes`: last month's lines first, if its run is open.

    Nothing where this month's run went to finance already: its lines wait for the next month's.
    """
    this_month = rules.month_of(today)
    last_month = rules.month_of(this_month - timedelta(days=1))
    lines = ClaimLine.objects.payable_in(rules.last_day(today)).filter(
        claim__programme=OuterRef("pk")
    )
    rows = Programme.objects.filter(pk__in=programmes).order_by("name", "pk")
    # Neither counts more lines than it says: there may be a hundred thousand.
    rows = rows.annotate(
        found=ArraySubquery(lines.order_by().values("pk")[: DUE_UP_TO + 1]),
        is_old=Exists(lines.filter(happened_on__lt=this_month)),
        last_is_closed=_is_closed(last_month),
        this_is_closed=_is_closed(this_month),
    )
    found = []
    for row in rows:
        goes_with_last = row.is_old and not row.last_is_closed
        if row.found and (goes_with_last or not row.this_is_closed):
            month = last_month if goes_with_last else this_month
            found.append(Due(row.pk, row.name, month, len(row.found)))
    return found


def _is_closed(month: date) -> Exists:
    """Of a programme: its run of `month` went to finance."""
    runs = PaymentRun.objects.filter(programme=OuterRef("pk"), month=month)
    return Exists(runs.exclude(status=PaymentRun.Status.OPEN))


def _refuse_unlike_its_files(run: PaymentRun) -> None:
    reports = PaymentReport.objects.filter(programme=run.programme, month=run.month)
    if any(report.is_under_way for report in reports.defer("summary")):
        raise RunError("Its files are being written. Wait until they are ready, then send those.")
    newest = reports.filter(status=PaymentReport.Status.READY).first()
    if newest is None:  # the command wrote them into a folder
        return
    now_held = PaymentRun.objects.get(pk=run.pk)
    in_files = (newest.summary["lines"], newest.summary["total"])
    if in_files != (now_held.line_count, str(now_held.total)):
        raise RunError(
            "Lines were added after its files were written. Make the month’s report again, and "
            "send finance the new files."
        )


def _refuse_impossible(month: date, now: datetime) -> None:
    if month < rules.EARLIEST_MONTH:
        raise RunError(f"Choose a month from {rules.EARLIEST_MONTH:%B %Y} on.")
    if month > timezone.localdate(now):
        raise RunError(f"{month:%B %Y} is still to come. Choose this month or an earlier one.")


def _lock(programme: Programme) -> None:
    # Not a full lock: claims of the programme may be opened meanwhile.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _locked_run(programme: Programme, month: date, by: User | None, now: datetime) -> PaymentRun:
    _lock(programme)
    run = (
        PaymentRun.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(programme=programme, month=month)
        .first()
    )
    if run is None:
        run = PaymentRun.unsealed(programme=programme, month=month, opened_at=now)
        begin(run, by=by, now=now)
    return run


def _take_lines(run: PaymentRun) -> None:
    """One statement. The row itself is asked again for its run once its lock is had, so that of
    two statements at once one takes the line."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE payments_claimline AS line
            SET run_id = %(run)s
            FROM payments_claim AS claim
            WHERE claim.id = line.claim_id
              AND claim.programme_id = %(programme)s
              AND claim.status = %(approved)s
              AND line.run_id IS NULL
              AND line.voided_at IS NULL
              AND line.happened_on <= %(until)s
            """,
            {
                "run": run.pk,
                "programme": run.programme_id,
                "approved": Claim.Status.APPROVED,
                "until": rules.last_day(run.month),
            },
        )


def _count_up(run: PaymentRun) -> None:
    sums = run.lines.aggregate(
        lines=Count("pk"),
        partners=Count("partner", distinct=True),
        fees=Sum("amount", filter=Q(contribution__isnull=False)),
        expenses=Sum("amount", filter=Q(expense__isnull=False)),
    )
    run.line_count, run.partner_count = sums["lines"], sums["partners"]
    run.fees = sums["fees"] or rules.NOTHING
    run.expenses = sums["expenses"] or rules.NOTHING
    run.total = run.fees + run.expenses
    with writing(PaymentRun):
        run.save(update_fields=["line_count", "partner_count", "fees", "expenses", "total"])


@transaction.atomic
def _take(report: PaymentReport, now: datetime) -> bool:
    """Make the report this worker's; False when it is another's or needs no work."""
    found = (
        PaymentReport.objects.to_build(now - DEAD_AFTER)
        .select_for_update(of=("self",), skip_locked=True)
        .filter(pk=report.pk)
        .first()
    )
    if found is None:
        return False
    again = found.status == PaymentReport.Status.WORKING
    transition(
        found,
        PaymentReport.Status.WORKING,
        by=None,
        now=now,
        why="Taken up again" if again else "",
        seen_at=now,
        done=0,
    )
    return True


@transaction.atomic
def _keep_files(
    report: PaymentReport, run: PaymentRun, summary: Summary, folder: Path, now: datetime
) -> None:
    locked = PaymentReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.status != PaymentReport.Status.WORKING:
        raise _TakenOverError
    for name, media_type in zip(file_names(run), (CSV_TYPE, XLSX_TYPE), strict=True):
        content = (folder / name).read_bytes()
        ReportFile.objects.create(
            report=locked,
            name=name,
            media_type=media_type,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    transition(
        locked,
        PaymentReport.Status.READY,
        by=None,
        now=now,
        run=run,
        done=summary.lines,
        total=summary.lines,
        summary=summary.as_dict(),
    )


@transaction.atomic
def _fail(report: PaymentReport, now: datetime) -> None:
    locked = PaymentReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.status == PaymentReport.Status.WORKING:
        transition(
            locked,
            PaymentReport.Status.FAILED,
            by=None,
            now=now,
            error="The files could not be written. Nothing is lost: make the report again.",
        )
