"""A portfolio to take to an interview: a tagged PDF of chosen work, made by a worker.

Set by typst from data alone: what partners wrote reaches it as text, never as markup.
"""

import tempfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from nhsuk.templatetags.nhsuk import day, minutes
from partners.models import Partner, PortfolioPdf
from partners.services import files, jobs, typeset
from partners.services.portfolio_export import chosen_of, told
from partners.services.refusal import Refusal

TASK = "partners.tasks.make_portfolio_pdf"
MOST = 1000
KEPT = 3
_PAGE = "partners/portfolio/portfolio.typ"
_SORRY = "The PDF could not be made. Nothing is lost: ask for it again."


@transaction.atomic
def ask_for_pdf(
    *,
    partner: Partner,
    chosen: Collection[int] | None,
    with_reflections: bool,
    by: User,
    now: datetime,
) -> PortfolioPdf:
    """Ask for a PDF of the contributions in `chosen` (None: all); a worker makes it.

    One that waits for the same is returned. Raises Refusal for nothing, or too much, chosen, and
    for anybody but the partner.
    """
    if partner.user_id != by.pk:
        raise Refusal("Only the partner can take this portfolio along.")
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    pks = list(chosen_of(partner, chosen).values_list("pk", flat=True)[: MOST + 1])
    if not pks:
        raise Refusal("Choose at least one piece of work.", "chosen")
    if len(pks) > MOST:
        raise Refusal(f"Choose up to {MOST:,} pieces of work.", "chosen")
    entries = {"contributions": pks, "with_reflections": with_reflections}
    waiting: PortfolioPdf | None = PortfolioPdf.objects.filter(
        partner=partner, status=PortfolioPdf.Status.WAITING, entries=entries
    ).first()
    if waiting:
        return waiting
    row = PortfolioPdf(partner=partner, entries=entries, total=len(pks), asked_at=now, asked_by=by)
    jobs.ask(job=row, task=TASK)
    return row


def make_pdf(*, pk: int, now: datetime) -> None:
    """Make one PDF that waits, or whose worker died; of the older ones three stay."""
    jobs.make(model=PortfolioPdf, pk=pk, now=now, work=_make, sorry=_SORRY)


def _make(hand: jobs.Hand) -> None:
    job = hand.job
    partner = Partner.objects.select_related("programme").get(pk=job.partner_id)
    now = timezone.now()
    data = _data(hand, partner, now)
    hand.progress(len(data["entries"]), len(data["entries"]))
    with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
        pdf = typeset.typeset(Path(folder), _PAGE, data, now)
        with transaction.atomic():
            file = files.store(
                programme=partner.programme,
                name=f"Portfolio {timezone.localdate(now):%-d %B %Y}.pdf",
                media_type=typeset.MEDIA_TYPE,
                content=typeset.pieces(pdf),
                now=now,
            )
            hand.finish(file=file)
            _drop_old(partner)


def _data(hand: jobs.Hand, partner: Partner, now: datetime) -> dict[str, Any]:
    chosen = hand.job.entries
    rows = chosen_of(partner, chosen["contributions"])
    entries = []
    for row in told(rows, with_reflections=chosen["with_reflections"]):
        entries.append(row)
        if len(entries) % 100 == 0:
            hand.progress(len(entries))
    whole = sum(row["minutes"] for row in entries)
    for row in entries:
        row["day"] = day(datetime.fromisoformat(row["day"]).date())
        row["time"] = minutes(row["minutes"])
    pieces = "1 piece of work" if len(entries) == 1 else f"{len(entries):,} pieces of work"
    return {
        "title": f"Portfolio of {partner.name}",
        "name": partner.name,
        "programme": partner.programme.name,
        "role": partner.programme.partner_term,
        "accent": typeset.accent_of(partner.programme),
        "totals": f"{pieces}, {minutes(whole)}" if entries else "",
        "made": f"{timezone.localdate(now):%-d %B %Y}",
        "entries": entries,
    }


def _drop_old(partner: Partner) -> None:
    over = PortfolioPdf.objects.filter(partner=partner).exclude(
        status__in=[PortfolioPdf.Status.WAITING, PortfolioPdf.Status.WORKING]
    )
    for job in over.select_related("file").order_by("-asked_at", "-pk")[KEPT:]:
        file = job.file
        job.delete()
        if file:
            files.remove(file)
