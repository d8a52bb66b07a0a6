"""Ranking the proposals of a round, one's own vote, and the result with how it came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from nhsuk.pages import page_of
from partners.forms.codesign import BallotForm
from partners.models import Ballot, Preference, Proposal, Round
from partners.rules import codesign as rules
from partners.services import codesign_proposals
from partners.views.pages import get_or_post, saved, signed_in

STEPS_PAGE = 50


@get_or_post
@audience(*rules.TAKING_PART)
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Rank what was proposed; a vote that is there already is changed."""
    user = signed_in(request)
    asked = _round(request, pk)
    back = reverse("partners:round", args=[asked.pk])
    if request.method != "POST" and not rules.may_vote(user, asked, timezone.localdate()):
        messages.info(request, "Votes are not open now.")
        return redirect(back)
    ranked = Preference.objects.visible_to(user).filter(ballot__round=asked)
    form = BallotForm(
        request.POST if request.method == "POST" else None,
        proposals=Proposal.objects.visible_to(user).filter(round=asked).standing(),
        voter_pk=user.pk,
        initial={f"rank_{line.proposal_id}": line.rank for line in ranked},
    )
    if request.method == "POST" and form.is_valid():

        def save() -> Ballot:
            return codesign_proposals.cast(
                asked=asked, ranks=form.ranks, by=user, now=timezone.now()
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your vote is in.")
            return redirect("partners:own_vote", asked.pk)
    return render(
        request,
        "partners/codesign/vote.html",
        {
            "title": "Put them in your order",
            "round": asked,
            "form": form,
            "back_url": back,
            "cancel_url": back,
        },
    )


@require_GET
@audience(*rules.TAKING_PART)
def own_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """How one has ranked the proposals; nobody else can open this."""
    user = signed_in(request)
    asked = _round(request, pk)
    ballot = Ballot.objects.visible_to(user).filter(round=asked).first()
    lines = (
        Preference.objects.visible_to(user)
        .filter(ballot=ballot, proposal__withdrawn_at__isnull=True)
        .select_related("proposal")
    )
    return render(
        request,
        "partners/codesign/own_vote.html",
        {
            "title": "Your vote",
            "round": asked,
            "ballot": ballot,
            "back_url": reverse("partners:round", args=[asked.pk]),
            "places": [
                [line.proposal for line in shared]
                for _, shared in groupby(lines, lambda line: line.rank)
            ],
            "may_vote": rules.may_vote(user, asked, timezone.localdate()),
        },
    )


@require_GET
@audience(*rules.TAKING_PART)
def round_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The order, what is being done, and how the count came to it; never who voted how."""
    asked = _round(request, pk)
    back = reverse("partners:round", args=[asked.pk])
    if asked.status != Round.Status.CLOSED:
        messages.info(request, "The votes are not counted yet.")
        return redirect(back)
    found = Proposal.objects.visible_to(signed_in(request)).filter(round=asked).standing()
    proposals = {one.pk: one for one in found}
    result = asked.result
    words = _Words(result.get("ballots", 0), {pk: one.title for pk, one in proposals.items()})
    steps = [words.step(number, step) for number, step in enumerate(result.get("steps", []), 1)]
    steps += [words.level_pair(pair) for pair in result.get("level", [])]
    return render(
        request,
        "partners/codesign/result.html",
        {
            "title": "The result",
            "round": asked,
            "back_url": back,
            "result": result,
            "ballots": result.get("ballots", 0),
            "could": result.get("could", 0),
            "places": _places(result, proposals, words),
            "page": page_of(request, steps, STEPS_PAGE),
        },
    )


def _round(request: HttpRequest, pk: int) -> Round:
    row: Round = get_object_or_404(Round.objects.visible_to(signed_in(request)), pk=pk)
    return row


@dataclass(frozen=True)
class StepLine:
    """One comparison of two proposals, and what became of it, in words."""

    number: int | str
    compared: str
    votes: str
    outcome: str
    kept: bool


@dataclass(frozen=True)
class Place:
    """One place of the order, who shares it, and why it stands above the next."""

    number: int
    proposals: list[Proposal]
    why: str


class _Words:
    """The count in sentences, for so many ballots and proposals of these titles."""

    def __init__(self, ballots: int, titles: Mapping[int, str]) -> None:
        self.ballots, self.titles = ballots, titles

    def title(self, pk: int) -> str:
        return f"“{self.titles[pk]}”"

    def step(self, number: int, step: Mapping[str, Any]) -> StepLine:
        """A victory: kept, or left out because it would contradict clearer ones."""
        outcome = "Kept"
        if step["against"]:
            chain = " above ".join(self.title(pk) for pk in step["against"])
            outcome = f"Left out, because clearer comparisons put {chain}"
        if step["by_age"]:
            outcome += " (as clear as the one before, which was proposed earlier)"
        return StepLine(
            number,
            f"{self.title(step['over'])} above {self.title(step['under'])}",
            self.votes(step),
            outcome,
            not step["against"],
        )

    def level_pair(self, pair: Mapping[str, Any]) -> StepLine:
        """As many either way: neither is put above the other."""
        return StepLine(
            "–",
            f"{self.title(pair['over'])} and {self.title(pair['under'])}",
            self.votes(pair),
            "As many either way, so it puts neither above the other",
            False,
        )

    def votes(self, pair: Mapping[str, Any]) -> str:
        """ "6 to 2, and 1 put them level"."""
        alike = self.ballots - pair["ahead"] - pair["behind"]
        said = f"{pair['ahead']} to {pair['behind']}"
        return f"{said}, and {alike} put them level" if alike else said

    def above(self, pair: Mapping[str, Any]) -> str:
        """ "6 of 9 people put it above “Parking”, 2 the other way round"."""
        behind = pair["behind"]
        other = f", {behind} the other way round" if behind else ""
        people = "people" if self.ballots != 1 else "person"
        return (
            f"{pair['ahead']} of {self.ballots} {people} put it above "
            f"{self.title(pair['under'])}{other}."
        )


def _places(
    result: Mapping[str, Any], proposals: Mapping[int, Proposal], words: _Words
) -> list[Place]:
    places: Sequence[Sequence[int]] = result.get("places", [])
    kept = {(s["over"], s["under"]): s for s in result.get("steps", []) if not s["against"]}
    found, number = [], 1
    for here, following in zip(places, [*places[1:], ()], strict=False):
        reasons = [
            words.above(kept[over, under])
            for over in here
            for under in following
            if (over, under) in kept
        ]
        shares = len(here) > 1
        why = reasons[0] if reasons and not shares else ""
        if shares and not result.get("few"):
            why = "They share this place: the votes put none of them above another."
        found.append(Place(number, [proposals[pk] for pk in here], why))
        number += len(here)
    return found
