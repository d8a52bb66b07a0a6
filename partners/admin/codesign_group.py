"""The check and challenge group: who is in it, and deciding on its advice."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column
from accounts.models import Role, User
from accounts.querysets import programmes_of
from nhsuk.forms import NhsukForm
from nhsuk.templatetags.nhsuk import moment
from partners.admin.codesign import CodesignAdmin, proposal_crumbs, proposal_url
from partners.admin.scope import coordinated
from partners.forms.codesign_admin import ChallengerForm, DecisionForm, EndChallengerForm
from partners.models import Advice, Challenger
from partners.rules import codesign as rules
from partners.services import codesign_group


@admin.register(Advice)
class AdviceAdmin(CodesignAdmin):
    """What the group says of proposals, and what was decided."""

    programme_path = "proposal__round__programme"
    list_display = ("proposal", column("given_at", "given", moment), "decided")
    list_filter = ("decision",)
    list_select_related = ("proposal",)
    found_with = ("proposal__round", "given_by", "decided_by")
    ordering = ("-given_at", "-pk")

    @admin.display(description="decision", ordering="decision")
    def decided(self, advice: Advice) -> str:
        return advice.get_decision_display() or "To be decided"

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/decide/", self.page(self.decide), name="partners_advice_decide")]
        return own + super().get_urls()

    def record(self, request: HttpRequest, advice: Advice) -> HttpResponse:
        """One piece of advice, and what was decided on it."""
        return render(
            request,
            "admin/partners/advice/page.html",
            self.context(
                request,
                title=str(advice),
                advice=advice,
                crumbs=proposal_crumbs(advice.proposal),
                is_own=advice.given_by_id == request.user.pk,
                may_decide=rules.may_decide(request.user, advice),
            ),
        )

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record what was decided, and why."""
        advice: Advice = self.found(request, pk)
        if not rules.may_decide(request.user, advice):
            raise PermissionDenied

        def save(form: NhsukForm) -> str:
            codesign_group.decide(
                advice=advice, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "The decision is there for everybody who takes part."

        return self.ask(
            request,
            DecisionForm(request.POST if request.method == "POST" else None),
            save,
            title=f"Decide: advice on “{advice.proposal.title}”",
            done=lambda: proposal_url(advice.proposal_id),
            crumbs=proposal_crumbs(advice.proposal),
            quoted=advice.text,
        )


@admin.register(Challenger)
class ChallengerAdmin(CodesignAdmin):
    """Who checks and challenges."""

    list_display = (
        column("user", "who"),
        column("starts_on", "from", moment),
        column("ends_on", "to", moment),
    )
    list_select_related = ("user",)
    found_with = ("user", "programme")
    search_fields = ("user__name",)
    search_help_text = "Search by name"

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/end/", self.page(self.end), name="partners_challenger_end")]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Name somebody."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        programmes = coordinated(request.user)
        form = ChallengerForm(
            request.POST if request.method == "POST" else None,
            programmes=programmes,
            people=User.objects.visible_to(request.user),
            initial={"starts_on": timezone.localdate()},
        )

        def save(form: NhsukForm) -> str:
            facts = dict(form.cleaned_data)
            programme = facts.pop("programme", programmes[0])
            place = codesign_group.name_challenger(
                programme=programme, by=request.user, now=timezone.now(), **facts
            )
            return f"{place.user.name} is in the check and challenge group."

        return self.ask(
            request,
            form,
            save,
            title="Name somebody for the check and challenge group",
            done=_group_url,
            crumbs=[("Check and challenge group", _group_url())],
        )

    def record(self, request: HttpRequest, challenger: Challenger) -> HttpResponse:
        """Somebody's place in the group."""
        return render(
            request,
            "admin/partners/challenger/page.html",
            self.context(
                request,
                title=challenger.user.name,
                challenger=challenger,
                crumbs=[("Check and challenge group", _group_url())],
            ),
        )

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a place."""
        challenger: Challenger = self.found(request, pk)

        def save(form: NhsukForm) -> str:
            codesign_group.end_challenger(
                challenger=challenger, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return f"The place of {challenger.user.name} ends."

        return self.ask(
            request,
            EndChallengerForm(
                request.POST if request.method == "POST" else None,
                initial={"ends_on": challenger.ends_on or timezone.localdate()},
            ),
            save,
            title=f"End the place of {challenger.user.name}",
            done=_group_url,
            crumbs=[("Check and challenge group", _group_url())],
        )


def _group_url() -> str:
    return reverse("admin:partners_challenger_changelist")


@admin.site.waits
def advice_to_decide_on(user: Any) -> list[Waits]:
    """Advice of others that nobody has decided on."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    waiting = Advice.objects.visible_to(user).filter(proposal__round__programme__in=mine)
    return [
        Waits(
            rows=waiting.undecided().exclude(given_by=user),
            one="piece of advice to decide on",
            many="pieces of advice to decide on",
            url=f"{reverse('admin:partners_advice_changelist')}?decision__exact=",
            sentence="The check and challenge group waits for a decision and its reason.",
        )
    ]
