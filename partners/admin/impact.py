"""What partners raised: written down, brought to who is to answer, and followed to the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column, number_in
from accounts.current import current_programme
from accounts.models import Programme, Role, RoleGrant, User
from accounts.querysets import programmes_of
from nhsuk.forms import NhsukForm
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.impact import (
    CheckForm,
    DecideForm,
    HearForm,
    ImpactForm,
    MakeForm,
    PassOnForm,
    PlanForm,
)
from partners.models import Contribution, Impact, Partner
from partners.rules import impact as rules
from partners.services import impact as services
from partners.services.impact import ImpactError
from partners.services.impact_words import events_of
from partners.services.register import named
from workflow.transitions import IllegalMoveError

WORK_SHOWN = 20
_Status = Impact.Status


@dataclass(frozen=True)
class Step:
    """One thing that may become of something raised: its page and its service."""

    name: str
    button: str
    title: str
    leads_to: frozenset[str]
    form: type[NhsukForm]
    do: Callable[..., Impact]
    said: str
    comes_from: frozenset[str] = frozenset(Impact.Status.values)


STEPS = (
    Step(
        "hear",
        "Name who is to answer",
        "Who heard it?",
        frozenset({_Status.HEARD}),
        HearForm,
        services.hear,
        "It is with {impact.owner_name} now.",
        frozenset({_Status.RAISED, _Status.DECLINED}),
    ),
    Step(
        "decide",
        "Write down the answer",
        "The answer",
        services.DECISIONS,
        DecideForm,
        services.decide,
        "The answer is kept, and the partners who raised it have been told.",
    ),
    Step(
        "hand-over",
        "Name somebody else to answer",
        "Who answers instead?",
        frozenset({_Status.HEARD}),
        PassOnForm,
        services.hand_over,
        "It is with {impact.owner_name} now.",
        frozenset({_Status.HEARD}),
    ),
    Step(
        "plan",
        "Say when the change is planned",
        "The change is planned",
        frozenset({_Status.PLANNED}),
        PlanForm,
        services.plan,
        "The change is planned for {impact.planned_for:%-d %B %Y}.",
    ),
    Step(
        "make",
        "Say that the change is made",
        "The change is made",
        frozenset({_Status.MADE}),
        MakeForm,
        services.make,
        "The partners who raised it have been told what changed.",
    ),
    Step(
        "check",
        "Look at it again",
        "Looked at again",
        frozenset({_Status.CHECKED}),
        CheckForm,
        services.check,
        "It is written down how the change stands.",
    ),
)


@admin.register(Impact)
class ImpactAdmin(CoordinatorsAdmin):
    """The ledger of what was raised and what became of it."""

    starts = (("Write down what a partner raised", "admin:partners_impact_add"),)
    list_display = (
        "title",
        "category",
        "status",
        column("owner_name", "who is to answer"),
        column("heard_on", "heard"),
        "without_answer",
    )
    list_filter = ("status", "category", "is_ask")
    search_fields = ("title", "owner_name")
    search_help_text = "Search by what it is about, or who is to answer"
    found_with = ("programme", "owner", "recorded_by")

    def may_add(self, user: Any) -> bool:
        return True

    @admin.display(description="days without an answer")
    def without_answer(self, impact: Impact) -> str:
        if impact.status != _Status.HEARD or impact.heard_on is None:
            return ""
        return str((timezone.localdate() - impact.heard_on).days)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What has no answer stands with the oldest first."""
        return ("heard_on", "pk") if _is_waiting(request) else ("-raised_on", "-pk")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = "Heard, no answer yet" if _is_waiting(request) else "What partners raised"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        name = "partners_impact_{}".format
        own = [
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/step/<slug:step>/", self.page(self.step), name=name("step")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, impact: Impact) -> HttpResponse:
        """One thing raised: the facts, the work it came from, and what may come next."""
        work = Contribution.objects.visible_to(request.user).filter(impacts=impact)
        return render(
            request,
            "admin/partners/impact/page.html",
            self.context(
                request,
                title=impact.title,
                impact=impact,
                work=work.select_related("partner").defer("reflection"),
                steps=[step for step in STEPS if _may(request.user, impact, step)],
                events=events_of(impact, request.user, with_notes=True),
            ),
        )

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Write down something raised; `?contribution=` begins from a piece of work."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        work, chosen, programme = self._work(request)
        form = ImpactForm(
            request.POST if request.method == "POST" else None,
            work=work,
            initial={
                "raised_on": chosen.happened_on if chosen else None,
                "contributions": [chosen.pk] if chosen else [],
            },
        )
        if form.is_valid():
            try:
                made = services.record(
                    programme=programme, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except ImpactError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, "It is written down. Who is to answer?")
                return redirect("admin:partners_impact_change", made.pk)
        return self._form(
            request, form, "Write down what a partner raised", asked=request.GET.get("q", "")
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Correct what was raised, the work it came from, and what the public page says."""
        impact = self.found(request, pk)
        work, _, _ = self._work(request, impact)
        linked = list(impact.contributions.values_list("pk", flat=True))
        names = ("title", "raised", "category", "is_ask", "raised_on", "public_text")
        form = ImpactForm(
            request.POST if request.method == "POST" else None,
            work=work,
            initial={**{name: getattr(impact, name) for name in names}, "contributions": linked},
        )
        if form.is_valid():
            try:
                services.amend(
                    impact=impact, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except ImpactError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, "Saved.")
                return redirect("admin:partners_impact_change", impact.pk)
        return self._form(
            request, form, f"Change “{impact.title}”", impact, asked=request.GET.get("q", "")
        )

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """What became of it: one page for each thing that may."""
        impact = self.found(request, pk)
        chosen = next((one for one in STEPS if one.name == step), None)
        if chosen is None:
            raise Http404
        may = _may(request.user, impact, chosen)
        stands = f"This is “{impact.get_status_display().lower()}” now: look at what may come next."
        if request.method != "POST" and not may:
            messages.warning(request, stands)
            return redirect("admin:partners_impact_change", impact.pk)
        form = self._step_form(request, impact, chosen)
        if request.method == "POST" and not may:
            # What was typed stays to be copied.
            form.add_error(None, stands)
        elif form.is_valid():
            try:
                chosen.do(impact=impact, by=request.user, now=timezone.now(), **form.cleaned_data)
            except IllegalMoveError as error:
                form.add_error(None, str(error))
            except ImpactError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, chosen.said.format(impact=impact))
                return redirect("admin:partners_impact_change", impact.pk)
        return self._form(request, form, chosen.title, impact)

    @staticmethod
    def _step_form(request: HttpRequest, impact: Impact, step: Step) -> NhsukForm:
        options: dict[str, Any] = {"initial": {"public_text": impact.public_text}}
        if issubclass(step.form, HearForm):
            held = RoleGrant.objects.visible_to(request.user).current()
            staff = held.filter(programme=impact.programme_id).exclude(role=Role.PARTNER)
            options["people"] = User.objects.visible_to(request.user).filter(
                pk__in=staff.values("user"), is_active=True
            )
            options["initial"] = {"heard_on": timezone.localdate(), "owner": impact.owner_id}
        elif step.form is DecideForm:
            options["impact"] = impact
        return step.form(request.POST if request.method == "POST" else None, **options)

    def _work(
        self, request: HttpRequest, impact: Impact | None = None
    ) -> tuple[QuerySet[Any], Contribution | None, Programme]:
        """What may be linked: what was found, what was begun from, what is linked already."""
        ledger = Contribution.objects.visible_to(request.user).standing()
        mine = coordinated(request.user)
        ledger = ledger.filter(programme__in=[one.pk for one in mine])
        chosen = ledger.filter(pk=number_in(request.GET.get("contribution"))).first()
        open_now = current_programme(request.user, request.session)
        programme = open_now if open_now in mine else mine[0]
        if impact is not None or chosen is not None:
            here = impact.programme_id if impact else chosen.programme_id  # type: ignore[union-attr]
            programme = next(one for one in mine if one.pk == here)
        found = ledger.filter(programme=programme)
        asked = " ".join(request.GET.get("q", "").split())
        if asked:
            known = Partner.objects.visible_to(request.user).filter(named(asked))
            found = found.filter(partner__in=known.values("pk"))
        pks = set(found.order_by("-happened_on", "-pk").values_list("pk", flat=True)[:WORK_SHOWN])
        pks |= {chosen.pk} if chosen else set()
        pks |= set(impact.contributions.values_list("pk", flat=True)) if impact else set()
        shown = ledger.filter(pk__in=pks).select_related("partner").defer("reflection")
        return shown.order_by("-happened_on", "-pk"), chosen, programme

    def _form(
        self,
        request: HttpRequest,
        form: NhsukForm,
        title: str,
        impact: Impact | None = None,
        **context: Any,
    ) -> HttpResponse:
        values = {"title": title, "form": form, "impact": impact, "asked": None, **context}
        return render(request, "admin/partners/impact/form.html", self.context(request, **values))


def _may(user: Any, impact: Impact, step: Step) -> bool:
    follows = any(rules.may_move(user, impact, to) for to in step.leads_to)
    return follows and impact.status in step.comes_from


def _is_waiting(request: HttpRequest) -> bool:
    return request.GET.get("status__exact") == _Status.HEARD


# --- What waits ----------------------------------------------------------------------------------


@admin.site.waits
def raised_and_not_answered(user: Any) -> list[Waits]:
    """What partners raised and nobody is named to answer; what was heard and is not answered."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    rows = Impact.objects.visible_to(user).filter(programme__in=mine)
    there = reverse("admin:partners_impact_changelist")
    return [
        Waits(
            rows=rows.filter(status=_Status.RAISED),
            one="raised by a partner",
            many="raised by partners",
            url=f"{there}?status__exact={_Status.RAISED}",
            sentence="Name somebody to answer. The oldest has waited for {days}.",
            since="raised_on",
        ),
        Waits(
            rows=rows.filter(status=_Status.HEARD),
            one="heard, no answer yet",
            many="heard, no answer yet",
            url=f"{there}?status__exact={_Status.HEARD}",
            sentence="The oldest has waited for {days}.",
            since="heard_on",
        ),
    ]
