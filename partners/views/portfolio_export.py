"""A portfolio to take along: a PDF that a worker makes, a table or data straight away."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from partners.forms.portfolio_export import Shape, TakeAlongForm
from partners.models import Partner, PortfolioPdf
from partners.services import jobs, portfolio_pdf
from partners.services.portfolio_export import (
    CSV_TYPE,
    JSON_TYPE,
    as_csv,
    as_json,
    chosen_of,
    told,
)
from partners.views.pages import get_or_post, own_partner, saved, signed_in
from partners.views.portfolio_story import handed_out

LISTED = 500
_MADE = {Shape.CSV: (as_csv, CSV_TYPE), Shape.JSON: (as_json, JSON_TYPE)}


@get_or_post
@audience(Role.PARTNER)
def take_along(request: HttpRequest) -> HttpResponseBase:
    """Choose what of the portfolio is taken along, and as what."""
    partner = own_partner(request)
    rows = list(chosen_of(partner, None).only("title", "happened_on")[: LISTED + 1])
    form = TakeAlongForm(request.POST or None, rows=rows[:LISTED])
    if request.method == "POST" and form.is_valid():
        shape = Shape(form.cleaned_data["shape"])
        if shape in _MADE:
            return _at_once(partner, form, shape)

        def ask() -> PortfolioPdf:
            return portfolio_pdf.ask_for_pdf(
                partner=partner,
                chosen=form.pks,
                with_reflections=form.cleaned_data["with_reflections"],
                by=signed_in(request),
                now=timezone.now(),
            )

        job = saved(form, ask)
        if job:
            return redirect("partners:portfolio_pdf", job.pk)
    return render(
        request,
        "partners/portfolio/take_along.html",
        {
            "title": "Take your portfolio along",
            "form": form,
            "rows": rows,
            "more": len(rows) > LISTED,
            "listed": LISTED,
            "made": _own_pdfs(request).filter(partner=partner).order_by("-asked_at", "-pk")[:5],
            "back_url": reverse("partners:portfolio"),
            "cancel_url": reverse("partners:portfolio"),
        },
    )


def _at_once(partner: Partner, form: TakeAlongForm, shape: Shape) -> HttpResponseBase:
    write, media_type = _MADE[shape]
    rows = told(
        chosen_of(partner, form.pks), with_reflections=form.cleaned_data["with_reflections"]
    )
    response = StreamingHttpResponse(write(rows), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="portfolio.{shape.value}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@audience(Role.PARTNER)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the PDF is; the same without script, by looking again."""
    context = _state(request, pk)
    context |= {"title": "Your portfolio as a PDF", "back_url": reverse("partners:take_along")}
    return render(request, "partners/portfolio/pdf.html", context)


@require_GET
@audience(Role.PARTNER)
def pdf_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, fetched every second while the PDF is made."""
    return render(request, "partners/portfolio/_pdf.html", _state(request, pk))


@require_GET
@audience(Role.PARTNER)
def pdf_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF itself, for the partner alone."""
    ready = _own_pdfs(request).filter(file__isnull=False).select_related("file")
    return handed_out(get_object_or_404(ready, pk=pk).file)


def _own_pdfs(request: HttpRequest) -> QuerySet[Any]:
    return PortfolioPdf.objects.visible_to(signed_in(request))


def _state(request: HttpRequest, pk: int) -> dict[str, Any]:
    job = get_object_or_404(_own_pdfs(request), pk=pk)
    return {"job": job, "is_quiet": jobs.is_quiet(job, timezone.now())}
