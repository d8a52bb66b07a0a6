"""Work beside the page."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from observations.models import AppraisalPdf
from observations.services import appraisal_pdf
from partners.services import jobs


@shared_task(name=appraisal_pdf.TASK)  # type: ignore[untyped-decorator]
def make_appraisal_pdf(*, pk: int, **_later: Any) -> None:
    """Make one paper, as soon as it was asked for."""
    appraisal_pdf.make_pdf(pk=pk, now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def make_waiting_papers() -> None:
    """Make what waits, or was left by a worker that died; beat ticks it."""
    for pk in jobs.to_take(AppraisalPdf, timezone.now()).values_list("pk", flat=True):
        appraisal_pdf.make_pdf(pk=pk, now=timezone.now())
