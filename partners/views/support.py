"""How it is going, for a partner; and raising a concern, for everybody."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SIGNED_IN, audience
from accounts.current import current_programme
from accounts.models import Role
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners.forms.support import CloseConcernForm, ConcernForm
from partners.models import CheckIn, Concern
from partners.rules import support as rules
from partners.services import support_concerns
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in
from workflow.transitions import IllegalMoveError

PER_PAGE = 20


@require_GET
@audience(Role.PARTNER)
def check_ins(request: HttpRequest) -> HttpResponse:
    """What was said in the talks about how it is going, and when the next one is."""
    partner = own_partner(request)
    talks = CheckIn.objects.visible_to(signed_in(request)).filter(partner=partner)
    latest = talks.only("next_on").first()
    today = timezone.localdate()
    coming = latest.next_on if latest and latest.next_on and latest.next_on >= today else None
    return render(
        request,
        "partners/support/check_ins.html",
        {
            "title": "How it is going",
            "page": page_of(request, talks.shared().select_related("author"), PER_PAGE),
            "next_on": coming,
        },
    )


# --- Concerns ------------------------------------------------------------------------------------


@get_or_post
@audience(SIGNED_IN)
def raise_concern(request: HttpRequest) -> HttpResponse:
    """Tell the programme's named lead what worries one, or read whom to ring instead."""
    user = signed_in(request)
    programme = current_programme(user, request.session)
    lead = rules.lead_for(user, programme)
    if programme is None or lead is None:
        context = {"title": "Raise a concern", "programme": programme, "back_url": reverse("home")}
        return render(request, "partners/support/nobody_named.html", context)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Concern:
            return support_concerns.raise_concern(
                programme=programme, by=user, now=timezone.now(), **form.cleaned_data
            )

        concern = saved(form, save)
        if concern:
            messages.success(request, f"Thank you. {lead.name} has it, and nobody else can see it.")
            return redirect("partners:concern", concern.pk)
    return render(
        request,
        "partners/support/raise_concern.html",
        {
            "title": "Raise a concern",
            "form": form,
            "lead": lead,
            "back_url": reverse("home"),
            "cancel_url": reverse("home"),
        },
    )


@require_GET
@audience(SIGNED_IN)
def concerns(request: HttpRequest) -> HttpResponse:
    """What one raised, and what others raised with one."""
    user = signed_in(request)
    mine = Concern.objects.visible_to(user).select_related("raised_by", "lead").defer("outcome")
    return render(
        request,
        "partners/support/concerns.html",
        {
            "title": "Concerns",
            "back_url": reverse("home"),
            "page": page_of(request, mine, PER_PAGE),
        },
    )


@require_GET
@audience(SIGNED_IN)
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """One concern: what was said, how far it is, and the answer."""
    row = _concern(request, pk)
    user = signed_in(request)
    lines = row.history.select_related("by").order_by("-at", "-pk")
    return render(
        request,
        "partners/support/concern.html",
        {
            "title": str(row),
            "concern": row,
            "back_url": reverse("partners:concerns"),
            "is_mine": row.raised_by_id == user.pk,
            "may_take_up": rules.may_take_up(user, row),
            "may_close": rules.may_close(user, row),
            "events": [
                Event(
                    f"{line.by.name if line.by else 'The portal'} {_SAID[line.to_status]}", line.at
                )
                for line in lines
            ],
        },
    )


@require_POST
@audience(SIGNED_IN)
def take_up_concern(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has read it and is looking into it."""
    row = _concern(request, pk)
    if not rules.hears(request.user, row):
        raise PermissionDenied
    try:
        support_concerns.take_up(concern=row, by=signed_in(request), now=timezone.now())
    except IllegalMoveError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Who raised it sees now that you are looking into it.")
    return redirect("partners:concern", row.pk)


@get_or_post
@audience(SIGNED_IN)
def close_concern(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done, and close it."""
    row = _concern(request, pk)
    if not rules.may_close(request.user, row):
        raise PermissionDenied
    form = CloseConcernForm(request.POST or None)
    back = reverse("partners:concern", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Concern:
            return support_concerns.close_concern(
                concern=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "It is closed, and who raised it has been told to look.")
            return redirect(back)
    return form_page(request, form, "Answer and close", back)


def _concern(request: HttpRequest, pk: int) -> Concern:
    mine = Concern.objects.visible_to(signed_in(request))
    row: Concern = get_object_or_404(mine.select_related("programme", "raised_by", "lead"), pk=pk)
    return row


_SAID = {
    Concern.Status.RAISED: "raised this",
    Concern.Status.SEEN: "is looking into it",
    Concern.Status.CLOSED: "answered and closed it",
}
