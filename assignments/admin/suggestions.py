"""Whom to ask about an opportunity, and what counts in a programme's suggestions."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin.asking import AskingAdmin, posted
from assignments.forms.suggestions import WeightsForm
from assignments.models import Opportunity, SuggestionWeights
from assignments.rules import offers as offer_rules
from assignments.rules import suggestions as rules
from assignments.services import suggestions
from nhsuk.pages import CAP, page_of

PER_PAGE = 25


@admin.register(SuggestionWeights)
class SuggestionWeightsAdmin(AskingAdmin):
    """What counts in the suggestions of one's programmes, where it was said."""

    list_display = ("programme", *rules.REASONS)
    list_select_related = ("programme",)
    found_with = ("programme",)
    ordering = ("programme__name",)
    starts = (
        (
            "Say what counts when partners are suggested",
            "admin:assignments_suggestionweights_weigh",
        ),
    )

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_weigh(user, obj.programme_id)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "of-programme/", self.page(self.weigh), name="assignments_suggestionweights_weigh"
            ),
            path(
                "for/<int:pk>/",
                self.page(self.suggestions),
                name="assignments_opportunity_suggestions",
            ),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: SuggestionWeights) -> HttpResponse:
        """What counts in one programme, to be changed."""
        return self._weigh(request, row.programme)

    def weigh(self, request: HttpRequest) -> HttpResponse:
        """What counts in the programme that one coordinates, or that the address names."""
        mine = {
            grant.programme_id: grant.programme
            for grant in request.user.grants  # type: ignore[union-attr]
            if grant.role == Role.COORDINATOR
        }
        chosen = number_in(request.GET.get("programme"))
        return self._weigh(request, mine.get(chosen) or next(iter(mine.values())))

    def _weigh(self, request: HttpRequest, programme: Any) -> HttpResponse:
        if not rules.may_weigh(request.user, programme.pk):
            raise PermissionDenied
        weights = SuggestionWeights.objects.visible_to(request.user)
        kept = weights.filter(programme=programme).first()
        form = WeightsForm(posted(request), initial=rules.weights_of(kept))

        def do() -> tuple[str, str]:
            suggestions.set_weights(
                programme=programme, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "Saved. The next suggestions reckon with it.", reverse("admin:index")

        return self.ask(
            request,
            form,
            do,
            title=f"What counts in the suggestions of {programme.name}",
            crumbs=[],
            text="How much should each of these count? Partners with more of what counts stand "
            "first; between two alike, who has waited longer.",
        )

    def suggestions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Partners to ask about an opportunity, each with what speaks for them."""
        mine = programmes_of(request.user, Role.COORDINATOR)
        rows = Opportunity.objects.visible_to(request.user).filter(programme__in=mine)
        piece = get_object_or_404(
            rows.select_related("programme__suggestion_weights", "work_group", "request", "role"),
            pk=pk,
        )
        if not rules.may_see_suggestions(request.user, piece):
            raise PermissionDenied
        today = timezone.localdate()
        found = suggestions.suggest(piece, today)
        number = number_in(request.GET.get("page")) or 1
        if number <= CAP // PER_PAGE:
            found.fetch((number - 1) * PER_PAGE, PER_PAGE)
        return self.show(
            request,
            "suggestions",
            title=f"Whom could you ask: {piece.title}",
            opportunity=piece,
            page=page_of(request, found, PER_PAGE),
            may_be_joined=offer_rules.may_be_joined(piece, today),
        )
