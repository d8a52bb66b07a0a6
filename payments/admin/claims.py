"""Claims that partners sent: approve, or ask."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column
from accounts.models import Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from nhsuk.templatetags.nhsuk import pounds
from payments import rules
from payments.admin.base import PaymentsAdmin, events_of, said_here
from payments.forms import QuestionForm
from payments.models import Claim, ClaimLine
from payments.services import claims, pricing
from workflow.transitions import IllegalMoveError

LINES_SHOWN = 200


class StateFilter(admin.ChoicesFieldListFilter):
    """Claims of one state, in the words of who looks at them here."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": said_here(choice["display"])}


@admin.register(Claim)
class ClaimAdmin(PaymentsAdmin):
    """Claims that partners sent: approve, or ask."""

    list_display = (
        "number",
        "partner",
        column("total", "total", pounds),
        "state",
        column("submitted_at", "sent"),
    )
    list_filter = (("status", StateFilter),)
    list_select_related = ("partner",)
    found_with = ("partner", "programme", "approved_by")
    search_fields = ("partner__name", "partner__known_as")
    search_help_text = "Search by the partner's name"
    # Drafts, which nobody here sees, would come first and be read for nothing.
    ordering = (F("submitted_at").desc(nulls_last=True), "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the programmes one works for; also what the index of this list begins with."""
        mine = programmes_of(request.user, *self.ROLES)
        return super().get_queryset(request).filter(programme__in=mine)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word stands in the partner's name, or in what they are called."""
        return queryset.filter(claims.of_partners_called(search_term)), False

    @admin.display(description="claim", ordering="pk")
    def number(self, claim: Claim) -> str:
        return f"Claim {claim.pk}"

    @admin.display(description="status", ordering="status")
    def state(self, claim: Claim) -> str:
        return said_here(claim.get_status_display())

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

    def record(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        """The claim's page."""
        may_read_words = rules.may_read_words(request.user, claim)
        # Who reads no words of the partner reads the kind of work or the head of the expense.
        beside = () if may_read_words else ("contribution", "expense")
        lines = list(claim.lines.live().select_related("rate", "run", *beside)[: LINES_SHOWN + 1])
        return render(
            request,
            "admin/payments/claim/page.html",
            self.context(
                request,
                title=f"Claim {claim.pk}, {claim.partner.name}",
                claim=claim,
                state=said_here(claim.get_status_display()),
                lines=[
                    (line, line.description if may_read_words else _for_finance(line))
                    for line in pricing.explained(lines[:LINES_SHOWN])
                ],
                more_lines=len(lines) > LINES_SHOWN,
                approve_text=f"Approve {pounds(claim.total)}",
                may_decide=rules.may_decide(request.user, claim),
                is_own=rules.is_claimant(request.user, claim),
                may_read_words=may_read_words,
                events=events_of(claim, with_words=may_read_words),
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
        claim: Claim = self.found(request, pk)
        if not coordinates(request.user, claim.programme_id) or rules.is_claimant(
            request.user, claim
        ):
            raise PermissionDenied
        return claim


def _for_finance(line: ClaimLine) -> str:
    """What a line is for, in no words of the partner."""
    if line.expense is not None:
        return str(line.expense.get_head_display())
    work = line.contribution
    return rules.what_finance_reads(work.kind, line.description, work.source_path)


@admin.site.waits
def claims_to_approve(user: Any) -> list[Waits]:
    """Claims to approve."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    waiting = Claim.objects.visible_to(user).filter(programme__in=mine).waiting()
    return [
        Waits(
            rows=waiting.exclude(partner__user=user),
            one="claim to approve",
            many="claims to approve",
            url=f"{reverse('admin:payments_claim_changelist')}?status__exact=submitted",
            sentence="Partners wait for their money until you have looked.",
            always=True,
        )
    ]
