"""Runs and reports: what finance gets, and got."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import WorkItem, column
from accounts.models import Programme
from accounts.querysets import programmes_of
from nhsuk.templatetags.nhsuk import pounds
from payments import rules
from payments.admin.base import PaymentsAdmin, events_of
from payments.models import PaymentReport, PaymentRun, ReportFile
from payments.services import runs
from workflow.transitions import IllegalMoveError


class MonthForm(forms.Form):
    """Which programme's month."""

    programme = forms.IntegerField()
    month = forms.RegexField(
        r"^[0-9]{4}-(0[1-9]|1[0-2])$",
        error_messages=dict.fromkeys(("required", "invalid"), "Choose a month from the list."),
    )

    def clean_month(self) -> date:
        year, month = self.cleaned_data["month"].split("-")
        if int(year) < rules.EARLIEST_MONTH.year:
            raise forms.ValidationError(f"Choose a month from {rules.EARLIEST_MONTH:%B %Y} on.")
        return date(int(year), int(month), 1)


@admin.register(PaymentRun)
class PaymentRunAdmin(PaymentsAdmin):
    """The months: what finance gets, and got."""

    starts = (("Make a month’s report for finance", "admin:payments_paymentrun_changelist"),)
    list_display = (
        "month_name",
        "programme",
        "line_count",
        "partner_count",
        column("total", "total", pounds),
        "status",
    )
    list_select_related = ("programme",)
    found_with = ("programme",)
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

    def record(self, request: HttpRequest, run: PaymentRun) -> HttpResponse:
        """The run's page: totals, files, what comes next."""
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
                donated=run.lines.filter(donated=True).aggregate(sum=Sum("amount"))["sum"],
                files=_files(request.user, reports),
                working=next((row for row in reports if row.is_under_way), None),
                may_close=rules.may_close(request.user, run),
                may_mark_paid=rules.may_mark_paid(request.user, run),
                events=events_of(run),
            ),
        )

    def make_report(self, request: HttpRequest) -> HttpResponse:
        """Ask for a month's files and lead to their progress."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = MonthForm(request.POST)
        if not form.is_valid():
            said = form.errors.get("month", ["Choose a month from the list."])
            messages.warning(request, said[0])
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
        except (runs.RunError, IllegalMoveError) as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, done)
        return redirect("admin:payments_paymentrun_change", run.pk)


@admin.register(PaymentReport)
class PaymentReportAdmin(PaymentsAdmin):
    """The job that writes a month's files: its progress and its files."""

    list_display = ("month_name", "programme", "status", column("asked_at", "asked for"))
    list_select_related = ("programme",)
    found_with = ("programme", "run")
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

    def record(self, request: HttpRequest, report: PaymentReport) -> HttpResponse:
        """How far the files are; the same without script, by looking again."""
        return render(
            request,
            "admin/payments/paymentreport/page.html",
            self.context(request, title=f"Report of {report}", **self._state(request, report)),
        )

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that changes, fetched each second while the report is written."""
        report = self.found(request, pk)
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


def _files(user: Any, reports: list[PaymentReport]) -> QuerySet[ReportFile]:
    """The files of the newest finished report, without their contents."""
    ready = next((row for row in reports if row.status == PaymentReport.Status.READY), None)
    return ReportFile.objects.visible_to(user).filter(report=ready).defer("content")


def _due(user: Any) -> list[runs.Due]:
    """The months whose report `user` can make."""
    return runs.due(
        programmes=programmes_of(user, *PaymentsAdmin.ROLES), today=timezone.localdate()
    )


@admin.site.waits
def months_to_report(user: Any) -> list[WorkItem]:
    """Months whose report can be made."""
    return [
        WorkItem(
            title=f"approved line{'' if due.lines == 1 else 's'}: "
            f"{due.month:%B}’s report can be made",
            count=due.lines,
            url=reverse("admin:payments_paymentrun_changelist"),
            sentence=f"For {due.programme_name}.",
        )
        for due in _due(user)
    ]
