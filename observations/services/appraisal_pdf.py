"""Results and reflection as a paper for an appraisal: a tagged PDF, made by a worker."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from observations.models import AppraisalPdf, Reflection
from observations.services.appraisal import paper_of
from observations.services.refusals import ResultsError
from partners.services import files, jobs, typeset

TASK = "observations.tasks.make_appraisal_pdf"
KEPT = 3
_PAGE = "observations/results/appraisal.typ"
_SORRY = "The paper could not be made. Nothing is lost: ask for it again."


@transaction.atomic
def ask_for_pdf(*, reflection: Reflection, by: User, now: datetime) -> AppraisalPdf:
    """Ask for the paper of a reflection; a worker makes it. One that waits is returned.

    Raises ResultsError for anybody but the clinician.
    """
    row = Reflection.objects.select_for_update(of=("self",)).get(pk=reflection.pk)
    if row.clinician_id != by.pk:
        raise ResultsError("Only the clinician whose results these are can do this.")
    waiting: AppraisalPdf | None = AppraisalPdf.objects.filter(
        reflection=row, status=AppraisalPdf.Status.WAITING
    ).first()
    if waiting:
        return waiting
    job = AppraisalPdf(reflection=row, total=1, asked_at=now, asked_by=by)
    jobs.ask(job=job, task=TASK)
    return job


def make_pdf(*, pk: int, now: datetime) -> None:
    """Make one paper that waits, or whose worker died; of a clinician's older ones three stay."""
    jobs.make(model=AppraisalPdf, pk=pk, now=now, work=_make, sorry=_SORRY)


def _make(hand: jobs.Hand) -> None:
    reflection = Reflection.objects.select_related(
        "team__programme", "clinician", "version__instrument"
    ).get(pk=hand.job.reflection_id)
    now = timezone.now()
    data = paper_of(reflection, now)
    with tempfile.TemporaryDirectory(prefix="appraisal-") as folder:
        pdf = typeset.typeset(Path(folder), _PAGE, data, now)
        with transaction.atomic():
            file = files.store(
                programme=reflection.team.programme,
                name=f"Shared decisions, {reflection}.pdf",
                media_type=typeset.MEDIA_TYPE,
                content=typeset.pieces(pdf),
                now=now,
            )
            hand.finish(file=file, done=1)
            _drop_old(reflection)


def _drop_old(reflection: Reflection) -> None:
    over = AppraisalPdf.objects.filter(reflection__clinician=reflection.clinician_id).exclude(
        status__in=[AppraisalPdf.Status.WAITING, AppraisalPdf.Status.WORKING]
    )
    for job in over.select_related("file").order_by("-asked_at", "-pk")[KEPT:]:
        file = job.file
        job.delete()
        if file:
            files.remove(file)
