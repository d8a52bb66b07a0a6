"""How partners are supported: stages with their checklists, talks, and who is on the way in."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, number_in
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.support import CheckInForm, MoveForm
from partners.models import CheckIn, Partner, StageStep, StageStepDone
from partners.rules import support as rules
from partners.services import support, support_check_ins
from partners.services.support import SupportError
from workflow.transitions import IllegalMoveError

TALKS_SHOWN = 20
PER_PAGE = 50


class SupportPages(CoordinatorsAdmin):
    """The pages of a partner's support, beside the register's own."""

    def get_urls(self) -> list[URLPattern]:
        name = "partners_partner_{}".format
        own = [
            path("arriving/", self.page(self.arriving), name=name("arriving")),
            path("talks/", self.page(self.talks), name=name("talks")),
            path("<int:pk>/support/", self.page(self.support), name=name("support")),
            path("<int:pk>/support/step/", self.page(self.step), name=name("step")),
            path("<int:pk>/support/talk/", self.page(self.check_in), name=name("check_in")),
        ]
        return own + super().get_urls()

    def support(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where somebody is: the stage and its checklist, the talks, and how they came here."""
        partner = self.found(request, pk)
        if not rules.may_support(request.user, partner):
            raise PermissionDenied
        form = MoveForm(request.POST if request.method == "POST" else None, partner=partner)
        if form.is_valid():
            to = form.cleaned_data["to"]
            try:
                support.move(
                    partner=partner,
                    to=to,
                    by=request.user,
                    now=timezone.now(),
                    why=form.cleaned_data["why"],
                )
            except IllegalMoveError as error:
                form.add_error("to", str(error))
            except SupportError as error:
                form.add_error(error.field or None, str(error))
            else:
                stage = partner.get_status_display()
                messages.success(request, f"{partner.name} is at the stage “{stage}” now.")
                return redirect("admin:partners_partner_support", partner.pk)
        return render(
            request,
            "admin/partners/partner/support.html",
            self.context(
                request,
                title=f"How it goes for {partner.name}",
                partner=partner,
                form=form,
                steps=_checklist(request, partner),
                talks=_talks(request, partner),
                events=_events(partner),
            ),
        )

    def step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tick a line of the checklist, or take the tick away."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        partner = self.found(request, pk)
        if not rules.may_support(request.user, partner):
            raise PermissionDenied
        steps = StageStep.objects.visible_to(request.user).filter(programme=partner.programme_id)
        line = steps.filter(pk=number_in(request.POST.get("step"))).first()
        if line is None:
            messages.warning(request, "Choose a line of the checklist.")
            return redirect("admin:partners_partner_support", partner.pk)
        do = support.untick_step if request.POST.get("undo") else support.tick_step
        try:
            do(partner=partner, step=line, by=request.user, now=timezone.now())
        except SupportError as error:
            messages.warning(request, str(error))
        return redirect(f"{reverse('admin:partners_partner_support', args=[partner.pk])}#checklist")

    def check_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down a talk."""
        partner = self.found(request, pk)
        if not rules.may_support(request.user, partner):
            raise PermissionDenied
        form = CheckInForm(
            request.POST if request.method == "POST" else None,
            initial={"happened_on": timezone.localdate()},
        )
        if form.is_valid():
            try:
                support_check_ins.write_check_in(
                    partner=partner, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except SupportError as error:
                form.add_error(error.field or None, str(error))
            else:
                messages.success(request, "It is written down.")
                return redirect("admin:partners_partner_support", partner.pk)
        return render(
            request,
            "admin/partners/partner/check_in.html",
            self.context(request, title=f"A talk with {partner.name}", partner=partner, form=form),
        )

    def arriving(self, request: HttpRequest) -> HttpResponse:
        """Who is on the way in, and since when they are where they are; the longest first."""
        now = timezone.now()
        rows = self.get_queryset(request).arriving().with_stage_since()
        page = page_of(request, rows.order_by("stage_since", "pk"), PER_PAGE)
        return render(
            request,
            "admin/partners/partner/arriving.html",
            self.context(
                request,
                title="On their way in",
                page=page,
                rows=[(partner, _days(partner.stage_since, now)) for partner in page],
            ),
        )

    def talks(self, request: HttpRequest) -> HttpResponse:
        """Whom to talk with: the day that was agreed has come; the longest ago first."""
        page = page_of(
            request, _due(self.get_queryset(request)).order_by("talk_due_on", "pk"), PER_PAGE
        )
        return render(
            request,
            "admin/partners/partner/talks.html",
            self.context(request, title="Talks that are due", page=page),
        )


def _checklist(request: HttpRequest, partner: Partner) -> list[tuple[StageStep, Any]]:
    """The lines of the partner's stage, each with who did it and when, if somebody did."""
    asked = StageStep.objects.visible_to(request.user).asked_on(timezone.localdate())
    lines = asked.filter(programme=partner.programme_id, stage=partner.status)
    ticks = StageStepDone.objects.visible_to(request.user).filter(partner=partner)
    done = {tick.step_id: tick for tick in ticks.select_related("done_by")}
    return [(line, done.get(line.pk)) for line in lines.order_by("position", "pk")]


def _talks(request: HttpRequest, partner: Partner) -> list[tuple[CheckIn, str]]:
    """The latest talks, each with what its author wrote for herself where she herself asks."""
    rows = CheckIn.objects.visible_to(request.user).filter(partner=partner)
    latest = list(rows.select_related("author")[:TALKS_SHOWN])
    return [
        (talk, talk.private if rules.may_read_private(request.user, talk) else "")
        for talk in latest
    ]


def _events(partner: Partner) -> list[Event]:
    labels = dict(Partner.Status.choices)
    lines = partner.history.select_related("by").order_by("-at", "-pk")
    return [
        Event(
            f"{line.by.name if line.by else 'The portal'} "
            + (
                f"moved {partner.called} from “{labels[line.from_status]}” to "
                f"“{labels[line.to_status]}”"
                if line.from_status
                else f"put {partner.called} on the register, at “{labels[line.to_status]}”"
            ),
            line.at,
            line.why,
        )
        for line in lines
    ]


def _days(since: datetime | None, now: datetime) -> int | None:
    return (timezone.localdate(now) - timezone.localdate(since)).days if since else None


def _due(partners: QuerySet[Any], today: date | None = None) -> QuerySet[Any]:
    """Partners with whom a talk was agreed for a day that has come."""
    due: QuerySet[Any] = partners.with_talk_due(today or timezone.localdate())
    return due.with_talks()


# --- Checklists ----------------------------------------------------------------------------------


class StageStepForm(forms.ModelForm):
    """A line of a checklist."""

    class Meta:
        model = StageStep
        fields = ("programme", "stage", "text", "position", "retired_on")
        labels = {"position": "Place in the list", "retired_on": "Not asked any more from"}
        help_texts = {"retired_on": "Ticks that were given stay in the history."}
        error_messages = {"text": {"required": "Say what is to be done."}}


@admin.register(StageStep)
class StageStepAdmin(CoordinatorsAdmin):
    """The checklists of the stages."""

    form = StageStepForm
    list_display = ("text", "stage", "position", "retired_on")
    list_filter = ("stage",)
    ordering = ("stage", "position", "pk")

    def may_add(self, user: Any) -> bool:
        return True

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or obj.programme_id in programmes_of(user, Role.COORDINATOR)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("programme",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            mine = coordinated(request.user)
            kwargs["queryset"] = Programme.objects.visible_to(request.user).filter(
                pk__in=[programme.pk for programme in mine]
            )
            kwargs["initial"] = mine[0] if mine else None
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        said, now = form.cleaned_data, timezone.now()
        try:
            if change:
                facts = {name: said[name] for name in form.changed_data if name != "programme"}
                support.change_stage_step(step=obj, by=request.user, now=now, **facts)
                return
            added = support.add_stage_step(
                programme=said["programme"],
                stage=said["stage"],
                text=said["text"],
                position=said["position"],
                by=request.user,
                now=now,
            )
            obj.pk = added.pk
        except SupportError as error:  # somebody was quicker than the form's own check
            messages.error(request, str(error))


# --- What waits ----------------------------------------------------------------------------------


@admin.site.waits
def people_on_their_way_in(user: Any) -> list[Waits]:
    """Enquiries, conversations, checks and inductions, and how long the longest has waited."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    rows = Partner.objects.visible_to(user).filter(programme__in=mine).arriving()
    return [
        Waits(
            rows=rows.with_stage_since(),
            one="person on the way in",
            many="people on their way in",
            url=reverse("admin:partners_partner_arriving"),
            sentence="Somebody has been at the same stage for {days}.",
            since="stage_since",
        )
    ]


@admin.site.waits
def talks_due(user: Any) -> list[Waits]:
    """Talks that were agreed for a day that has come."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    return [
        Waits(
            rows=_due(Partner.objects.visible_to(user).filter(programme__in=mine)),
            one="talk is due",
            many="talks are due",
            url=reverse("admin:partners_partner_talks"),
            sentence="You agreed to ask how it is going.",
        )
    ]
