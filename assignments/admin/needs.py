"""What partners said of their needs after a meeting, and what coordinators did about it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin.base import ArrangingAdmin
from assignments.forms.needs import SeeToForm
from assignments.models import NeedsAnswer
from assignments.rules import needs as rules
from assignments.services import needs_answers


class SeenFilter(admin.SimpleListFilter):
    """Needs that were not met, unless asked for others."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("seen", "Seen to"), ("all", "Every answer")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "To see to"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[NeedsAnswer]:
        if self.value() == "all":
            return queryset
        if self.value() == "seen":
            return queryset.filter(seen_at__isnull=False)
        return queryset.not_met()


@admin.register(NeedsAnswer)
class NeedsAnswerAdmin(ArrangingAdmin):
    """Whether needs were met, as each partner said after a meeting; what waits longest first."""

    programme_field = "attendance__meeting__programme"
    list_display = ("partner", "meeting", "said", "answered_at", "seen_at")
    list_filter = (SeenFilter, "answer")
    list_select_related = ("attendance__partner", "attendance__meeting__work_group")
    found_with = (
        "attendance__partner",
        "attendance__meeting__work_group",
        "attendance__meeting__programme",
        "seen_by",
    )
    search_fields = ("attendance__partner__name", "attendance__meeting__work_group__name")
    search_help_text = "Search by the partner’s or the group’s name"
    ordering = ("answered_at", "pk")

    @admin.display(description="partner", ordering="attendance__partner__sort_key")
    def partner(self, row: NeedsAnswer) -> str:
        return str(row.attendance.partner)

    @admin.display(description="meeting")
    def meeting(self, row: NeedsAnswer) -> str:
        return f"{row.attendance.meeting}, {row.attendance.meeting.when}"

    @admin.display(description="needs met", ordering="answer")
    def said(self, row: NeedsAnswer) -> str:
        return str(row.get_answer_display())

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_see_to(user, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, headed by the question."""
        return super().changelist_view(request, {"title": "Were needs met?"})

    def record(self, request: HttpRequest, row: NeedsAnswer) -> HttpResponse:
        """What they said, what was done about it, and the place to say so."""
        may_see_to = rules.may_see_to(request.user, row)
        posted = request.method == "POST"
        if posted and not may_see_to:
            raise PermissionDenied
        form = SeeToForm(request.POST if posted else None, initial={"done": row.done})
        if form.is_valid():
            try:
                needs_answers.see_to(
                    answer=row, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except needs_answers.NeedsAnswerError as error:
                form.add_error(error.field or None, str(error))
            else:
                partner = row.attendance.partner.called
                messages.success(request, f"Saved. {partner} sees it on the meeting’s page.")
                return redirect("admin:assignments_needsanswer_changelist")
        return self.show(
            request,
            "needs_answer",
            title=f"Were {row.attendance.partner.called}’s needs met?",
            answer=row,
            meeting=row.attendance.meeting,
            partner=row.attendance.partner,
            form=form if may_see_to else None,
        )


@admin.site.waits
def needs_not_met(user: Any) -> list[Waits]:
    """What partners said was missing, and nobody has seen to."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    rows = NeedsAnswer.objects.visible_to(user).filter(attendance__meeting__programme__in=mine)
    return [
        Waits(
            rows=rows.not_met(),
            one="partner whose needs were not met",
            many="partners whose needs were not met",
            url=reverse("admin:assignments_needsanswer_changelist"),
            sentence="The first has waited for {days}. Say what was done: they read it.",
            since="answered_at",
        )
    ]
