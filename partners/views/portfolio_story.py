"""The story of a piece of work: telling it, sharing it, showing that it is so; and reading it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import SIGNED_IN, audience
from accounts.models import Role
from nhsuk.templatetags.nhsuk import clock
from partners import rules
from partners.forms.portfolio_story import FileForm, LinkForm, ShareForm, StoryForm
from partners.models import Contribution, Evidence, PortfolioEntry, StoredFile, ThankYou
from partners.services import files, portfolio
from partners.services.refusal import Refusal
from partners.services.uploads import checked
from partners.views.pages import form_page, get_or_post, saved, signed_in
from partners.views.portfolio import own_contribution


@get_or_post
@audience(Role.PARTNER)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """The partner's own words about a piece of work, theirs for ever; kept as they are typed."""
    row = _to_write(request, pk)
    entry = getattr(row, "entry", None)
    initial = {"reflection": row.reflection}
    if entry:
        initial |= {name: getattr(entry, name) for name in ("role", "brought", "changed")}
        initial["seen"] = entry.changed_at.isoformat()
    form = StoryForm(request.POST or None, initial=initial)
    if request.headers.get("X-Autosave"):
        return _autosaved(request, row, form)
    if request.method == "POST" and form.is_valid():

        def save() -> PortfolioEntry:
            return portfolio.tell(
                contribution=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        kept = saved(form, save)
        if kept:
            messages.success(request, f"Your words are kept. {_seen_by(kept.visibility)}")
            return redirect("partners:contribution", row.pk)
    context = {
        "title": "Tell the story",
        "form": form,
        "contribution": row,
        "entry": entry,
        "seen_by": _seen_by(entry.visibility if entry else "only_me"),
        "back_url": reverse("partners:contribution", args=[row.pk]),
        "cancel_url": reverse("partners:contribution", args=[row.pk]),
    }
    return render(request, "partners/portfolio/tell.html", context)


def _autosaved(request: HttpRequest, row: Contribution, form: StoryForm) -> HttpResponse:
    """What the form's own script is told: a sentence, and the entry as it is now."""
    if not form.is_valid():
        sentence = next(iter(form.errors.values()))[0]
        return JsonResponse({"said": f"Not saved yet: {sentence}"}, status=422)
    now = timezone.now()
    try:
        entry = portfolio.tell(
            contribution=row, by=signed_in(request), now=now, anyway=False, **form.cleaned_data
        )
    except Refusal as refusal:
        return JsonResponse({"said": f"Not saved yet: {refusal}"}, status=422)
    kept = {"seen": entry.changed_at.isoformat()}
    return JsonResponse({"said": f"Saved at {clock(now)}", "set": kept})


@get_or_post
@audience(Role.PARTNER)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see the story, the reflection and the evidence."""
    row = _to_write(request, pk)
    entry = getattr(row, "entry", None)
    form = ShareForm(
        request.POST or None, initial={"visibility": entry.visibility if entry else "only_me"}
    )
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> PortfolioEntry:
            return portfolio.share(
                contribution=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        kept = saved(form, save)
        if kept:
            messages.success(request, _seen_by(kept.visibility))
            return redirect(back)
    return form_page(request, form, "Who may see this?", back)


@get_or_post
@audience(Role.PARTNER)
def add_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the web beside a piece of work."""
    row = _to_write(request, pk)
    form = LinkForm(request.POST or None)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Evidence:
            return portfolio.add_link(
                contribution=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "The link is added.")
            return redirect(back)
    return form_page(request, form, "Add a link", back)


@get_or_post
@audience(Role.PARTNER)
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A document or a picture beside a piece of work."""
    row = _to_write(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FileForm(*sent)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Evidence:
            return portfolio.add_file(
                contribution=row,
                title=form.cleaned_data["title"],
                checked=checked(form.cleaned_data["file"]),
                by=signed_in(request),
                now=timezone.now(),
            )

        if saved(form, save):
            messages.success(request, "The file is added.")
            return redirect(back)
    return form_page(request, form, "Add a file", back)


@get_or_post
@audience(Role.PARTNER)
def remove_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link or a file away, once one is sure."""
    own = Evidence.objects.visible_to(signed_in(request)).filter(
        entry__contribution__partner__user=request.user
    )
    row = get_object_or_404(own.select_related("entry__contribution__partner"), pk=pk)
    back = reverse("partners:contribution", args=[row.entry.contribution_id])
    if request.method == "POST":
        portfolio.remove_evidence(evidence=row, by=signed_in(request), now=timezone.now())
        messages.success(request, f"“{row.title}” is taken away.")
        return redirect(back)
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take “{row.title}” away?",
            "text": "It goes for good. You can add it again later.",
            "danger": True,
            "submit_text": "Take it away",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


@require_GET
@audience(SIGNED_IN)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, for whoever may see the entry it belongs to; kept, never shown by the browser."""
    visible = Evidence.objects.visible_to(signed_in(request)).filter(file__isnull=False)
    row = get_object_or_404(visible.select_related("file"), pk=pk)
    return handed_out(row.file)


def handed_out(file: StoredFile) -> HttpResponseBase:
    """`file` as an attachment, a piece at a time."""
    response = StreamingHttpResponse(files.stream(file), content_type=file.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name)
    response.headers["Content-Length"] = str(file.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@audience(SIGNED_IN)
def shared_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """What a partner shares of a piece of work, for those it is shared with."""
    user = signed_in(request)
    visible = PortfolioEntry.objects.visible_to(user).exclude(
        contribution__status=Contribution.Status.WITHDRAWN
    )
    entry = get_object_or_404(visible.select_related("contribution__partner__programme"), pk=pk)
    row = entry.contribution
    return render(
        request,
        "partners/portfolio/shared.html",
        {
            "title": row.title,
            "entry": entry,
            "contribution": row,
            "is_own": rules.is_own(user, row),
            "evidence": Evidence.objects.visible_to(user)
            .filter(entry=entry)
            .select_related("file"),
            "thanks": ThankYou.objects.visible_to(user).filter(
                contribution=row, shown_at__isnull=False
            ),
        },
    )


def _to_write(request: HttpRequest, pk: int) -> Contribution:
    row = own_contribution(request, pk)
    if not rules.may_reflect(request.user, row):
        raise PermissionDenied
    return row


def _seen_by(visibility: str) -> str:
    return {
        "only_me": "Only you can see this.",
        "coordinators": "You and your coordinators can see this.",
        "staff": "You, your coordinators and staff of the programme can see this.",
    }[visibility]
