"""Contributions that wait to be confirmed, and the ledger behind them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from nhsuk.components import Event
from nhsuk.templatetags.nhsuk import minutes
from partners import rules
from partners.admin.scope import CoordinatorsAdmin
from partners.forms.portfolio import WithdrawForm
from partners.models import Contribution, PortfolioEntry
from partners.services import ledger
from partners.services.ledger import LedgerError

CONFIRMED_AT_ONCE = 100


@admin.register(Contribution)
class ContributionAdmin(CoordinatorsAdmin):
    """The ledger; of what partners tell about their work, what they share with coordinators."""

    list_display = ("happened_on", "partner", "kind", "listed_title", "time", "status")
    list_display_links = ("listed_title",)
    list_filter = ("status", "kind")
    list_select_related = ("partner",)
    found_with = ("partner", "confirmed_by", "recorded_by")
    search_fields = ("partner__sort_key", "partner__known_as", "title")
    search_help_text = "Search by the partner's name, or by what it was"
    ordering = ("-happened_on", "-pk")
    actions = ("confirm_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("reflection")

    @admin.display(description="what", ordering="title")
    def listed_title(self, contribution: Contribution) -> str:
        return contribution.title

    @admin.display(description="time", ordering="minutes")
    def time(self, contribution: Contribution) -> str:
        return minutes(contribution.minutes)

    @admin.action(description="Confirm the chosen contributions", permissions=["view"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Confirm each through the ledger; what cannot be confirmed is told."""
        confirmed = 0
        # "Select all" may mean the whole ledger: one request confirms what one request can.
        chosen = list(queryset.select_related("partner").order_by("pk")[: CONFIRMED_AT_ONCE + 1])
        for row in chosen[:CONFIRMED_AT_ONCE]:
            try:
                self._confirm(request, row)
            except LedgerError as error:
                day = f"{row.happened_on:%-d %B %Y}"
                messages.warning(request, f"“{row.title}” of {row.partner}, {day}: {error}")
            else:
                confirmed += 1
        if confirmed:
            things = "contribution is" if confirmed == 1 else "contributions are"
            messages.success(request, f"{confirmed} {things} confirmed.")
        if len(chosen) > CONFIRMED_AT_ONCE:
            messages.info(
                request, f"These were the first {CONFIRMED_AT_ONCE}. Choose the others again."
            )

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = ()
    ) -> list[tuple[str, str]]:
        """There is one thing to do: it needs no choosing."""
        choices: list[tuple[str, str]] = super().get_action_choices(request, [])
        return choices

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        waiting = request.GET.get("status__exact") == Contribution.Status.RECORDED
        title = "Contributions to confirm" if waiting else "Contributions"
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "title": title}
        )
        return answer

    def get_urls(self) -> list[URLPattern]:
        name = "partners_contribution_{}".format
        own = [
            path("<int:pk>/confirm/", self.page(self.confirm), name=name("confirm")),
            path("<int:pk>/withdraw/", self.page(self.withdraw), name=name("withdraw")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: Contribution) -> HttpResponse:
        """One contribution: the facts, what became of it, and what can be done."""
        history = row.history.select_related("by").order_by("-at", "-pk")
        shared = PortfolioEntry.objects.visible_to(request.user).exclude(visibility="only_me")
        entry = shared.filter(contribution=row).first()
        return render(
            request,
            "admin/partners/contribution/page.html",
            self.context(
                request,
                title=row.title,
                contribution=row,
                entry=entry,
                evidence=entry.evidence.select_related("file") if entry else [],
                thanks=row.thank_yous.filter(shown_at__isnull=False) if entry else [],
                is_own=rules.is_own(request.user, row),
                may_confirm=rules.may_confirm(request.user, row),
                may_withdraw=rules.may_withdraw(request.user, row),
                events=[_event(line) for line in history],
            ),
        )

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.found(request, pk)
        try:
            self._confirm(request, row)
        except LedgerError as error:
            messages.warning(request, str(error))
            return redirect("admin:partners_contribution_change", row.pk)
        messages.success(request, f"“{row.title}” of {row.partner} is confirmed.")
        return redirect(_waiting_url())

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it off the ledger, with a reason that the partner reads."""
        row = self.found(request, pk)
        if not rules.may_withdraw(request.user, row):
            raise PermissionDenied
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        form.fields["why"].help_text = f"{row.partner} reads this."
        form.fields["why"].label = "Why is it withdrawn?"
        if form.is_valid():
            try:
                ledger.withdraw(
                    contribution=row,
                    by=request.user,
                    now=timezone.now(),
                    why=form.cleaned_data["why"],
                )
            except LedgerError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"“{row.title}” of {row.partner} is withdrawn.")
                return redirect("admin:partners_contribution_change", row.pk)
        return render(
            request,
            "admin/partners/contribution/withdraw.html",
            self.context(request, title=f"Withdraw “{row.title}”", contribution=row, form=form),
        )

    def _confirm(self, request: HttpRequest, row: Contribution) -> None:
        if not coordinates(request.user, row.programme_id):
            raise PermissionDenied
        ledger.confirm(contribution=row, by=request.user, now=timezone.now())


@admin.site.waits
def contributions_to_confirm(user: Any) -> list[Waits]:
    """Work that waits for somebody else than the partner to confirm it."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    waiting = Contribution.objects.filter(programme__in=mine).to_confirm()
    return [
        Waits(
            rows=waiting.exclude(partner__user=user),
            one="contribution to confirm",
            many="contributions to confirm",
            url=_waiting_url(),
            sentence="Partners can claim their work once you have confirmed it.",
        )
    ]


def _waiting_url() -> str:
    return f"{reverse('admin:partners_contribution_changelist')}?status__exact=recorded"


_SAID = {
    ("", "recorded"): "recorded this",
    ("recorded", "recorded"): "changed this",
    ("recorded", "confirmed"): "confirmed this",
    ("recorded", "withdrawn"): "withdrew this",
    ("confirmed", "withdrawn"): "withdrew this",
}


def _event(line: Any) -> Event:
    verb = _SAID.get((line.from_status, line.to_status))
    if verb is None:
        return Event(line.why, line.at)
    return Event(f"{line.by.name if line.by else 'The portal'} {verb}", line.at, line.why)
