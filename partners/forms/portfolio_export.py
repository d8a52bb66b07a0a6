"""What of a portfolio is taken along, and as what."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models

from nhsuk.forms import Look, NhsukForm
from partners.models import Contribution


class Shape(models.TextChoices):
    """What the portfolio is made into."""

    PDF = "pdf", "A PDF"
    CSV = "csv", "A table (CSV)"
    JSON = "json", "Data (JSON)"


class TakeAlongForm(NhsukForm):
    """Which pieces of work, with what, and in which shape."""

    which = forms.ChoiceField(
        label="What do you want to take along?",
        widget=forms.RadioSelect,
        choices=[("all", "All of my portfolio"), ("chosen", "Only what I choose")],
        error_messages={"required": "Choose all of it, or the pieces that you want"},
    )
    chosen = forms.TypedMultipleChoiceField(
        label="Choose one or more",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={
            "required": "Choose at least one piece of work",
            "invalid_choice": "Choose from the list. Something on it has changed.",
        },
    )
    with_reflections = forms.BooleanField(
        label="Add what I take from it",
        help_text="Your reflections are left out unless you tick this.",
        required=False,
    )
    shape = forms.ChoiceField(
        label="As what?",
        widget=forms.RadioSelect,
        choices=Shape.choices,
        initial=Shape.PDF,
        error_messages={"required": "Choose what we make of it"},
    )
    looks = {
        "which": Look(reveals={"chosen": ("chosen",)}),
        "chosen": Look(small=True),
        "shape": Look(
            hints={
                Shape.PDF: "To show or print, for example at an interview.",
                Shape.CSV: "To open in a spreadsheet.",
                Shape.JSON: "For another computer system to read.",
            }
        ),
    }
    submit_text = "Make it"

    def __init__(self, *args: Any, rows: Iterable[Contribution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row.title}, {row.happened_on:%-d %B %Y}") for row in rows
        ]

    @property
    def pks(self) -> list[int] | None:
        """Ids of what was chosen; None for all."""
        chosen: list[int] = self.cleaned_data["chosen"]
        return None if self.cleaned_data["which"] == "all" else chosen
