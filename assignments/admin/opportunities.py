"""Opportunities: whom they ask, what was answered, and everything that is done to one."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin import offers
from assignments.admin.asking import AskingAdmin, Crumbs, posted
from assignments.admin.base import events_of
from assignments.forms.opportunities import (
    ChooseGroupForm,
    InviteForm,
    OpportunityForm,
    WithdrawForm,
)
from assignments.models import Interest, Invite, Opportunity, WorkGroup
from assignments.rules import requests as rules
from assignments.services import opportunities, pacing
from assignments.services.pieces import facts_of
from nhsuk.pages import page_of
from partners.models import Partner
from partners.services.register import named

ANSWERS_SHOWN = 50
MATCHES_SHOWN = 20
MOST_WORDS = 5


class StateFilter(admin.SimpleListFilter):
    """Open ones, unless asked for others."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("late", "Past the last day to answer"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
            ("all", "All of them"),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Opportunity]:
        if self.value() == "all":
            return queryset
        if self.value() == "late":
            return queryset.past_their_day(timezone.localdate())
        if self.value() in {Opportunity.Status.CLOSED, Opportunity.Status.WITHDRAWN}:
            return queryset.filter(status=self.value())
        return queryset.filter(status=Opportunity.Status.OPEN)


@admin.register(Opportunity)
class OpportunityAdmin(AskingAdmin):
    """What partners are asked to join; open ones first."""

    starts = (("Ask partners to join a group", "admin:assignments_opportunity_add"),)
    list_display = ("title", "work_group", "places", "audience", "closes_on", "state")
    list_filter = (StateFilter, "audience", "work_group__kind")
    list_select_related = ("work_group",)
    found_with = ("programme", "work_group", "role", "request__proposed_by")
    search_fields = ("title", "work_group__name")
    search_help_text = "Search by what it is, or the group’s name"

    @admin.display(description="state", ordering="status")
    def state(self, row: Opportunity) -> str:
        if row.status == Opportunity.Status.OPEN and not rules.is_open(row, timezone.localdate()):
            return "Past its last day"
        return str(row.get_status_display())

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.page(getattr(self, name)),
                name=f"assignments_opportunity_{name}",
            )
            for name in ("edit", "close", "reopen", "withdraw", "invite")
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask partners to join a group, without a request: choose the group, then say what."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        mine = programmes_of(request.user, Role.COORDINATOR)
        groups = (
            WorkGroup.objects.visible_to(request.user)
            .filter(programme__in=mine)
            .select_related("programme")
        )
        group = groups.filter(pk=number_in(request.GET.get("work_group"))).first()
        if group is None:
            return self.show(
                request,
                "choose_group",
                title="Ask partners to join a group",
                form=ChooseGroupForm(groups=groups),
                crumbs=[],
            )
        form = OpportunityForm(
            posted(request),
            programme=group.programme_id,
            initial={
                "why": group.purpose,
                "influence": group.influence,
                "place": group.place,
                "starts_on": group.starts_on,
                "ends_on": group.ends_on,
            },
        )

        def do() -> tuple[str, str]:
            made = opportunities.publish(
                work_group=group, by=request.user, now=timezone.now(), **form.facts
            )
            if made.audience == Opportunity.Audience.ALL:
                return "Everybody who takes part is being told.", opportunity_url(made.pk)
            return "Now choose which partners to ask.", opportunity_url(made.pk)

        return self.ask(
            request,
            form,
            do,
            title=f"Ask partners to join {group.called}",
            crumbs=[(group.name, "admin:assignments_workgroup_change", group.pk)],
        )

    def record(self, request: HttpRequest, row: Opportunity) -> HttpResponse:
        """One opportunity: facts, places and offers, answers, who was asked, history."""
        said = Interest.objects.visible_to(request.user).filter(opportunity=row)
        answers = (
            said.select_related("partner").alias(turn=_turn()).order_by("turn", "said_at", "pk")
        )
        unanswered = (
            Invite.objects.visible_to(request.user)
            .filter(opportunity=row)
            .exclude(partner__in=said.values("partner"))
            .select_related("partner")
        )
        page, today = page_of(request, answers, ANSWERS_SHOWN), timezone.localdate()
        loads = pacing.standing_of([answer.partner for answer in page], today)
        return self.show(
            request,
            "opportunity",
            title=row.title,
            opportunity=row,
            proposer=row.request.proposed_by if row.request else None,
            may_look_after=rules.may_look_after(request.user, row),
            is_open=rules.is_open(row, today),
            themes=", ".join(theme.name for theme in row.themes.all()),
            page=page,
            answers=[(answer, loads[answer.partner_id]) for answer in page],
            unanswered=list(unanswered[: ANSWERS_SHOWN + 1]),
            events=events_of(row),
            **offers.panel(request, row),
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what it says, and whom it asks."""
        row = self._to_look_after(request, pk)
        form = OpportunityForm(
            posted(request),
            programme=row.programme_id,
            initial={
                **facts_of(row),
                "role": row.role_id,
                "themes": [theme.pk for theme in row.themes.all()],
                "closes_on": row.closes_on,
                "audience": row.audience,
            },
        )

        def do() -> tuple[str, str]:
            opportunities.change(opportunity=row, by=request.user, now=timezone.now(), **form.facts)
            return "Saved.", opportunity_url(row.pk)

        return self.ask(request, form, do, title=f"Change “{row.title}”", crumbs=crumbs_of(row))

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take no more answers."""
        row = self._to_look_after(request, pk)

        def do() -> str:
            opportunities.close(opportunity=row, by=request.user, now=timezone.now())
            return "This takes no more answers."

        return self.press(request, do, opportunity_url(row.pk))

    def reopen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take answers again."""
        row = self._to_look_after(request, pk)

        def do() -> str:
            opportunities.reopen(opportunity=row, by=request.user, now=timezone.now())
            return "Partners can answer again."

        return self.press(request, do, opportunity_url(row.pk))

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it down, and say why."""
        row = self._to_look_after(request, pk)
        form = WithdrawForm(posted(request))

        def do() -> tuple[str, str]:
            why = form.cleaned_data["why"]
            opportunities.withdraw(opportunity=row, why=why, by=request.user, now=timezone.now())
            return "It is withdrawn. Whoever hoped for it is told.", opportunity_url(row.pk)

        return self.ask(
            request,
            form,
            do,
            title=f"Withdraw “{row.title}”",
            crumbs=crumbs_of(row),
            danger=True,
            text="Partners who said yes or maybe, or wait for a place, are told that it does not "
            "go ahead. Whoever has a place in the group keeps it.",
        )

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask partners in person: search, tick, ask."""
        row = self._to_look_after(request, pk)
        asked = " ".join(request.GET.get("q", "").split())
        here = (
            Partner.objects.visible_to(request.user).filter(programme=row.programme_id).placeable()
        )
        invited = Invite.objects.visible_to(request.user).filter(opportunity=row)
        found = (
            here.filter(named(" ".join(asked.split()[:MOST_WORDS])))
            .exclude(pk__in=invited.values("partner"))
            .order_by("sort_key", "pk")
        )
        matches = list(found[: MATCHES_SHOWN + 1])
        form = InviteForm(posted(request), partners=here, shown=matches[:MATCHES_SHOWN])

        def do() -> tuple[str, str]:
            chosen = list(form.cleaned_data["partners"].select_related("user"))
            number = opportunities.invite(
                opportunity=row, partners=chosen, by=request.user, now=timezone.now()
            )
            people = "1 partner is" if number == 1 else f"{number} partners are"
            return f"{people} being asked.", opportunity_url(row.pk)

        return self.ask(
            request,
            form,
            do,
            title=f"Ask partners about “{row.title}”",
            crumbs=crumbs_of(row),
            template="invite",
            asked=asked,
            has_more=len(matches) > MATCHES_SHOWN,
            matches=matches,
        )

    def _to_look_after(self, request: HttpRequest, pk: int) -> Opportunity:
        row: Opportunity = self.found(request, pk)
        if not rules.may_look_after(request.user, row):
            raise PermissionDenied
        return row


def _turn() -> Case:
    """Yes first, then maybe, then not now."""
    whens = [When(answer=answer, then=n) for n, answer in enumerate(Interest.Answer.values)]
    return Case(*whens, default=len(whens))


def opportunity_url(pk: int) -> str:
    return reverse("admin:assignments_opportunity_change", args=[pk])


def crumbs_of(row: Opportunity) -> Crumbs:
    """The way back from a page about an opportunity."""
    return [(row.title, "admin:assignments_opportunity_change", row.pk)]


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Opportunities whose last day to answer is over."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    found = Opportunity.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=found.past_their_day(timezone.localdate()),
            one="opportunity past its last day",
            many="opportunities past their last day",
            since="closes_on",
            url=f"{reverse('admin:assignments_opportunity_changelist')}?show=late",
            sentence="Offer places to who said yes, or give partners more time.",
        )
    ]
