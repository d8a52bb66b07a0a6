"""A partner's offers and places."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from assignments.forms.offers import DeclineForm, GiveBackForm
from assignments.models import Assignment, Offer
from assignments.rules import offers as rules
from assignments.services import offers as services
from assignments.services import pacing
from assignments.services.places import handed_over_to
from assignments.services.waiting_list import seats_of
from nhsuk.pages import page_of
from partners.views.pages import get_or_post, saved, saved_or_told, signed_in

PLACES_PAGE = 20
_Status = Offer.Status


@require_GET
@audience(Role.PARTNER)
def places(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the places one has, and those that ended, with their thanks."""
    user = signed_in(request)
    mine = (
        Assignment.objects.visible_to(user)
        .of(user)
        .select_related("work_group")
        .order_by("status", F("ends_on").desc(nulls_first=True), "-starts_on", "-pk")
    )
    waiting = (
        Offer.objects.visible_to(user)
        .of(user)
        .filter(status__in=[_Status.OFFERED, _Status.WAITING])
        .select_related("opportunity")
    )
    return render(
        request,
        "assignments/offers/places.html",
        {
            "title": "My places",
            "offers": waiting,
            "page": page_of(request, mine, PLACES_PAGE),
            "today": timezone.localdate(),
        },
    )


@require_GET
@audience(Role.PARTNER)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place of one's own: since when, what was handed over, and thanks when it ended."""
    user = signed_in(request)
    mine = Assignment.objects.visible_to(user).of(user)
    found = get_object_or_404(mine.select_related("work_group__programme"), pk=pk)
    offers = Offer.objects.visible_to(user).of(user).select_related("partner")
    held = offers.filter(assignment=found).first()
    return render(
        request,
        "assignments/offers/place.html",
        {
            "title": found.work_group.name,
            "place": found,
            "group": found.work_group,
            "today": timezone.localdate(),
            "handed_over": handed_over_to(found),
            "offer": held,
            "may_give_back": held is not None and rules.may_give_back(request.user, held),
        },
    )


@require_GET
@audience(Role.PARTNER)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """What is offered, when, how much time it takes, and by when to answer."""
    found = _own(request, pk)
    opportunity, today = found.opportunity, timezone.localdate()
    seats = seats_of(opportunity)
    may_answer = rules.answerable(found, today) and rules.may_be_joined(opportunity, today)
    return render(
        request,
        "assignments/offers/offer.html",
        {
            "title": opportunity.title,
            "offer": found,
            "opportunity": opportunity,
            "group": opportunity.work_group,
            "may_answer": may_answer,
            "is_full": seats.free <= 0,
            "is_first_come": seats.offered > seats.free > 0,
            "may_take_up": found.status == _Status.STANDING_IN and seats.to_offer > 0,
            "pace": pacing.work_pace(found.partner, opportunity, today) if may_answer else None,
        },
    )


@require_POST
@audience(Role.PARTNER)
def accept_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes."""
    found = _own(request, pk)

    def save() -> Offer:
        return services.accept(offer=found, by=signed_in(request), now=timezone.now())

    after = saved_or_told(request, save)
    if after and after.status == _Status.ACCEPTED:
        messages.success(request, "Thank you. You have a place. Your diary shows what is next.")
    elif after:
        messages.warning(
            request,
            "Thank you for saying yes. Somebody took the last place a moment before you. You are "
            "first on the waiting list: we write to you as soon as there is a place.",
        )
    return redirect("assignments:offer", pk)


@require_POST
@audience(Role.PARTNER)
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Not a place, but to be asked when somebody cannot come."""
    found = _own(request, pk)

    def save() -> Offer:
        return services.stand_in(offer=found, by=signed_in(request), now=timezone.now())

    if saved_or_told(request, save):
        messages.success(request, "Thank you. We ask you when somebody cannot come.")
    return redirect("assignments:offer", pk)


@get_or_post
@audience(Role.PARTNER)
def decline_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """No to an offer, or to waiting any longer."""
    found = _own(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    back = reverse("assignments:offer", args=[pk])

    def save() -> Offer:
        why = form.cleaned_data["why"]
        return services.decline(offer=found, by=signed_in(request), now=timezone.now(), why=why)

    if form.is_valid() and saved(form, save):
        messages.success(request, "Thank you for telling us. No is a good answer, too.")
        return redirect(back)
    title = "Say no to this place"
    if found.status == _Status.WAITING:
        title = form.submit_text = "Leave the waiting list"
    return _form(request, form, title, back, found.opportunity.title)


@get_or_post
@audience(Role.PARTNER)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place back, with a note for who comes next."""
    found = _own(request, pk)
    if not rules.may_give_back(request.user, found):
        raise PermissionDenied
    form = GiveBackForm(
        request.POST if request.method == "POST" else None,
        initial={"ends_on": timezone.localdate()},
    )
    back = reverse("assignments:place", args=[found.assignment_id])

    def save() -> Offer:
        return services.give_back(
            offer=found, by=signed_in(request), now=timezone.now(), **form.cleaned_data
        )

    if form.is_valid() and saved(form, save):
        messages.success(request, "Thank you for all you brought to it. Your place is ended.")
        return redirect(back)
    return _form(request, form, "Give this place back", back, found.opportunity.title)


def _own(request: HttpRequest, pk: int) -> Offer:
    user = signed_in(request)
    found: Offer = get_object_or_404(
        Offer.objects.visible_to(user)
        .of(user)
        .select_related(
            "partner", "assignment", "opportunity__work_group__programme", "opportunity__role"
        ),
        pk=pk,
    )
    return found


def _form(request: HttpRequest, form: Any, title: str, back: str, about: str) -> HttpResponse:
    return render(
        request,
        "assignments/offers/form.html",
        {"title": title, "form": form, "back_url": back, "cancel_url": back, "about": about},
    )
