"""Reports beside the page. The rows say what is to be done; a lost message loses nothing."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from payments.models import PaymentReport
from payments.services import runs


@shared_task(name="payments.tasks.build_report")  # type: ignore[untyped-decorator]
def build_report(*, report_id: int, **_later: Any) -> None:
    """Build one report, as soon as it was asked for."""
    report = PaymentReport.objects.get(pk=report_id)
    runs.build_report(report=report, now=timezone.now())


@shared_task(name="payments.tasks.build_waiting_reports")  # type: ignore[untyped-decorator]
def build_waiting_reports(**_later: Any) -> None:
    """Build what waits, or was left by a worker that died. Beat ticks this."""
    now = timezone.now()
    for report in PaymentReport.objects.to_build(now - runs.DEAD_AFTER):
        runs.build_report(report=report, now=timezone.now())
