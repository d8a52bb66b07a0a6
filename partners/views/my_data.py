"""What is held about somebody: to look at, to take along, and to have put right."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SIGNED_IN, audience
from accounts.current import current_programme
from accounts.models import Role
from partners.forms.my_data import CorrectionForm
from partners.models import Correction, DataCopy, Partner
from partners.services import corrections, data_copy, jobs
from partners.services.held_words import held_of
from partners.views.pages import (
    form_page,
    get_or_post,
    own_partner,
    saved,
    saved_or_told,
    signed_in,
)
from partners.views.portfolio_story import handed_out

SHOWN = 5


@require_GET
@audience(SIGNED_IN)
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal holds, area by area, who sees it, and what one can do about it."""
    user = signed_in(request)
    partner = Partner.objects.visible_to(user).own(user, current_programme(user, request.session))
    asked = Correction.objects.visible_to(user).filter(partner__user=user)
    return render(
        request,
        "partners/my_data/my_data.html",
        {
            "title": "What we hold about you",
            "held": held_of(user),
            "partner": partner,
            "copies": _own(request).order_by("-asked_at", "-pk")[:SHOWN],
            "corrections": asked.order_by("-asked_at", "-pk")[:SHOWN],
            "now": timezone.now(),
            "back_url": reverse("partners:profile") if partner else reverse("home"),
        },
    )


# --- Copies --------------------------------------------------------------------------------------


@require_POST
@audience(SIGNED_IN)
def ask_data_copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy; the one that is being made is shown where there is one."""
    user = signed_in(request)

    def ask() -> DataCopy:
        return data_copy.ask_for_copy(
            user=user,
            programme=current_programme(user, request.session),
            by=user,
            now=timezone.now(),
        )

    job = saved_or_told(request, ask)
    return redirect("partners:data_copy", job.pk) if job else redirect("partners:my_data")


@require_GET
@audience(SIGNED_IN)
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the copy is; the same without script, by looking again."""
    context = _state(request, pk)
    context |= {"title": "A copy of your data", "back_url": reverse("partners:my_data")}
    return render(request, "partners/my_data/copy.html", context)


@require_GET
@audience(SIGNED_IN)
def copy_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, fetched every second while the copy is made."""
    return render(request, "partners/my_data/_copy.html", _state(request, pk))


@require_GET
@audience(SIGNED_IN)
def copy_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The copy itself, for the person alone, until its time is over."""
    there = _own(request).filter(file__isnull=False, expires_at__gt=timezone.now())
    return handed_out(get_object_or_404(there.select_related("file"), pk=pk).file)


def _own(request: HttpRequest) -> QuerySet[Any]:
    user = signed_in(request)
    return DataCopy.objects.visible_to(user).own(user)


def _state(request: HttpRequest, pk: int) -> dict[str, Any]:
    job, now = get_object_or_404(_own(request), pk=pk), timezone.now()
    return {"job": job, "is_quiet": jobs.is_quiet(job, now), "is_over": job.is_over(now)}


# --- Corrections ---------------------------------------------------------------------------------


@get_or_post
@audience(Role.PARTNER)
def ask_correction(request: HttpRequest) -> HttpResponse:
    """Say what is wrong, and what would be right."""
    partner = own_partner(request)
    form = CorrectionForm(request.POST or None)

    def ask() -> Correction:
        return corrections.ask(
            partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
        )

    if request.method == "POST" and form.is_valid() and saved(form, ask):
        messages.success(request, "Sent. Your coordinator looks at it, and you will be told.")
        return redirect("partners:my_data")
    return form_page(
        request,
        form,
        "Ask for something to be put right",
        reverse("partners:my_data"),
        lead="Much of it you can change yourself, on your profile and in your portfolio.",
    )
