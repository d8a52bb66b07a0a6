"""A partner's money: what is coming, when and why that amount, and claiming it in two taps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Role
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners.models import Contribution, Partner
from payments import rules
from payments.forms import ExpenseAmountForm, ExpenseDayForm, ExpenseHeadForm
from payments.models import Claim, ClaimLine, Expense
from payments.services import claims, pricing, runs
from workflow.transitions import IllegalMoveError

LINES_PAGE = 30
CLAIMS_PAGE = 20
PAST_SHOWN = 5


@dataclass(frozen=True)
class Day:
    """One day's lines, and what they bring together."""

    day: date
    lines: list[Any]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), rules.NOTHING)


def _days(rows: Iterable[Any]) -> list[Day]:
    """Rows in the order of their days, under the days."""
    return [Day(day, list(lines)) for day, lines in groupby(rows, lambda row: row.happened_on)]


@require_GET
@audience(Role.PARTNER)
def money(request: HttpRequest) -> HttpResponse:
    """What can be claimed, what is coming and when, and the latest claims."""
    partner = _own_partner(request)
    offer = pricing.quote(
        partner=partner,
        contributions=Contribution.objects.visible_to(request.user)
        .filter(partner=partner)
        .claimable(),
    )
    page = page_of(
        request,
        ClaimLine.objects.visible_to(request.user)
        .filter(partner=partner, claim__status__in=[Claim.Status.SUBMITTED, Claim.Status.APPROVED])
        .live()
        .select_related("claim", "rate", "run")
        .order_by("-happened_on", "-pk"),
        LINES_PAGE,
    )
    with_partner, past = _latest_claims(_own_claims(request).filter(partner=partner))
    return render(
        request,
        "payments/money.html",
        {
            "title": "Money",
            "offer": offer,
            "claim_button": _claim_button(offer),
            "with_partner": with_partner,
            "page": page,
            "days": _days(
                _expected(pricing.explained(page.object_list), partner.last_closed_month)
            ),
            "past": past[:PAST_SHOWN],
            "more_past": len(past) > PAST_SHOWN,
        },
    )


@require_GET
@audience(Role.PARTNER)
def claim_list(request: HttpRequest) -> HttpResponse:
    """Every claim of one's own, newest first."""
    page = page_of(request, _own_claims(request), CLAIMS_PAGE)
    return render(
        request,
        "payments/claims.html",
        {"title": "Your claims", "page": page, "back_url": reverse("payments:money")},
    )


@require_POST
@audience(Role.PARTNER)
def open_claim(request: HttpRequest) -> HttpResponse:
    """Put everything that can be claimed on one claim, and show it before it is sent."""
    try:
        found = claims.open_claim(
            partner=_own_partner(request), by=request.user, now=timezone.now()
        )
    except claims.ClaimError as error:
        messages.warning(request, str(error))
        return redirect("payments:money")
    return redirect("payments:submit", found.pk)


@require_POST
@audience(Role.PARTNER)
def open_expenses(request: HttpRequest) -> HttpResponse:
    """Begin with an expense, on the draft or on a new one."""
    found = claims.open_for_expenses(
        partner=_own_partner(request), by=request.user, now=timezone.now()
    )
    return redirect("payments:add_expense", found.pk)


@require_GET
@audience(Role.PARTNER)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: its lines with why that amount, its state and what happened."""
    found = _own_claim(request, pk)
    days = _claim_days(found)
    return render(
        request,
        "payments/claim.html",
        {
            "title": f"Claim {found.pk}",
            "claim": found,
            "days": days,
            "given_away": rules.given_away(line for day in days for line in day.lines),
            "may_change": rules.may_change(request.user, found),
            "may_withdraw": rules.may_withdraw(request.user, found),
            "events": _events(found, request.user),
            "back_url": reverse("payments:money"),
        },
    )


@require_http_methods(["GET", "POST"])
@audience(Role.PARTNER)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that will be sent, and the button that sends it."""
    found = _own_claim(request, pk)
    if not rules.may_change(request.user, found):
        return redirect("payments:claim", found.pk)
    if request.method == "POST":
        try:
            claims.submit(
                claim=found,
                by=request.user,
                now=timezone.now(),
                shown=request.POST.get("shown", ""),
            )
        except claims.ChangedError as error:
            messages.warning(request, str(error))
            return redirect("payments:submit", found.pk)
        except (claims.ClaimError, IllegalMoveError) as error:
            messages.warning(request, str(error))
            return redirect("payments:claim", found.pk)
        return redirect("payments:sent", found.pk)
    stands = pricing.as_it_stands(claim=found)
    last_closed = runs.last_closed_month(programme=found.programme)
    return render(
        request,
        "payments/submit.html",
        {
            "title": "Check your claim",
            "claim": found,
            "stands": stands,
            "days": _days(_expected(stands.lines, last_closed)),
            "back_url": reverse("payments:money"),
        },
    )


@require_GET
@audience(Role.PARTNER)
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens next with a claim that was sent."""
    found = _own_claim(request, pk)
    if found.status != Claim.Status.SUBMITTED:
        return redirect("payments:claim", found.pk)
    month = rules.expected_month(
        timezone.localdate(found.submitted_at),
        timezone.localdate(),
        runs.last_closed_month(programme=found.programme),
    )
    return render(
        request,
        "payments/sent.html",
        {
            "title": "Your claim is sent",
            "claim": found,
            "month": month,
            "given_away": rules.given_away(found.lines.live()),
        },
    )


@require_http_methods(["GET", "POST"])
@audience(Role.PARTNER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim back, after a question."""
    found = _own_claim(request, pk)
    if not rules.may_withdraw(request.user, found):
        raise PermissionDenied
    if request.method == "POST":
        try:
            claims.withdraw(claim=found, by=request.user, now=timezone.now())
        except IllegalMoveError as error:
            messages.warning(request, str(error))
            return redirect("payments:claim", found.pk)
        messages.success(request, "You took your claim back. You can claim the work again.")
        return redirect("payments:money")
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take back claim {found.pk}?",
            "text": "The work on it can be claimed again. Expenses have to be added again.",
            "submit_text": "Yes, take it back",
            "cancel_url": reverse("payments:claim", args=[found.pk]),
            "back_url": reverse("payments:claim", args=[found.pk]),
            "danger": True,
        },
    )


@require_POST
@audience(Role.PARTNER)
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one line off a claim that was not sent."""
    line = get_object_or_404(
        ClaimLine.objects.visible_to(request.user)
        .filter(partner__user=request.user)
        .select_related("claim__partner"),
        pk=pk,
    )
    try:
        claims.remove_line(line=line, by=request.user, now=timezone.now())
    except claims.ClaimError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"“{line.description}” is off this claim.")
    return redirect("payments:claim", line.claim_id)


@require_http_methods(["GET", "POST"])
@audience(Role.PARTNER)
def add_expense(request: HttpRequest, pk: int) -> HttpResponse:
    """Three short pages: what for, which day, how much. The address carries the answers.

    They end where the claim is checked and sent; another expense can be added from there.
    """
    found = _own_claim(request, pk)
    if not rules.may_change(request.user, found):
        messages.warning(
            request,
            f"Nothing can be added to claim {found.pk} any more. Press “Add an expense” on your "
            "Money page: it goes on a new claim.",
        )
        return redirect("payments:claim", found.pk)
    here = reverse("payments:add_expense", args=[found.pk])
    today, joined_on = timezone.localdate(), found.partner.joined_on
    head = request.GET.get("head", "")
    day = _day_in(request.GET.get("day", ""), today, joined_on)
    sent_in = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {"title": "Add an expense", "back_url": here}

    if head not in Expense.Head.values:
        form: Any = ExpenseHeadForm(sent_in)
        if form.is_valid():
            return redirect(f"{here}?head={form.cleaned_data['head']}")
        context["back_url"] = reverse("payments:claim", args=[found.pk])
    elif day is None:
        form = ExpenseDayForm(sent_in, today=today, joined_on=joined_on)
        if form.is_valid():
            return redirect(f"{here}?head={head}&day={form.cleaned_data['happened_on']}")
    else:
        form = ExpenseAmountForm(sent_in)
        context["back_url"] = f"{here}?head={head}"
        context["title"] = f"{Expense.Head(head).label}, {day:%-d %B %Y}"
        if form.is_valid():
            try:
                line = claims.add_expense(
                    claim=found,
                    head=head,
                    happened_on=day,
                    by=request.user,
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except claims.ClaimError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Added: {line.description}, £{line.amount:,.2f}.")
                return redirect("payments:submit", found.pk)
    return render(request, "layouts/form.html", {**context, "form": form})


def _claim_button(offer: pricing.Offer) -> str:
    pieces = len(offer.quotes)
    work = f"for {pieces} piece{'' if pieces == 1 else 's'} of work"
    given = offer.given_away
    if not given:
        return f"Claim £{offer.total:,.2f} {work}"
    if given == offer.total:
        return f"Give away £{given:,.2f} {work}"
    return f"Claim £{offer.total - given:,.2f} and give away £{given:,.2f} {work}"


def _own_partner(request: HttpRequest) -> Partner:
    partners = Partner.objects.visible_to(request.user).annotate(
        last_closed_month=runs.LAST_CLOSED_MONTH
    )
    found = partners.own(request.user, current_programme(request.user, request.session))
    if found is None:
        raise Http404
    return found


def _latest_claims(own: Any) -> tuple[list[Claim], list[Claim]]:
    """Claims that are with the partner, and the latest of the others; one query."""
    waits = Case(When(status__in=Claim.WITH_PARTNER, then=0), default=1)
    rows = list(own.order_by(waits, "-opened_at", "-pk")[: 2 * PAST_SHOWN + 1])
    return (
        [row for row in rows if row.status in Claim.WITH_PARTNER],
        [row for row in rows if row.status not in Claim.WITH_PARTNER],
    )


def _own_claims(request: HttpRequest) -> Any:
    return Claim.objects.visible_to(request.user).filter(partner__user=request.user)


def _own_claim(request: HttpRequest, pk: int) -> Claim:
    found: Claim = get_object_or_404(
        _own_claims(request).select_related("partner", "programme"), pk=pk
    )
    return found


def _claim_days(found: Claim) -> list[Day]:
    lines = found.lines.live().select_related("rate", "run").order_by("happened_on", "pk")
    last_closed = runs.last_closed_month(programme=found.programme)
    return _days(_expected(pricing.explained(lines), last_closed))


def _expected(lines: list[ClaimLine], last_closed: date | None) -> list[ClaimLine]:
    """Give each line when its money comes, in words."""
    today = timezone.localdate()
    for line in lines:
        line.expected = rules.when_paid(line, today, last_closed)
    return lines


def _events(found: Claim, user: Any) -> list[Event]:
    said = {
        Claim.Status.DRAFT: "began this claim",
        Claim.Status.SUBMITTED: "sent it",
        Claim.Status.QUERIED: "asked a question",
        Claim.Status.APPROVED: "approved it",
        Claim.Status.PAID: "said that it is paid",
        Claim.Status.WITHDRAWN: "took it back",
    }
    return [
        Event(f"{_who(row.by, user)} {said[row.to_status]}", row.at, row.why)
        for row in found.history.select_related("by").order_by("-at", "-pk")
    ]


def _who(by: Any, user: Any) -> str:
    if by is None:
        return "The portal"
    return "You" if by == user else by.name


def _day_in(text: str, today: date, joined_on: date | None) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if (joined_on or date.min) <= day <= today else None
