"""A clinician's reflections: written, released, taken back, used; and the paper of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import User
from nhsuk.components import Event
from nhsuk.templatetags.nhsuk import clock
from observations.forms.results import NewReflectionForm, ReflectionForm
from observations.models import AppraisalPdf, Reflection, ReflectionHistory
from observations.rules import results as rules
from observations.services import appraisal_pdf, reflections
from observations.services.results_period import results_of
from observations.views.results import CLINICIANS, chosen_series
from observations.views.results_drawn import marks_chart, months_between
from partners.services import jobs
from partners.services.refusal import Refusal
from partners.views.pages import get_or_post, saved, saved_or_told, signed_in
from partners.views.portfolio_story import handed_out

_Status = Reflection.Status
MONTHS_BACK = 36


@get_or_post
@audience(*CLINICIANS)
def reflect(request: HttpRequest) -> HttpResponse:
    """Write about the results of some months; kept as it is typed."""
    user = signed_in(request)
    team, version = chosen_series(request, user)
    this_month = timezone.localdate().replace(day=1)
    year = this_month.year - MONTHS_BACK // 12
    months = months_between(this_month.replace(year=year), this_month)[::-1]
    form = NewReflectionForm(
        _posted(request),
        months=months,
        initial={"first_month": months[11].isoformat(), "last_month": months[0].isoformat()},
    )

    def write() -> Reflection:
        data = form.cleaned_data
        return reflections.write(
            clinician=user,
            team=team,
            version=version,
            first_month=data["first_month"],
            last_month=data["last_month"],
            words=data["words"],
            by=user,
            now=timezone.now(),
        )

    if _is_autosave(request):
        return _autosaved(form, write)
    if request.method == "POST" and form.is_valid():
        row = saved(form, write)
        if row:
            messages.success(request, "Your words are kept. Only you can read them.")
            return redirect("observations:reflection", row.pk)
    back = f"{reverse('observations:results')}?of={team.pk}-{version.pk}"
    context = {
        "title": "What do you take from your results?",
        "form": form,
        "team": team,
        "version": version,
        "back_url": back,
        "cancel_url": back,
    }
    return render(request, "observations/results/reflect.html", context)


@get_or_post
@audience(*CLINICIANS)
def rewrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's words, while nobody else can read them."""
    row = _own(request, pk)
    if not rules.may_rewrite(request.user, row):
        raise PermissionDenied
    initial = {"words": row.words, "seen": row.written_at.isoformat()}
    form = ReflectionForm(_posted(request), initial=initial)

    def write(*, anyway: bool = True) -> Reflection:
        return reflections.rewrite(
            reflection=row,
            words=form.cleaned_data["words"],
            seen=form.cleaned_data["seen"],
            anyway=anyway,
            by=signed_in(request),
            now=timezone.now(),
        )

    if _is_autosave(request):
        return _autosaved(form, lambda: write(anyway=False))
    if request.method == "POST" and form.is_valid() and saved(form, write):
        messages.success(request, "Your words are kept. Only you can read them.")
        return redirect("observations:reflection", row.pk)
    back = reverse("observations:reflection", args=[row.pk])
    context = {
        "title": "Change your words",
        "form": form,
        "reflection": row,
        "back_url": back,
        "cancel_url": back,
    }
    return render(request, "observations/results/reflect.html", context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_autosave(request: HttpRequest) -> bool:
    return request.method == "POST" and bool(request.headers.get("X-Autosave"))


def _autosaved(form: ReflectionForm, write: Callable[[], Reflection]) -> HttpResponse:
    """What the form's own script is told: a sentence, the state, and where it is from now on."""
    if not form.is_valid():
        sentence = next(iter(form.errors.values()))[0]
        return JsonResponse({"said": f"Not saved yet: {sentence}"}, status=422)
    try:
        row = write()
    except Refusal as refusal:
        return JsonResponse({"said": f"Not saved yet: {refusal}"}, status=422)
    return JsonResponse(
        {
            "said": f"Saved at {clock(row.written_at)}",
            "set": {"seen": row.written_at.isoformat()},
            "address": reverse("observations:rewrite_reflection", args=[row.pk]),
        }
    )


@require_GET
@audience(*CLINICIANS)
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """One's words, the results they are about, and what became of them."""
    row = _own(request, pk)
    user = signed_in(request)
    lines = row.history.select_related("by").order_by("-at", "-pk")
    results = results_of(row)
    context = {
        "title": f"My reflection, {row}",
        "reflection": row,
        "results": results,
        "marks": marks_chart(results.items, "What was seen, item by item"),
        "events": [_event(line, user) for line in lines],
        "papers": AppraisalPdf.objects.visible_to(user).filter(reflection=row)[:3],
        "may_rewrite": rules.may_rewrite(user, row),
        "may_release": rules.may_release(user, row),
        "may_take_back": rules.may_take_back(user, row),
        "may_use": rules.may_use(user, row),
        "back_url": reverse("observations:results"),
    }
    return render(request, "observations/results/reflection.html", context)


@get_or_post
@audience(*CLINICIANS)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the lead read it, knowing what they will see."""
    return _asked(
        request,
        pk,
        may=rules.may_release,
        service=reflections.release,
        done="Your clinical lead can read this now.",
        template="observations/results/release.html",
        shown=lambda row: {"leads": reflections.leads_of(row), "results": results_of(row)},
        title="Release this to your clinical lead?",
        submit_text="Release it",
        cancel_text="No, keep it to myself",
    )


@get_or_post
@audience(*CLINICIANS)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it one's own again."""
    return _asked(
        request,
        pk,
        may=rules.may_take_back,
        service=reflections.take_back,
        done="It is yours alone again.",
        title="Take this back?",
        text="Your clinical lead can no longer open it. What they have read already they may "
        "remember. You can release it again later.",
        submit_text="Take it back",
        cancel_text="No, leave it released",
    )


@get_or_post
@audience(*CLINICIANS)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was used in an appraisal."""
    return _asked(
        request,
        pk,
        may=rules.may_use,
        service=reflections.use,
        done="It is marked as used, and stands as it is.",
        title="Was this used in your appraisal?",
        text="From then on it stands as it is: it can be neither changed nor taken back.",
        submit_text="Yes, it was used",
        cancel_text="No, not yet",
    )


@require_POST
@audience(*CLINICIANS)
def ask_for_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the paper for an appraisal; a worker makes it."""
    row = _own(request, pk)

    def ask() -> AppraisalPdf:
        return appraisal_pdf.ask_for_pdf(reflection=row, by=signed_in(request), now=timezone.now())

    job = saved_or_told(request, ask)
    if not job:
        return redirect("observations:reflection", row.pk)
    return redirect("observations:paper", job.pk)


@require_GET
@audience(*CLINICIANS)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the paper is; the same without script, by looking again."""
    context = _state(request, pk)
    back = reverse("observations:reflection", args=[context["job"].reflection_id])
    context |= {"title": "Your results for an appraisal", "back_url": back}
    return render(request, "observations/results/paper.html", context)


@require_GET
@audience(*CLINICIANS)
def paper_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes, fetched every second while the paper is made."""
    return render(request, "observations/results/_paper.html", _state(request, pk))


@require_GET
@audience(*CLINICIANS)
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper itself, for the clinician alone."""
    ready = AppraisalPdf.objects.visible_to(signed_in(request)).filter(file__isnull=False)
    return handed_out(get_object_or_404(ready.select_related("file"), pk=pk).file)


def _state(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = AppraisalPdf.objects.visible_to(signed_in(request)).select_related("reflection")
    job = get_object_or_404(rows, pk=pk)
    return {"job": job, "is_quiet": jobs.is_quiet(job, timezone.now())}


def _own(request: HttpRequest, pk: int) -> Reflection:
    user = signed_in(request)
    rows = (
        Reflection.objects.visible_to(user)
        .filter(clinician=user)
        .select_related("team__programme", "clinician", "version__instrument")
    )
    row: Reflection = get_object_or_404(rows, pk=pk)
    return row


def _asked(
    request: HttpRequest,
    pk: int,
    *,
    may: Callable[[Any, Reflection], bool],
    service: Callable[..., Reflection],
    done: str,
    template: str = "layouts/confirm.html",
    shown: Callable[[Reflection], dict[str, Any]] = lambda row: {},
    **words: str,
) -> HttpResponse:
    """Ask whether to move one's reflection on (`shown`: what to know before), and do it."""
    row = _own(request, pk)
    user = signed_in(request)
    if not may(user, row):
        raise PermissionDenied
    back = reverse("observations:reflection", args=[row.pk])
    if request.method == "POST":
        if saved_or_told(request, lambda: service(reflection=row, by=user, now=timezone.now())):
            messages.success(request, done)
        return redirect(back)
    context = {"reflection": row, "cancel_url": back, "back_url": back, **shown(row), **words}
    return render(request, template, context)


_SAID = {
    ("", _Status.PRIVATE): "wrote this",
    (_Status.PRIVATE, _Status.RELEASED): "released this to your clinical lead",
    (_Status.RELEASED, _Status.PRIVATE): "took this back",
    (_Status.RELEASED, _Status.USED): "used this in an appraisal",
}


def _event(line: ReflectionHistory, user: User) -> Event:
    verb = _SAID.get((line.from_status, line.to_status), "changed this")
    who = "You" if line.by_id == user.pk else (line.by.name if line.by else "Somebody")
    return Event(f"{who} {verb}", line.at, line.why)
