"""What is asked of those who propose and rank, and of the check and challenge group."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms

from nhsuk.forms import Look, NhsukBoundField, NhsukForm
from partners.models import Proposal
from partners.services.codesign_proposals import LAST_RANK


class ProposalForm(NhsukForm):
    """Something the programme should work on, and why."""

    title = forms.CharField(
        label="What should we work on?",
        help_text="A few words, such as “Shorter waits for the first visit”.",
        max_length=150,
        error_messages={
            "required": "Say in a few words what it is",
            "max_length": "Shorten this to 150 characters",
        },
    )
    text = forms.CharField(
        label="Why does it matter?",
        help_text=(
            "In your own words. Everybody who takes part in the programme reads it, without your "
            "name beside it; coordinators can see who proposed what. Please name no patients and "
            "no staff."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )
    looks = {"text": Look(characters=2000)}


class _Rank(forms.TypedChoiceField):
    """A number from 1, or nothing at all: to leave something out is a choice like the others."""

    def __init__(self, title: str, last: int) -> None:
        numbers = [(number, str(number)) for number in range(1, last + 1)]
        super().__init__(
            label=title,
            choices=[("", "Not ranked"), *numbers],
            coerce=int,
            error_messages={"invalid_choice": f"Choose a number from 1 to {last}"},
        )

    def clean(self, value: Any) -> int | None:
        return None if value in self.empty_values else int(super().clean(value))


class BallotForm(NhsukForm):
    """A rank beside each proposal, in an order of each voter's own.

    Nothing gains by standing first, and the same voter meets the same order again.
    """

    submit_text = "Send my vote"

    def __init__(
        self, *args: Any, proposals: Iterable[Proposal], voter_pk: int, **kwargs: Any
    ) -> None:
        self.proposals = sorted(proposals, key=lambda one: _drawn(voter_pk, one.pk))
        super().__init__(*args, **kwargs)
        last = min(len(self.proposals), LAST_RANK)
        for proposal in self.proposals:
            self.fields[f"rank_{proposal.pk}"] = _Rank(proposal.title, last)

    @property
    def lines(self) -> list[tuple[Proposal, NhsukBoundField]]:
        """Each proposal with the field that ranks it."""
        return [(proposal, self[f"rank_{proposal.pk}"]) for proposal in self.proposals]

    @property
    def ranks(self) -> dict[int, int]:
        """Rank by proposal, without those left out."""
        given = {one.pk: self.cleaned_data[f"rank_{one.pk}"] for one in self.proposals}
        return {pk: rank for pk, rank in given.items() if rank is not None}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.proposals and not self.errors and not self.ranks:
            first = f"rank_{self.proposals[0].pk}"
            self.add_error(first, "Put a 1 beside what matters most to you")
        return data


def _drawn(voter_pk: int, proposal_pk: int) -> str:
    return hashlib.sha256(f"{voter_pk}:{proposal_pk}".encode()).hexdigest()


class AdviceForm(NhsukForm):
    """What the check and challenge group says of a proposal."""

    text = forms.CharField(
        label="What does the group say?",
        help_text=(
            "What is strong about it, what is missing, what should be asked first. Everybody who "
            "takes part reads it, as the group’s words. Coordinators answer it."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=4000,
        error_messages={
            "required": "Write what the group says",
            "max_length": "Shorten this to 4,000 characters",
        },
    )
    looks = {"text": Look(characters=4000)}
    submit_text = "Give this advice"
