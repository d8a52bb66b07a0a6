"""What partners could join, and what they say to it."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from assignments.filters import OpportunityFilter
from assignments.forms.opportunities import InterestForm
from assignments.models import Interest, Offer, Opportunity
from assignments.rules import requests as rules
from assignments.services import interests, pacing
from nhsuk.pages import page_of
from partners.models import Partner
from partners.views.pages import own_partner, saved, signed_in

OPPORTUNITIES_PAGE = 20
_THANKS = {
    Interest.Answer.YES: "Thank you for your yes. We tell you when a place is offered to you.",
    Interest.Answer.MAYBE: "Thank you. Your coordinators know, and may tell you more.",
    Interest.Answer.NOT_NOW: "Thank you for telling us. We ask you another time.",
}


@require_GET
@audience(Role.PARTNER)
def opportunities(request: HttpRequest) -> HttpResponse:
    """What asks for partners now, newest first, or what was answered before."""
    user, partner = signed_in(request), own_partner(request)
    said = Interest.objects.visible_to(user).filter(opportunity=OuterRef("pk"), partner=partner)
    rows = (
        Opportunity.objects.visible_to(user)
        .asking(partner)
        .select_related("work_group")
        .annotate(answered=Subquery(said.values("answer")[:1]))
    )
    chosen = OpportunityFilter(request.GET, rows, request=request)
    return render(
        request,
        "assignments/opportunities/list.html",
        {
            "title": "Opportunities",
            "filter": chosen,
            "page": page_of(request, chosen.qs, OPPORTUNITIES_PAGE),
            "today": timezone.localdate(),
            "may_propose": rules.takes_part(partner),
        },
    )


@require_GET
@audience(Role.PARTNER, Role.COORDINATOR)
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is about, what it asks, and one's own answer; nobody else's."""
    row = _opportunity(request, pk)
    partner = _asked(request, row)
    said = _said(request, row, partner) if partner else None
    initial = {"answer": said.answer, "line": said.line} if said else {}
    return _page(request, row, partner, said, InterestForm(initial=initial))


@require_POST
@audience(Role.PARTNER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes, maybe or not now."""
    row = _opportunity(request, pk)
    partner = get_object_or_404(
        Partner.objects.visible_to(signed_in(request)),
        user=request.user,
        programme=row.programme_id,
    )
    form = InterestForm(request.POST)
    if form.is_valid():

        def save() -> Interest:
            return interests.say(
                opportunity=row,
                partner=partner,
                by=signed_in(request),
                now=timezone.now(),
                **form.cleaned_data,
            )

        said = saved(form, save)
        if said:
            messages.success(request, _THANKS[said.answer])
            return redirect("assignments:opportunity", row.pk)
    said = _said(request, row, partner)
    return _page(request, row, partner, said, form)


def _page(
    request: HttpRequest,
    row: Opportunity,
    partner: Partner | None,
    said: Interest | None,
    form: InterestForm,
) -> HttpResponse:
    # What was typed when answers were closed is refused beside the words, which stay.
    taken = rules.is_open(row, timezone.localdate()) or form.is_bound
    offer = (
        Offer.objects.visible_to(signed_in(request))
        .live()
        .filter(opportunity=row, partner=partner)
        .first()
        if partner
        else None
    )
    may_answer = partner is not None and rules.takes_part(partner) and taken
    return render(
        request,
        "assignments/opportunities/opportunity.html",
        {
            "title": row.title,
            "back_url": reverse("assignments:opportunities") if partner else "",
            "opportunity": row,
            "partner": partner,
            "said": said,
            "offer": offer,
            "form": form,
            "may_answer": may_answer,
            "pace": pacing.work_pace(partner, row, timezone.localdate())
            if partner is not None and may_answer
            else None,
            "coordinates": rules.may_look_after(request.user, row),
        },
    )


def _opportunity(request: HttpRequest, pk: int) -> Opportunity:
    row: Opportunity = get_object_or_404(
        Opportunity.objects.visible_to(signed_in(request)).select_related(
            "programme", "work_group", "role", "request"
        ),
        pk=pk,
    )
    return row


def _said(request: HttpRequest, row: Opportunity, partner: Partner) -> Interest | None:
    own = Interest.objects.visible_to(signed_in(request))
    found: Interest | None = own.filter(opportunity=row, partner=partner).first()
    return found


def _asked(request: HttpRequest, row: Opportunity) -> Partner | None:
    """One's own partner row in its programme, if it asks them."""
    user = signed_in(request)
    found: Partner | None = (
        Partner.objects.visible_to(user).filter(user=user, programme=row.programme_id).first()
    )
    asked = Opportunity.objects.visible_to(user)
    if found is None or not asked.asking(found).filter(pk=row.pk).exists():
        return None
    return found
