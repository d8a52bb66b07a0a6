"""Offers: whom a place is offered, taking an offer back, and who waits."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin.asking import AskingAdmin, Crumbs, posted
from assignments.admin.base import events_of
from assignments.forms.offers import OfferPlacesForm, TakeBackForm
from assignments.models import Interest, Offer, Opportunity
from assignments.rules import offers as rules
from assignments.services import offers as services
from assignments.services.waiting_list import answer_by_for, seats_of
from partners.models import Partner

OFFERS_SHOWN = 100
_Status = Offer.Status
# Who has a place first, then who is to answer, then who waits.
_ORDER = (
    _Status.ACCEPTED,
    _Status.STANDING_IN,
    _Status.OFFERED,
    _Status.WAITING,
)


@admin.register(Offer)
class OfferAdmin(AskingAdmin):
    """Whom which place was offered, and what they said. New ones are made for an opportunity."""

    programme_field = "opportunity__programme"
    list_display = (
        "partner",
        "opportunity",
        "status",
        column("answer_by", "answer by"),
        column("queued_at", "in the queue since"),
    )
    list_filter = ("status",)
    list_select_related = ("partner", "opportunity")
    found_with = ("partner", "opportunity__programme", "assignment")
    search_fields = ("partner__name", "opportunity__title")
    search_help_text = "Search by the partner’s name or what it is"
    ordering = ("-queued_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        name = "assignments_offer_{}".format
        own = [
            path("for/<int:pk>/", self.page(self.make), name=name("make")),
            path("<int:pk>/take-back/", self.page(self.take_back), name=name("take_back")),
            path("<int:pk>/now/", self.page(self.offer_now), name=name("now")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, offer: Offer) -> HttpResponse:
        """An offer's page: what was said, when, and what can be done."""
        return self.show(
            request,
            "offer",
            title=f"{offer.partner.name}: {offer.opportunity.title}",
            offer=offer,
            may_take_back=rules.may_take_back(request.user, offer),
            may_offer_now=rules.may_offer_now(request.user, offer)
            and seats_of(offer.opportunity).free > 0,
            events=events_of(offer),
        )

    def make(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer the places of an opportunity to those who would like one."""
        opportunity = get_object_or_404(
            Opportunity.objects.visible_to(request.user).select_related("work_group"), pk=pk
        )
        if not rules.may_offer(request.user, opportunity):
            raise PermissionDenied
        form = OfferPlacesForm(
            posted(request),
            partners=_to_choose(request, opportunity),
            initial={
                "answer_by": answer_by_for(opportunity, timezone.localdate()),
                "partners": _named(request),
            },
        )

        def do() -> tuple[str, str]:
            made = services.offer(
                opportunity=opportunity, by=request.user, now=timezone.now(), **form.facts
            )
            return _what_was_done(made), _page_of(opportunity)

        return self.ask(
            request,
            form,
            do,
            title=f"Offer places: {opportunity.title}",
            crumbs=_crumbs(opportunity),
            template="offer_places",
            seats=seats_of(opportunity),
            anybody=form.fields["partners"].queryset.exists(),
        )

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back an offer, or a turn on the waiting list."""
        offer = self.found(request, pk)
        if not rules.may_take_back(request.user, offer):
            raise PermissionDenied
        form = TakeBackForm(posted(request))

        def do() -> tuple[str, str]:
            why = form.cleaned_data["why"]
            services.take_back(offer=offer, by=request.user, now=timezone.now(), why=why)
            return f"What was offered to {offer.partner.name} is taken back.", _page_of(
                offer.opportunity
            )

        return self.ask(
            request,
            form,
            do,
            title=f"Take back the offer to {offer.partner.name}",
            crumbs=_crumbs(offer.opportunity),
        )

    def offer_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer a place to somebody who waits, before it is their turn."""
        offer = self.found(request, pk)
        if not rules.may_offer_now(request.user, offer):
            raise PermissionDenied

        def do() -> str:
            services.offer_now(offer=offer, by=request.user, now=timezone.now())
            return f"{offer.partner.name} is offered a place."

        there = reverse("admin:assignments_offer_change", args=[offer.pk])
        return self.press(request, do, there)


def panel(request: HttpRequest, opportunity: Opportunity) -> dict[str, Any]:
    """What `admin/assignments/_offers.html` shows on the page of an opportunity."""
    whens = [When(status=status, then=number) for number, status in enumerate(_ORDER)]
    rows = (
        Offer.objects.visible_to(request.user)
        .filter(opportunity=opportunity)
        .select_related("partner")
        .alias(place=Case(*whens, default=len(_ORDER)))
        .order_by("place", "queued_at", "pk")
    )
    return {
        "offers": list(rows[:OFFERS_SHOWN]),
        "seats": seats_of(opportunity),
        "may_be_joined": rules.may_be_joined(opportunity, timezone.localdate()),
    }


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Offers that nobody has answered yet."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    found = Offer.objects.visible_to(user).filter(opportunity__programme__in=mine)
    return [
        Waits(
            rows=found.filter(status=_Status.OFFERED),
            one="offer unanswered",
            many="offers unanswered",
            since="queued_at",
            url=f"{reverse('admin:assignments_offer_changelist')}?status__exact=offered",
            sentence="The oldest was made {days} ago. A call often helps; on the last day to "
            "answer the place goes to who waits.",
        )
    ]


def _to_choose(request: HttpRequest, opportunity: Opportunity) -> Any:
    """Who said yes or maybe, the yes first, and whom the address names; without whom it is open."""
    said = Interest.objects.visible_to(request.user).filter(
        opportunity=opportunity, answer__in=[Interest.Answer.YES, Interest.Answer.MAYBE]
    )
    named = _named(request)
    here = Partner.objects.visible_to(request.user).filter(programme=opportunity.programme_id)
    live = Offer.objects.visible_to(request.user).live().filter(opportunity=opportunity)
    answer = Subquery(said.filter(partner=OuterRef("pk")).values("answer"))
    turn = Case(When(said="yes", then=0), When(said="maybe", then=1), default=2)
    return (
        here.filter(Q(pk__in=said.values("partner")) | Q(pk__in=named))
        .placeable()
        .exclude(pk__in=live.values("partner"))
        .annotate(said=answer)
        .alias(turn=turn)
        .order_by("turn", "sort_key", "pk")
    )


def _named(request: HttpRequest) -> list[int]:
    """Ids of the partners whom the address names: they were ticked on another page."""
    return [number_in(pk) for pk in request.GET.getlist("partner")[:OFFERS_SHOWN]]


def _what_was_done(made: list[Offer]) -> str:
    offered = [one.partner.name for one in made if one.status == _Status.OFFERED]
    waiting_now = [one.partner.name for one in made if one.status == _Status.WAITING]
    said = []
    if offered:
        said.append(f"Offered to {', '.join(offered)}.")
    if waiting_now:
        said.append(f"On the waiting list: {', '.join(waiting_now)}.")
    unreached = [one.partner.name for one in made if not one.partner.email]
    if unreached:
        said.append(f"No e-mail, please ring: {', '.join(unreached)}.")
    return " ".join(said)


def _page_of(opportunity: Opportunity) -> str:
    return reverse("admin:assignments_opportunity_change", args=[opportunity.pk])


def _crumbs(opportunity: Opportunity) -> Crumbs:
    return [(opportunity.title, "admin:assignments_opportunity_change", opportunity.pk)]
