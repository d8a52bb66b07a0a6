"""What matters most to us: rounds, proposals, and what the check and challenge group says."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.current import current_programme
from nhsuk.components import Event
from nhsuk.pages import page_of
from partners.forms.codesign import AdviceForm, ProposalForm
from partners.models import Advice, Ballot, Challenger, Proposal, Round
from partners.rules import codesign as rules
from partners.services import codesign_group, codesign_proposals
from partners.views.pages import form_page, get_or_post, saved, signed_in

ROUNDS_PAGE = 20
PROPOSALS_PAGE = 20
_Status = Round.Status


@require_GET
@audience(*rules.TAKING_PART)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round of the programme, newest first, and who checks and challenges."""
    user = signed_in(request)
    programme = current_programme(user, request.session)
    rows = Round.objects.visible_to(user).filter(programme=programme)
    group = Challenger.objects.visible_to(user).filter(programme=programme)
    return render(
        request,
        "partners/codesign/rounds.html",
        {
            "title": "What matters most to us",
            "filter": None,
            "page": page_of(request, rows, ROUNDS_PAGE),
            "group": group.on(timezone.localdate()).select_related("user").order_by("user__name"),
        },
    )


@require_GET
@audience(*rules.TAKING_PART)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, where it stands, what to do now, and what was proposed."""
    user, today = signed_in(request), timezone.localdate()
    asked = _round(request, pk)
    rows = (
        Proposal.objects.visible_to(user)
        .filter(round=asked)
        .standing()
        .annotate(
            advised=Count("advice"),
            undecided=Count("advice", filter=Q(advice__decision="")),
        )
    )
    history = asked.history.order_by("-at", "-pk")
    return render(
        request,
        "partners/codesign/round.html",
        {
            "title": asked.title,
            "back_url": reverse("partners:rounds"),
            "round": asked,
            "page": page_of(request, rows.order_by("pk"), PROPOSALS_PAGE),
            "today": today,
            "may_propose": rules.may_propose(user, asked, today),
            "may_vote": rules.may_vote(user, asked, today),
            "has_voted": Ballot.objects.visible_to(user).filter(round=asked).exists(),
            "events": [_event(one) for one in history],
        },
    )


@get_or_post
@audience(*rules.TAKING_PART)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something to the vote."""
    asked = _round(request, pk)
    back = reverse("partners:round", args=[asked.pk])
    if request.method != "POST" and not rules.may_propose(
        request.user, asked, timezone.localdate()
    ):
        messages.info(request, "This round takes no proposals now.")
        return redirect(back)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def save() -> Proposal:
            return codesign_proposals.propose(
                asked=asked, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your proposal is there for everybody to read.")
            return redirect(back)
    return _proposal_page(request, form, asked, back, "Propose something", "Propose it")


@require_GET
@audience(*rules.TAKING_PART)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody proposed and why, what the group says of it, and what is being done."""
    user, today = signed_in(request), timezone.localdate()
    row = _proposal(request, pk)
    return render(
        request,
        "partners/codesign/proposal.html",
        {
            "title": row.title,
            "back_url": reverse("partners:round", args=[row.round_id]),
            "proposal": row,
            "is_own": row.proposed_by_id == user.pk,
            "may_change": rules.may_change_proposal(user, row),
            "may_advise": rules.may_advise(user, row, today),
            "advice": Advice.objects.visible_to(user).filter(proposal=row),
        },
    )


@get_or_post
@audience(*rules.TAKING_PART)
def change_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's own proposal into other words."""
    row = _proposal(request, pk)
    back = reverse("partners:proposal", args=[row.pk])
    # What was typed when votes were opened is refused beside the words, which stay to be copied.
    if not _may_change(request, row) and request.method != "POST":
        messages.info(request, "Votes are open, so this proposal stays as it is.")
        return redirect(back)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        initial={"title": row.title, "text": row.text},
    )
    if request.method == "POST" and form.is_valid():

        def save() -> Proposal:
            return codesign_proposals.change_proposal(
                proposal=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Your changes are saved.")
            return redirect(back)
    return _proposal_page(request, form, row.round, back, "Change your proposal", "Save")


@get_or_post
@audience(*rules.TAKING_PART)
def withdraw_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    row = _proposal(request, pk)
    back = reverse("partners:proposal", args=[row.pk])
    if not _may_change(request, row):
        messages.info(request, "Votes are open, so this proposal stays as it is.")
        return redirect(back)
    if request.method == "POST":
        try:
            codesign_proposals.withdraw_proposal(
                proposal=row, by=signed_in(request), now=timezone.now()
            )
        except codesign_proposals.CodesignError as error:
            messages.error(request, str(error))
            return redirect(back)
        messages.success(request, f"“{row.title}” is taken back.")
        return redirect("partners:round", row.round_id)
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take back “{row.title}”?",
            "text": "Nobody will see it any more, and nobody can vote for it.",
            "form": None,
            "danger": True,
            "submit_text": "Take it back",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


@get_or_post
@audience(*rules.TAKING_PART)
def advise(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the check and challenge group's advice on a proposal."""
    row = _proposal(request, pk)
    if not rules.may_advise(request.user, row, timezone.localdate()):
        raise PermissionDenied
    back = reverse("partners:proposal", args=[row.pk])
    form = AdviceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def save() -> Advice:
            return codesign_group.advise(
                proposal=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(
                request, "Thank you. The group’s advice is there, and your coordinators see it."
            )
            return redirect(back)
    return form_page(request, form, f"Advice on “{row.title}”", back)


def _proposal_page(
    request: HttpRequest, form: ProposalForm, asked: Round, back: str, title: str, submit: str
) -> HttpResponse:
    return render(
        request,
        "partners/codesign/propose.html",
        {
            "title": title,
            "round": asked,
            "form": form,
            "back_url": back,
            "cancel_url": back,
            "submit_text": submit,
        },
    )


def _may_change(request: HttpRequest, row: Proposal) -> bool:
    """One's own proposal, and still in time; somebody else's is nobody's business."""
    if row.proposed_by_id != signed_in(request).pk:
        raise PermissionDenied
    return rules.may_change_proposal(request.user, row)


def _round(request: HttpRequest, pk: int) -> Round:
    row: Round = get_object_or_404(Round.objects.visible_to(signed_in(request)), pk=pk)
    return row


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(signed_in(request)).standing().select_related("round")
    row: Proposal = get_object_or_404(rows, pk=pk)
    return row


_SAID = {
    _Status.PROPOSING: "The round was opened for proposals",
    _Status.VOTING: "Votes were opened",
    _Status.CLOSED: "The votes were counted",
    _Status.DROPPED: "The round was let go",
}


def _event(line: Any) -> Event:
    return Event(_SAID[line.to_status], line.at, line.why)
