"""What coordinators and finance do with money: rates, claims that wait, runs and their files."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.access import audience
from accounts.admin_site import ScopedAdmin, WorkItem
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from nhsuk.components import Event
from payments import rules
from payments.forms import QuestionForm
from payments.models import Claim, ClaimLine, PaymentReport, PaymentRun, Rate, ReportFile
from payments.services import claims, pricing, rates, runs
from workflow.transitions import IllegalMoveError

LINES_SHOWN = 200


class _PaymentsAdmin(ScopedAdmin):
    """Seen by coordinators and finance; pages of its own are declared with their audience."""

    ROLES = (Role.COORDINATOR, Role.FINANCE)

    def may_see(self, user: Any) -> bool:
        return bool(programmes_of(user, *self.ROLES))

    def page(self, view: Any, *who: str) -> Any:
        """Wrap a view of this admin: the admin's own check, then the roles it is for."""
        return self.admin_site.admin_view(audience(*(who or self.ROLES))(view))

    def context(self, request: HttpRequest, **values: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}

    def found(self, request: HttpRequest, pk: int) -> Any:
        """The row, or a 404 when it is another programme's."""
        return get_object_or_404(self.get_queryset(request), pk=pk)


# --- Rates ---------------------------------------------------------------------------------------


class RateForm(forms.ModelForm):
    """A rate; of one that stands on a claim only the last day can be set."""

    class Meta:
        model = Rate
        fields = (
            "programme",
            "kind",
            "basis",
            "amount",
            "half_amount",
            "half_day_minutes",
            "starts_on",
            "ends_on",
        )


@admin.register(Rate)
class RateAdmin(_PaymentsAdmin):
    """The programme's rates. A used rate is ended and followed by a new one, never changed."""

    form = RateForm
    list_display = ("kind_of_work", "basis", "amount", "half_amount", "starts_on", "ends_on")
    list_select_related = ("programme",)

    @admin.display(description="for", ordering="kind")
    def kind_of_work(self, rate: Rate) -> str:
        return str(rate.get_kind_display())

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or coordinates(user, obj.programme_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None and ClaimLine.objects.visible_to(request.user).filter(rate=obj).exists():
            return tuple(name for name in RateForm.Meta.fields if name != "ends_on")
        return ("programme",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            kwargs["queryset"] = Programme.objects.visible_to(request.user).filter(
                pk__in=programmes_of(request.user, Role.COORDINATOR)
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        rates.keep_rate(rate=obj, by=request.user, now=timezone.now())


# --- Claims --------------------------------------------------------------------------------------


@admin.register(Claim)
class ClaimAdmin(_PaymentsAdmin):
    """Claims that partners sent: approve, or ask."""

    list_display = ("number", "partner", "total", "status", "submitted_at")
    list_filter = ("status",)
    list_select_related = ("partner",)
    search_fields = ("partner__name", "partner__known_as")
    search_help_text = "Search by the partner's name"
    ordering = ("-submitted_at", "-pk")

    @admin.display(description="claim", ordering="pk")
    def number(self, claim: Claim) -> str:
        return f"Claim {claim.pk}"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/approve/",
                self.page(self.approve, Role.COORDINATOR),
                name="payments_claim_approve",
            ),
            path(
                "<int:pk>/ask/",
                self.page(self.ask, Role.COORDINATOR),
                name="payments_claim_ask",
            ),
        ]
        return own + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The claim's page."""
        if not self.may_see(request.user):
            raise PermissionDenied
        claim = get_object_or_404(
            self.get_queryset(request).select_related("partner", "programme", "approved_by"),
            pk=_number(object_id),
        )
        lines = list(
            ClaimLine.objects.visible_to(request.user)
            .filter(claim=claim)
            .live()
            .select_related("rate", "run")[: LINES_SHOWN + 1]
        )
        return render(
            request,
            "admin/payments/claim/page.html",
            self.context(
                request,
                title=f"Claim {claim.pk}, {claim.partner.name}",
                claim=claim,
                lines=pricing.explained(lines[:LINES_SHOWN]),
                more_lines=len(lines) > LINES_SHOWN,
                approve_text=f"Approve £{claim.total:,.2f}",
                may_decide=rules.may_decide(request.user, claim),
                is_own=rules.is_claimant(request.user, claim),
                events=_events(claim),
            ),
        )

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        claim = self._to_decide(request, pk)
        try:
            claims.approve(claim=claim, by=request.user, now=timezone.now())
        except (claims.ClaimError, IllegalMoveError) as error:
            messages.warning(request, str(error))
            return redirect("admin:payments_claim_change", claim.pk)
        messages.success(
            request, f"Claim {claim.pk} of {claim.partner.name} is approved: £{claim.total:,.2f}."
        )
        return redirect(f"{reverse('admin:payments_claim_changelist')}?status__exact=submitted")

    def ask(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A question to the partner, on a page of its own."""
        claim = self._to_decide(request, pk)
        form = QuestionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                claims.query(
                    claim=claim,
                    question=form.cleaned_data["question"],
                    by=request.user,
                    now=timezone.now(),
                )
            except (claims.ClaimError, IllegalMoveError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Your question went to {claim.partner.name}.")
                return redirect("admin:payments_claim_change", claim.pk)
        return render(
            request,
            "admin/payments/claim/ask.html",
            self.context(
                request,
                title=f"Ask {claim.partner.name} about claim {claim.pk}",
                form=form,
                claim=claim,
            ),
        )

    def _to_decide(self, request: HttpRequest, pk: int) -> Claim:
        claim: Claim = get_object_or_404(
            self.get_queryset(request).select_related("partner", "programme"), pk=pk
        )
        if not coordinates(request.user, claim.programme_id) or rules.is_claimant(
            request.user, claim
        ):
            raise PermissionDenied
        return claim


# --- Runs and reports ----------------------------------------------------------------------------


class MonthForm(forms.Form):
    """Which programme's month."""

    programme = forms.IntegerField()
    month = forms.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$")

    def clean_month(self) -> date:
        year, month = self.cleaned_data["month"].split("-")
        return date(max(int(year), 1), int(month), 1)


@admin.register(PaymentRun)
class PaymentRunAdmin(_PaymentsAdmin):
    """The months: what finance gets, and got."""

    starts = (("Make a month’s report for finance", "admin:payments_paymentrun_changelist"),)
    list_display = ("month_name", "programme", "line_count", "partner_count", "total", "status")
    list_select_related = ("programme",)
    list_filter = ("status",)
    change_list_template = "admin/payments/paymentrun/change_list.html"

    @admin.display(description="month", ordering="month")
    def month_name(self, run: PaymentRun) -> str:
        return str(run)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("report/", self.page(self.make_report), name="payments_paymentrun_report"),
            path("<int:pk>/close/", self.page(self.close), name="payments_paymentrun_close"),
            path("<int:pk>/paid/", self.page(self.paid), name="payments_paymentrun_paid"),
        ]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        due = _due(request.user)
        return super().changelist_view(request, {**(extra_context or {}), "due": due})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The run's page: totals, files, what comes next."""
        if not self.may_see(request.user):
            raise PermissionDenied
        run = get_object_or_404(
            self.get_queryset(request).select_related("programme"), pk=_number(object_id)
        )
        reports = list(
            PaymentReport.objects.visible_to(request.user).filter(
                programme=run.programme, month=run.month
            )[:10]
        )
        return render(
            request,
            "admin/payments/paymentrun/page.html",
            self.context(
                request,
                title=f"Payments of {run}",
                run=run,
                files=_files(request.user, reports),
                working=next((row for row in reports if row.is_under_way), None),
                may_close=rules.may_close(request.user, run),
                may_mark_paid=rules.may_mark_paid(request.user, run),
                events=_events(run),
            ),
        )

    def make_report(self, request: HttpRequest) -> HttpResponse:
        """Ask for a month's files and lead to their progress."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = MonthForm(request.POST)
        if not form.is_valid():
            messages.warning(request, "Choose a month from the list.")
            return redirect("admin:payments_paymentrun_changelist")
        programme = get_object_or_404(
            Programme.objects.visible_to(request.user).filter(
                pk__in=programmes_of(request.user, *self.ROLES)
            ),
            pk=form.cleaned_data["programme"],
        )
        try:
            report = runs.request_report(
                programme=programme,
                month=form.cleaned_data["month"],
                by=request.user,
                now=timezone.now(),
            )
        except runs.RunError as error:
            messages.warning(request, str(error))
            return redirect("admin:payments_paymentrun_changelist")
        return redirect("admin:payments_paymentreport_change", report.pk)

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(request, pk)
        return self._move(
            request, run, runs.close_run, rules.handles_payments, "It is with finance now."
        )

    def paid(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(request, pk)
        return self._move(
            request, run, runs.mark_paid, rules.handles_payments, "Its claims show as paid."
        )

    def _move(
        self, request: HttpRequest, run: PaymentRun, service: Any, may: Any, done: str
    ) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(request.user, run.programme_id):
            raise PermissionDenied
        try:
            service(run=run, by=request.user, now=timezone.now())
        except IllegalMoveError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, done)
        return redirect("admin:payments_paymentrun_change", run.pk)


@admin.register(PaymentReport)
class PaymentReportAdmin(_PaymentsAdmin):
    """The job that writes a month's files: its progress and its files."""

    list_display = ("month_name", "programme", "status", "asked_at")
    list_select_related = ("programme",)
    list_filter = ("status",)

    @admin.display(description="month", ordering="month")
    def month_name(self, report: PaymentReport) -> str:
        return str(report)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/progress/",
                self.page(self.progress),
                name="payments_paymentreport_progress",
            ),
            path("files/<int:pk>/", self.page(self.download), name="payments_reportfile_download"),
        ]
        return own + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far the files are; the same without script, by looking again."""
        if not self.may_see(request.user):
            raise PermissionDenied
        report = get_object_or_404(
            self.get_queryset(request).select_related("programme", "run"), pk=_number(object_id)
        )
        return render(
            request,
            "admin/payments/paymentreport/page.html",
            self.context(request, title=f"Report of {report}", **self._state(request, report)),
        )

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that changes, fetched each second while the report is written."""
        report = get_object_or_404(
            self.get_queryset(request).select_related("programme", "run"), pk=pk
        )
        return render(
            request, "admin/payments/paymentreport/_progress.html", self._state(request, report)
        )

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One file, as an attachment."""
        file = get_object_or_404(ReportFile.objects.visible_to(request.user), pk=pk)
        response = HttpResponse(bytes(file.content), content_type=file.media_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    @staticmethod
    def _state(request: HttpRequest, report: PaymentReport) -> dict[str, Any]:
        is_quiet = report.status == PaymentReport.Status.WORKING and (
            report.seen_at is None or report.seen_at < timezone.now() - runs.DEAD_AFTER
        )
        return {
            "report": report,
            "is_quiet": is_quiet,
            "files": _files(request.user, [report]),
        }


# --- Parts ---------------------------------------------------------------------------------------


def _number(object_id: str) -> int:
    """The id in an address of Django's admin; no row has the id 0."""
    return (
        int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
    )


def _files(user: Any, reports: list[PaymentReport]) -> QuerySet[ReportFile]:
    """The files of the newest finished report, without their contents."""
    ready = next((row for row in reports if row.status == PaymentReport.Status.READY), None)
    return ReportFile.objects.visible_to(user).filter(report=ready).defer("content")


def _events(row: Claim | PaymentRun) -> list[Event]:
    labels = dict(type(row)._meta.get_field("status").flatchoices)
    return [
        Event(
            f"{labels[event.to_status]}: {event.by or 'by the portal itself'}", event.at, event.why
        )
        for event in row.history.select_related("by").order_by("-at", "-pk")
    ]


def _due(user: Any) -> list[runs.Due]:
    """The months whose report `user` can make."""
    return runs.due(
        programmes=programmes_of(user, *_PaymentsAdmin.ROLES), today=timezone.localdate()
    )


@admin.site.waits
def waiting(user: Any) -> list[WorkItem]:
    """Claims to approve, and months whose report can be made."""
    items = []
    if programmes_of(user, Role.COORDINATOR):
        count = (
            Claim.objects.visible_to(user)
            .filter(programme__in=programmes_of(user, Role.COORDINATOR))
            .waiting()
            .exclude(partner__user=user)
            .count()
        )
        items.append(
            WorkItem(
                title=f"claim{'' if count == 1 else 's'} to approve",
                count=count,
                url=f"{reverse('admin:payments_claim_changelist')}?status__exact=submitted",
                sentence="Partners wait for their money until you have looked.",
            )
        )
    items += [
        WorkItem(
            title=f"approved line{'' if due.lines == 1 else 's'}: "
            f"{due.month:%B}’s report can be made",
            count=due.lines,
            url=reverse("admin:payments_paymentrun_changelist"),
            sentence=f"For {due.programme_name}.",
        )
        for due in _due(user)
    ]
    return items
