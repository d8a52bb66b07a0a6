"""What partners ask to have put right, and the coordinators' answers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.admin_site import ScopedAdmin, Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from partners.forms.my_data import AnswerForm
from partners.models import Correction
from partners.rules import my_data as rules
from partners.services import corrections
from partners.services.corrections import CorrectionError
from workflow.transitions import IllegalMoveError


@admin.register(Correction)
class CorrectionAdmin(ScopedAdmin):
    """Requests of the partners of one's programmes; those that wait first."""

    list_display = ("about", "partner", "status", "asked_at")
    list_filter = ("status",)
    list_select_related = ("partner",)
    found_with = ("partner__programme", "partner__user")
    ordering = ("status", "asked_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = programmes_of(request.user, Role.COORDINATOR)
        return super().get_queryset(request).filter(partner__programme__in=mine)

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_answer_correction(user, obj)

    def record(self, request: HttpRequest, row: Any) -> HttpResponse:
        """What is wrong and what would be right; and the answer, given or to be given here."""
        may_answer = rules.may_answer_correction(request.user, row)
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not may_answer:
            if row.status == Correction.Status.ASKED:
                raise PermissionDenied
            messages.warning(request, "Somebody has answered this already.")
            return redirect("admin:partners_correction_change", row.pk)
        if form.is_valid():
            try:
                corrections.answer(
                    correction=row, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except CorrectionError as error:
                form.add_error(error.field or None, str(error))
            except IllegalMoveError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _said(row))
                return redirect("admin:partners_correction_changelist")
        return render(
            request,
            "admin/partners/correction/page.html",
            self.context(
                request,
                title=row.about,
                correction=row,
                form=form if may_answer else None,
                events=[
                    Event(
                        f"{line.by.name if line.by else 'The portal'}: {line.to_status_label}",
                        line.at,
                    )
                    for line in _told(row)
                ],
            ),
        )


def _told(row: Correction) -> list[Any]:
    labels = dict(Correction.Status.choices)
    lines = list(row.history.select_related("by"))
    for line in lines:
        line.to_status_label = labels[line.to_status].lower()
    return lines


def _said(row: Correction) -> str:
    if row.partner.email:
        return f"Answered, and {row.partner.called} is told."
    return (
        f"Answered. {row.partner.called} has no e-mail address: tell them by telephone or by post."
    )


@admin.site.waits
def corrections_to_answer(user: Any) -> list[Waits]:
    """Requests to put something right that nobody has answered."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    rows = Correction.objects.visible_to(user).filter(partner__programme__in=mine)
    return [
        Waits(
            rows=rows.filter(status=Correction.Status.ASKED),
            one="request to put data right",
            many="requests to put data right",
            url=f"{reverse('admin:partners_correction_changelist')}?status__exact=asked",
            sentence="The law gives a month to answer each.",
        )
    ]
