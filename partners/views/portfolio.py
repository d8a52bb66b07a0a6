"""A partner's portfolio: the ledger as their story."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role, User
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners import rules
from partners.filters import PortfolioFilter
from partners.forms.portfolio import ContributionForm, WithdrawForm
from partners.models import Contribution, ContributionHistory, Evidence, ThankYou
from partners.services import ledger
from partners.services.portfolio_totals import totals_of
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in
from partners.views.portfolio_timeline import drawn

PORTFOLIO_PAGE = 20


@require_GET
@audience(Role.PARTNER)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Everything the partner did, newest first, and what it comes to."""
    partner = own_partner(request)
    rows = own_contributions(request).filter(partner=partner).standing()
    chosen = PortfolioFilter(request.GET, rows, request=request)
    user = signed_in(request)
    thanks = ThankYou.objects.visible_to(user).filter(given_at__isnull=False)
    shown = chosen.qs.annotate(
        role=F("entry__role"),
        changed=F("entry__changed"),
        shown_evidence=_number(Evidence.objects.visible_to(user), "entry__contribution"),
        shown_thanks=_number(thanks, "contribution"),
    )
    totals = totals_of(chosen.qs)
    return render(
        request,
        "partners/portfolio/list.html",
        {
            "title": "My portfolio",
            "filter": chosen,
            "page": page_of(request, shown.defer("reflection"), PORTFOLIO_PAGE),
            "totals": totals,
            "timeline": drawn(totals),
        },
    )


@require_GET
@audience(Role.PARTNER)
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: the facts, the partner's own words, and what became of it."""
    row = own_contribution(request, pk)
    lines = row.history.select_related("by").order_by("-at", "-pk")
    entry = getattr(row, "entry", None)
    return render(
        request,
        "partners/portfolio/contribution.html",
        {
            "title": row.title,
            "contribution": row,
            "entry": entry,
            "evidence": entry.evidence.select_related("file") if entry else [],
            "thanks": row.thank_yous.order_by("-given_at", "-pk"),
            "now": timezone.now(),
            "back_url": reverse("partners:portfolio"),
            "events": [_event(line, signed_in(request)) for line in lines],
            "may_amend": rules.may_correct(request.user, row),
            "may_withdraw": rules.may_take_back(request.user, row),
            "may_ask": rules.may_ask_for_thanks(request.user, row),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def add_contribution(request: HttpRequest) -> HttpResponse:
    """Write down something that has no page of its own: a panel, a blog post, some reading."""
    partner = own_partner(request)
    form = ContributionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Contribution:
            return ledger.record(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.facts
            )

        row = saved(form, save)
        if row:
            return redirect("partners:added", row.pk)
    return form_page(request, form, "Add something you did", reverse("partners:portfolio"))


@require_GET
@audience(Role.PARTNER)
def added(request: HttpRequest, pk: int) -> HttpResponse:
    """It is written down, and what happens next."""
    row = own_contribution(request, pk)
    context = {"title": "Thank you, it is written down", "contribution": row}
    return render(request, "partners/portfolio/added.html", context)


@get_or_post
@audience(Role.PARTNER)
def change_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what waits to be confirmed."""
    row = own_contribution(request, pk)
    if not rules.may_correct(request.user, row):
        raise PermissionDenied
    hours, minutes = divmod(row.minutes, 60)
    initial = {
        "title": row.title,
        "kind": row.kind,
        "happened_on": row.happened_on,
        "hours": hours,
        "minutes": minutes,
    }
    form = ContributionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            ledger.amend(contribution=row, by=signed_in(request), now=timezone.now(), **form.facts)
            return True

        if saved(form, save):
            messages.success(request, "Your changes are saved.")
            return redirect("partners:contribution", row.pk)
    back = reverse("partners:contribution", args=[row.pk])
    return form_page(request, form, "Change what you did", back)


@get_or_post
@audience(Role.PARTNER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what waits to be confirmed."""
    row = own_contribution(request, pk)
    if not rules.may_take_back(request.user, row):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Contribution:
            return ledger.withdraw(
                contribution=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, f"“{row.title}” is off your portfolio.")
            return redirect("partners:portfolio")
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take back “{row.title}”?",
            "text": "It will no longer count in your portfolio. You can add it again later.",
            "form": form,
            "danger": True,
            "submit_text": "Take it back",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


def own_contributions(request: HttpRequest) -> QuerySet[Any]:
    """What one did oneself, in whatever programme."""
    return Contribution.objects.visible_to(signed_in(request)).filter(partner__user=request.user)


def own_contribution(request: HttpRequest, pk: int) -> Contribution:
    """One of them, or a 404."""
    own = own_contributions(request).select_related("partner", "programme", "entry")
    row: Contribution = get_object_or_404(own, pk=pk)
    return row


def _number(rows: QuerySet[Any], way: str) -> Any:
    """How many of `rows` there are for a contribution, counted beside it."""
    mine = rows.filter(**{way: OuterRef("pk")}).order_by()
    counted = mine.values(way).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


_Status = Contribution.Status
_SAID = {
    (_Status.RECORDED, _Status.RECORDED): "changed this",
    (_Status.RECORDED, _Status.CONFIRMED): "confirmed this",
    (_Status.RECORDED, _Status.WITHDRAWN): "withdrew this",
    (_Status.CONFIRMED, _Status.WITHDRAWN): "withdrew this",
}


def _event(line: ContributionHistory, user: User) -> Event:
    """A line of the history as a sentence: "Mo confirmed this"."""
    move = (line.from_status, line.to_status)
    if move not in _SAID and line.from_status:
        return Event(line.why, line.at)
    verb = _SAID.get(move, "wrote this down")
    if line.by is None:
        passive = {"wrote this down": "Written down", "withdrew this": "Withdrawn"}
        return Event(passive.get(verb, "Changed"), line.at, line.why)
    who = "You" if line.by_id == user.pk else line.by.name
    return Event(f"{who} {verb}", line.at, line.why)
