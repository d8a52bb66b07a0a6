"""Learning: what there is, its dates, and what one did."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from nhsuk.pages import page_of
from partners.filters.learning import LearningFilter
from partners.forms.learning import DidItForm, PlaceReflectionForm
from partners.models import LearningItem, LearningPlace, LearningSession, PathwayRole
from partners.rules import learning as rules
from partners.services import learning as services
from partners.views.pages import (
    form_page,
    get_or_post,
    own_partner,
    saved,
    saved_or_told,
    signed_in,
)

CATALOGUE_PAGE = 20
SESSIONS_SHOWN = 20


@dataclass(frozen=True)
class SessionShown:
    """A date, in words, and the partner's place in it."""

    session: LearningSession
    when: str
    place: LearningPlace | None
    free: int
    is_ahead: bool
    holds_place: bool


@require_GET
@audience(Role.PARTNER)
def learning(request: HttpRequest) -> HttpResponse:
    """Everything there is to learn."""
    partner, user = own_partner(request), signed_in(request)
    roles = PathwayRole.objects.visible_to(user).filter(programme=partner.programme_id)
    items = LearningItem.objects.visible_to(user).current().filter(programme=partner.programme_id)
    chosen = LearningFilter(request.GET, items, request=request, roles=list(roles))
    ahead = Q(sessions__status="planned", sessions__starts_at__gt=timezone.now())
    rows = chosen.qs.annotate(dates=Count("sessions", filter=ahead, distinct=True))
    mine = (
        LearningPlace.objects.visible_to(user)
        .filter(
            partner=partner,
            status__in=["booked", "waiting"],
            session__status="planned",
            session__ends_at__gt=timezone.now(),
        )
        .select_related("session__item")
        .order_by("session__starts_at", "pk")
    )
    return render(
        request,
        "partners/learning/catalogue.html",
        {
            "title": "Learning",
            "filter": chosen,
            "page": page_of(
                request,
                rows.prefetch_related("roles").order_by("title", "pk"),
                CATALOGUE_PAGE,
            ),
            "mine": [(place, services.when(place.session)) for place in mine],
        },
    )


@require_GET
@audience(Role.PARTNER)
def learning_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing to learn: what it is, its dates, and learning it alone."""
    item = _item(request, pk)
    now, user, partner = timezone.now(), signed_in(request), own_partner(request)
    places = {
        place.session_id: place
        for place in LearningPlace.objects.visible_to(user).filter(
            partner=partner, session__item=item
        )
    }
    shown = Q(status="planned", ends_at__gt=now) | Q(pk__in=places)
    taken = Count("taken", filter=Q(taken__status__in=["booked", "attended", "missed"]))
    sessions = (
        LearningSession.objects.visible_to(user)
        .filter(shown, item=item)
        .annotate(number_taken=taken)
        .order_by("-starts_at", "-pk")[:SESSIONS_SHOWN]
    )
    rows = [_shown(session, places.get(session.pk), now) for session in reversed(sessions)]
    return render(
        request,
        "partners/learning/item.html",
        {
            "title": item.title,
            "item": item,
            "back_url": reverse("partners:learning"),
            "roles": [role.name for role in item.roles.all()],
            "ahead": [row for row in rows if row.session.ends_at > now],
            "past": [row for row in rows if row.session.ends_at <= now],
        },
    )


@require_POST
@audience(Role.PARTNER)
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a place, or join the waiting list."""
    session = _session(request, pk)
    partner, user = own_partner(request), signed_in(request)
    place = saved_or_told(
        request,
        lambda: services.book(session=session, partner=partner, by=user, now=timezone.now()),
    )
    if place:
        when = services.when(session)
        if place.status == LearningPlace.Status.BOOKED:
            messages.success(request, f"You are down for “{session.item.title}” on {when}.")
        else:
            messages.success(
                request,
                f"You are on the waiting list for {when}. "
                "If a place comes free it is yours, and we tell you.",
            )
    return redirect("partners:learning_item", session.item_id)


@require_POST
@audience(Role.PARTNER)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's place back, so that somebody else can come."""
    session = _session(request, pk)
    place = get_object_or_404(_own_places(request), session=session)
    done = saved_or_told(
        request,
        lambda: services.give_back(place=place, by=signed_in(request), now=timezone.now()),
    )
    if done:
        messages.success(request, "Thank you for telling us. Your place is free for somebody else.")
    return redirect("partners:learning_item", session.item_id)


@get_or_post
@audience(Role.PARTNER)
def did_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one learnt it alone."""
    item = _item(request, pk)
    partner = own_partner(request)
    form = DidItForm(request.POST or None, initial={"minutes": item.minutes})
    back = reverse("partners:learning_item", args=[item.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Any:
            return services.did_it(
                item=item,
                partner=partner,
                by=signed_in(request),
                now=timezone.now(),
                **form.cleaned_data,
            )

        row = saved(form, save)
        if row:
            return redirect("partners:added", row.pk)
    return form_page(request, form, f"You have done “{item.title}”", back)


@get_or_post
@audience(Role.PARTNER)
def reflect_on_learning(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own words about a session one had a place in."""
    place = get_object_or_404(_own_places(request).select_related("session__item"), pk=pk)
    if not rules.may_reflect_on_place(request.user, place):
        raise PermissionDenied
    form = PlaceReflectionForm(request.POST or None, initial={"reflection": place.reflection})
    item = place.session.item
    back = reverse("partners:learning_item", args=[item.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> LearningPlace:
            return services.reflect_on_place(
                place=place,
                text=form.cleaned_data["reflection"],
                by=signed_in(request),
                now=timezone.now(),
            )

        if saved(form, save):
            messages.success(request, "Your words are kept. Only you can see them.")
            return redirect(back)
    return form_page(request, form, item.title, back)


def _item(request: HttpRequest, pk: int) -> LearningItem:
    """Something of one's own programme; what is retired stays readable by its address."""
    items = LearningItem.objects.visible_to(signed_in(request))
    item: LearningItem = get_object_or_404(
        items.filter(programme=own_partner(request).programme_id), pk=pk
    )
    return item


def _session(request: HttpRequest, pk: int) -> LearningSession:
    sessions = LearningSession.objects.visible_to(signed_in(request)).select_related("item")
    session: LearningSession = get_object_or_404(
        sessions.filter(item__programme=own_partner(request).programme_id), pk=pk
    )
    return session


def _own_places(request: HttpRequest) -> Any:
    own = LearningPlace.objects.visible_to(signed_in(request)).select_related("partner")
    return own.filter(partner=own_partner(request))


def _shown(session: Any, place: LearningPlace | None, now: Any) -> SessionShown:
    return SessionShown(
        session=session,
        when=services.when(session),
        place=place,
        free=max(0, session.places - session.number_taken),
        is_ahead=rules.is_ahead(session, now),
        holds_place=place is not None and rules.holds_place(place),
    )
