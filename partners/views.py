"""A partner's profile and portfolio."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Role, User
from nhsuk.components import Event, SummaryRow
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from partners import rules
from partners.filters import PortfolioFilter
from partners.forms import (
    AccessForm,
    ContactForm,
    ContributionForm,
    ExpertiseForm,
    NameForm,
    ReflectionForm,
    WithdrawForm,
)
from partners.models import Contribution, ContributionHistory, Expertise, Partner
from partners.services import ledger, register

PORTFOLIO_PAGE = 20

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


# --- Profile --------------------------------------------------------------------------------------


@require_GET
@audience(Role.PARTNER)
def profile(request: HttpRequest) -> HttpResponse:
    """What is held about the partner, each with a link to change it."""
    partner = _own_partner(request)
    name, contact = reverse("partners:change_name"), reverse("partners:change_contact")
    return render(
        request,
        "partners/profile.html",
        {
            "title": "Your profile",
            "partner": partner,
            "about": [
                SummaryRow("Full name", partner.name, name),
                SummaryRow("Known as", partner.called, name),
                SummaryRow("E-mail address", partner.email or "None", contact),
                SummaryRow("Telephone number", partner.phone or "None", contact),
                SummaryRow(
                    "What helps you to take part",
                    partner.access_needs or "Nothing said yet",
                    reverse("partners:change_access"),
                ),
            ],
            "expertise": Expertise.objects.visible_to(request.user).filter(partner=partner),
        },
    )


@_get_or_post
@audience(Role.PARTNER)
def change_name(request: HttpRequest) -> HttpResponse:
    return _change_profile(request, NameForm, "Your name", "Your name is saved.")


@_get_or_post
@audience(Role.PARTNER)
def change_contact(request: HttpRequest) -> HttpResponse:
    return _change_profile(
        request, ContactForm, "How we reach you", "We will reach you in this way from now on."
    )


@_get_or_post
@audience(Role.PARTNER)
def change_access(request: HttpRequest) -> HttpResponse:
    return _change_profile(
        request, AccessForm, "What helps you to take part", "Thank you. Your coordinators see this."
    )


def _change_profile(
    request: HttpRequest, form_class: type[NhsukForm], title: str, done: str
) -> HttpResponse:
    partner = _own_partner(request)
    initial = {name: getattr(partner, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)

        def save() -> bool:
            return register.change_partner(
                partner=partner, by=_user(request), now=timezone.now(), **fields
            )

        if _saved(form, save):
            messages.success(request, done)
            return redirect("partners:profile")
    return _form_page(request, form, title, reverse("partners:profile"))


@_get_or_post
@audience(Role.PARTNER)
def add_expertise(request: HttpRequest) -> HttpResponse:
    """Say something that one brings, and who may see it."""
    partner = _own_partner(request)
    form = ExpertiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Expertise:
            return register.add_expertise(
                partner=partner, by=_user(request), now=timezone.now(), **form.cleaned_data
            )

        if _saved(form, save):
            messages.success(request, "Thank you. It is on your profile.")
            return redirect("partners:profile")
    return _form_page(request, form, "What you bring", reverse("partners:profile"))


@_get_or_post
@audience(Role.PARTNER)
def change_expertise(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something that one brings into other words, or share it with others or nobody."""
    own = Expertise.objects.visible_to(request.user).filter(partner__user=request.user)
    item = get_object_or_404(own, pk=pk)
    initial = {name: getattr(item, name) for name in ExpertiseForm.base_fields}
    form = ExpertiseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return register.change_expertise(
                expertise=item, by=_user(request), now=timezone.now(), **form.cleaned_data
            )

        if _saved(form, save):
            messages.success(request, "Saved.")
            return redirect("partners:profile")
    return _form_page(request, form, "What you bring", reverse("partners:profile"))


# --- Portfolio ------------------------------------------------------------------------------------


@require_GET
@audience(Role.PARTNER)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Everything the partner did, newest first."""
    partner = _own_partner(request)
    rows = _own_contributions(request).filter(partner=partner).standing()
    chosen = PortfolioFilter(request.GET, rows, request=request)
    page = page_of(request, chosen.qs, PORTFOLIO_PAGE)
    return render(
        request,
        "partners/portfolio.html",
        {
            "title": "My portfolio",
            "filter": chosen,
            "page": page,
            "total_minutes": chosen.qs.aggregate(minutes=Sum("minutes"))["minutes"] or 0,
        },
    )


@require_GET
@audience(Role.PARTNER)
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: the facts, the partner's own words, and what became of it."""
    row = _own_contribution(request, pk)
    lines = row.history.select_related("by").order_by("-at", "-pk")
    return render(
        request,
        "partners/contribution.html",
        {
            "title": row.title,
            "contribution": row,
            "back_url": reverse("partners:portfolio"),
            "events": [_event(line, _user(request)) for line in lines],
            "may_amend": rules.may_correct(request.user, row),
            "may_withdraw": rules.may_take_back(request.user, row),
        },
    )


@_get_or_post
@audience(Role.PARTNER)
def add_contribution(request: HttpRequest) -> HttpResponse:
    """Write down something that has no page of its own: a panel, a blog post, some reading."""
    partner = _own_partner(request)
    form = ContributionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Contribution:
            return ledger.record(
                partner=partner, by=_user(request), now=timezone.now(), **form.facts
            )

        row = _saved(form, save)
        if row:
            return redirect("partners:added", row.pk)
    return _form_page(request, form, "Add something you did", reverse("partners:portfolio"))


@require_GET
@audience(Role.PARTNER)
def added(request: HttpRequest, pk: int) -> HttpResponse:
    """It is written down, and what happens next."""
    row = _own_contribution(request, pk)
    context = {"title": "Thank you, it is written down", "contribution": row}
    return render(request, "partners/added.html", context)


@_get_or_post
@audience(Role.PARTNER)
def change_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what waits to be confirmed."""
    row = _own_contribution(request, pk)
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
            ledger.amend(contribution=row, by=_user(request), now=timezone.now(), **form.facts)
            return True

        if _saved(form, save):
            messages.success(request, "Your changes are saved.")
            return redirect("partners:contribution", row.pk)
    back = reverse("partners:contribution", args=[row.pk])
    return _form_page(request, form, "Change what you did", back)


@_get_or_post
@audience(Role.PARTNER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what waits to be confirmed."""
    row = _own_contribution(request, pk)
    if not rules.may_take_back(request.user, row):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Contribution:
            return ledger.withdraw(
                contribution=row, by=_user(request), now=timezone.now(), **form.cleaned_data
            )

        if _saved(form, save):
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


@_get_or_post
@audience(Role.PARTNER)
def reflect(request: HttpRequest, pk: int) -> HttpResponse:
    """The partner's own words about a piece of work, theirs for ever."""
    row = _own_contribution(request, pk)
    if not rules.may_reflect(request.user, row):
        raise PermissionDenied
    form = ReflectionForm(request.POST or None, initial={"reflection": row.reflection})
    if request.method == "POST" and form.is_valid():

        def save() -> Contribution:
            return ledger.reflect(
                contribution=row,
                text=form.cleaned_data["reflection"],
                by=_user(request),
                now=timezone.now(),
            )

        if _saved(form, save):
            messages.success(request, "Your words are kept. Only you can see them.")
            return redirect("partners:contribution", row.pk)
    back = reverse("partners:contribution", args=[row.pk])
    return _form_page(request, form, row.title, back)


# --- What the pages share -------------------------------------------------------------------------


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def _own_partner(request: HttpRequest) -> Partner:
    user = _user(request)
    programme = current_programme(user, request.session)
    found = Partner.objects.visible_to(user).own(user, programme)
    if found is None:
        raise Http404
    return found


def _own_contributions(request: HttpRequest) -> QuerySet[Any]:
    return Contribution.objects.visible_to(_user(request)).filter(partner__user=request.user)


def _own_contribution(request: HttpRequest, pk: int) -> Contribution:
    own = _own_contributions(request).select_related("partner", "programme")
    row: Contribution = get_object_or_404(own, pk=pk)
    return row


def _saved(form: NhsukForm, save: Callable[[], Any]) -> Any:
    """What `save` gave; where the service refuses, its sentence stands beside the field."""
    try:
        return save() or True
    except (ledger.LedgerError, register.RegisterError) as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def _form_page(request: HttpRequest, form: NhsukForm, title: str, back: str) -> HttpResponse:
    context = {"title": title, "form": form, "back_url": back, "cancel_url": back}
    return render(request, "partners/form.html", context)


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
