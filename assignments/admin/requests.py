"""Requests for partners: what waits first; publish, or a no with its reason."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin.asking import AskingAdmin, Crumbs, posted
from assignments.admin.base import events_of
from assignments.forms.opportunities import PublishForm
from assignments.forms.requests import RefuseForm
from assignments.models import Opportunity, Request, WorkGroup
from assignments.rules import requests as rules
from assignments.services import create_work_group, opportunities, requests
from assignments.services.pieces import facts_of


class StateFilter(admin.SimpleListFilter):
    """Requests that wait, unless asked for others."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("published", "Partners are being asked"),
            ("done", "Partners are in place"),
            ("ended", "Not this time, or withdrawn"),
            ("all", "All of them"),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Waiting"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Request]:
        if self.value() == "all":
            return queryset
        if self.value() == "ended":
            return queryset.filter(status__in=[Request.Status.REFUSED, Request.Status.WITHDRAWN])
        if self.value() in {Request.Status.PUBLISHED, Request.Status.DONE}:
            return queryset.filter(status=self.value())
        return queryset.waiting()


class WhoseFilter(admin.SimpleListFilter):
    """From staff, or proposed by partners."""

    title = "from"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("staff", "Staff"), ("partner", "A partner")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Request]:
        if self.value() in {"staff", "partner"}:
            return queryset.filter(proposed_by__isnull=self.value() == "staff")
        return queryset


@admin.register(Request)
class RequestAdmin(AskingAdmin):
    """What staff ask for and partners propose; what waits first."""

    list_display = ("title", "asker", "kind", "team", "asked", "state")
    list_filter = (StateFilter, WhoseFilter, "kind")
    list_select_related = ("team", "asked_by", "proposed_by")
    found_with = ("programme", "team", "asked_by", "proposed_by", "opportunity")
    search_fields = ("title", "asked_by__name", "proposed_by__name")
    search_help_text = "Search by what was asked, or who asked"

    @admin.display(description="from")
    def asker(self, row: Request) -> str:
        return row.proposed_by.name if row.proposed_by else row.asked_by.name

    @admin.display(description="asked", ordering="asked_at")
    def asked(self, row: Request) -> str:
        return f"{timezone.localdate(row.asked_at):%-d %B %Y}"

    @admin.display(description="state", ordering="status")
    def state(self, row: Request) -> str:
        return str(row.get_status_display())

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        waiting = not request.GET.get("show")
        return ("asked_at", "pk") if waiting else ("-asked_at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                self.page(getattr(self, name)),
                name=f"assignments_request_{name}",
            )
            for name in ("look_at", "publish", "refuse", "finish")
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: Request) -> HttpResponse:
        """One request: what was asked, where it stands, and what can be done."""
        user = request.user
        return self.show(
            request,
            "request",
            title=row.title,
            asked=row,
            may_look_at=rules.may_look_at(user, row),
            may_publish=rules.may_publish(user, row),
            may_refuse=rules.may_refuse(user, row),
            may_finish=rules.may_finish(user, row),
            events=events_of(row),
        )

    def look_at(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that one has begun to look at it; whoever asked is told."""
        row = self._found(request, pk)

        def do() -> str:
            requests.look_at(request=row, by=request.user, now=timezone.now())
            return "Whoever asked is told that you are looking at it."

        return self.press(request, do, request_url(row.pk))

    def finish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that partners are in place; whoever asked is told."""
        row = self._found(request, pk)

        def do() -> str:
            requests.finish(request=row, by=request.user, now=timezone.now())
            return "Whoever asked is told that partners are in place."

        return self.press(request, do, request_url(row.pk))

    def refuse(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with no, and why."""
        row = self._found(request, pk)
        if not rules.may_refuse(request.user, row):
            raise PermissionDenied
        form = RefuseForm(posted(request))

        def do() -> tuple[str, str]:
            reason = form.cleaned_data["reason"]
            requests.refuse(request=row, reason=reason, by=request.user, now=timezone.now())
            return "Whoever asked is told, and reads your reason.", request_url(row.pk)

        return self.ask(
            request,
            form,
            do,
            title=f"Answer no to “{row.title}”",
            crumbs=crumbs_of(row),
            danger=True,
            text="What was published of it is withdrawn too."
            if row.status == Request.Status.PUBLISHED
            else "",
        )

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sharpen it, and ask partners."""
        row = self._found(request, pk)
        if not rules.may_publish(request.user, row):
            raise PermissionDenied
        audience = Opportunity.Audience.SOME if row.proposed_by_id else Opportunity.Audience.ALL
        form = PublishForm(
            posted(request),
            programme=row.programme_id,
            groups=WorkGroup.objects.visible_to(request.user).filter(programme=row.programme_id),
            initial={
                **facts_of(row),
                "where": "new",
                "name": row.title,
                "kind": row.kind,
                "audience": audience,
            },
        )
        return self.ask(
            request,
            form,
            lambda: _publish(request, row, form),
            title=f"Publish “{row.title}”",
            crumbs=crumbs_of(row),
            text=_hint(row),
        )

    def _found(self, request: HttpRequest, pk: int) -> Request:
        row: Request = self.found(request, pk)
        return row


@transaction.atomic
def _publish(request: HttpRequest, row: Request, form: PublishForm) -> tuple[str, str]:
    now = timezone.now()
    group = form.cleaned_data["work_group"]
    if form.is_new:
        group = create_work_group(
            programme=row.programme,
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            team=row.team,
            purpose=form.cleaned_data["why"],
            lead_name="" if row.proposed_by_id else row.asked_by.name,
            place=form.cleaned_data["place"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            by=request.user,
            now=now,
        )
    made = opportunities.publish(
        work_group=group, request=row, by=request.user, now=now, **form.facts
    )
    there = reverse("admin:assignments_opportunity_change", args=[made.pk])
    if made.audience == Opportunity.Audience.ALL:
        return "Everybody who takes part is being told, and whoever asked.", there
    if row.proposed_by is not None:
        return f"{row.proposed_by.name} is asked first. Now choose the others.", there
    return "Whoever asked is told. Now choose which partners to ask.", there


def _hint(row: Request) -> str:
    if row.proposed_by is None:
        return "Partners read what stands here. Whoever asked keeps their own words too."
    return (
        f"{row.proposed_by.name} proposed this, and is asked first, whoever else you ask. "
        "Offer them a place before others."
    )


def request_url(pk: int) -> str:
    return reverse("admin:assignments_request_change", args=[pk])


def crumbs_of(row: Request) -> Crumbs:
    """The way back from a page about a request."""
    return [(row.title, "admin:assignments_request_change", row.pk)]


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Requests and proposals that nobody has answered."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    found = Request.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=found.waiting(),
            one="request for partners",
            many="requests for partners",
            since="asked_at",
            url=reverse("admin:assignments_request_changelist"),
            sentence="The oldest waits for {days}. Publish it, or say no with a reason.",
        )
    ]
