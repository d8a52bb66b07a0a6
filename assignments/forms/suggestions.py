"""What counts, and how much, when partners are suggested."""

from typing import Any

from django import forms

from assignments.rules.suggestions import HEAVIEST, REASONS
from nhsuk.forms import NhsukForm

_QUESTIONS = {
    "expertise": "They bring something that fits",
    "passions": "They care about it",
    "priorities": "It is among what they want for themselves",
    "wishes": "They would like to try the role",
    "free": "They are free in that period",
    "pace": "They are within the pace they chose",
    "waited": "They have waited long for a place or an offer",
    "lightly_loaded": "They have fewer places than most",
}
_CHOICES = [
    (0, "Not at all"),
    (1, "1, a little"),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (HEAVIEST, f"{HEAVIEST}, most"),
]


class WeightsForm(NhsukForm):
    """A weight for each reason."""

    submit_text = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REASONS:
            self.fields[name] = forms.TypedChoiceField(
                label=_QUESTIONS[name],
                choices=_CHOICES,
                coerce=int,
                error_messages={
                    "required": f"Choose a number from 0 to {HEAVIEST}",
                    "invalid_choice": f"Choose a number from 0 to {HEAVIEST}",
                },
            )
