"""What the pages of asking and those of publishing have in common."""

from typing import Any

from django import forms

MOST_PLACES = 100
TITLE_ERRORS = {
    "required": "Say in a few words what it is",
    "max_length": "Shorten this to 150 characters",
}
WHY_ERRORS = {"max_length": "Shorten this to 2,000 characters"}
_COUNT = "Enter a whole number between 1 and 100"


def places_field(label: str) -> forms.IntegerField:
    """How many partners, by a number that people type."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        widget=forms.TextInput,
        error_messages={
            "required": _COUNT,
            "invalid": _COUNT,
            "min_value": _COUNT,
            "max_value": _COUNT,
        },
    )


class InOrder:
    """The last day is on or after the first."""

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error(  # type: ignore[attr-defined]
                "ends_on", "The last day must be on or after the first day"
            )
        return facts
