"""Forms of results. They check; services save."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime

from nhsuk.forms import Look, NhsukForm
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import Comment, InstrumentVersion, Item
from observations.rules.instruments import shown_question, shows_wording
from partners.forms.lines import Lines

LONGEST = 5000
LONGEST_COMMENT = 1000


def _words() -> Lines:
    return Lines(
        label="What do you take from it?",
        help_text="What rang true, what surprised you, what you will try, and how you will know. "
        "Nothing that tells who a patient is.",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=LONGEST,
        validators=[identifies_no_patient],
        error_messages={
            "required": "Write what you take from it",
            "max_length": f"Shorten this to {LONGEST:,} characters",
        },
    )


class ReflectionForm(NhsukForm):
    """Other words about results."""

    submit_text = "Save"
    looks = {"words": Look(characters=LONGEST)}

    words = _words()
    # The reflection as this page knew it: an older page does not write over a newer one unasked.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        said: str = self.cleaned_data["seen"]
        try:
            moment = parse_datetime(said) if said else None
        except ValueError:
            moment = None
        if said and moment is None:
            raise ValidationError("Open this page again, then save.")
        return moment


class NewReflectionForm(ReflectionForm):
    """Words about the results of whole months."""

    first_month = forms.ChoiceField(
        label="From", error_messages={"required": "Choose the first month"}
    )
    last_month = forms.ChoiceField(
        label="Until", error_messages={"required": "Choose the last month"}
    )
    field_order = ("first_month", "last_month", "words", "seen")

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(month.isoformat(), f"{month:%B %Y}") for month in months]
        for name in ("first_month", "last_month"):
            field = self.fields[name]
            field.choices = choices  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = "Choose a month from the list"

    def clean_first_month(self) -> date | None:
        return parse_date(self.cleaned_data["first_month"])

    def clean_last_month(self) -> date | None:
        return parse_date(self.cleaned_data["last_month"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", "The last month comes after the first")
        return data


class SelfRatingForm(NhsukForm):
    """A mark for each item of a clinic as a whole."""

    submit_text = "Save my rating"

    def __init__(self, *args: Any, version: InstrumentVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shows_wording = shows_wording(version.instrument)
        anchors = version.anchors.all() if self.shows_wording else ()
        words = {one.mark: one.words for one in anchors}
        choices = [
            (mark, f"{mark}: {words[mark]}" if words.get(mark) else str(mark))
            for mark in range(version.lowest, version.highest + 1)
        ]
        self.items = list(version.items.all())
        for item in self.items:
            self.fields[self.name_of(item)] = forms.TypedChoiceField(
                label=shown_question(item, self.shows_wording),
                help_text=item.help if self.shows_wording else "",
                coerce=int,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Choose a mark for “{item.short}”",
                    "invalid_choice": f"Choose a mark for “{item.short}”",
                },
            )
            self.looks[self.name_of(item)] = Look(small=True, label_size="m")

    @staticmethod
    def name_of(item: Item) -> str:
        return f"item_{item.number}"

    @property
    def marks(self) -> list[int]:
        """In order of the items' numbers."""
        return [self.cleaned_data[self.name_of(item)] for item in self.items]


class CommentForm(NhsukForm):
    """The words that the clinician will read, and what they are about."""

    looks = {"text": Look(characters=LONGEST_COMMENT)}
    submit_text = "Clear it for the clinician"

    text = Lines(
        label="What the clinician will read",
        help_text="Take out what tells who somebody is, and leave the rest as it was said.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_COMMENT,
        validators=[identifies_no_patient],
        error_messages={
            "required": "Write something, or hold it back",
            "max_length": f"Shorten this to {LONGEST_COMMENT:,} characters",
        },
    )
    theme = forms.ModelChoiceField(
        label="What is it about?",
        help_text="Leads read how often something came up, never the words.",
        queryset=Item.objects.none(),
        required=False,
        empty_label="Something else",
        error_messages={"invalid_choice": "Choose one from the list"},
    )
    was = forms.ChoiceField(choices=Comment.Status.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: InstrumentVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        theme.queryset = version.items.order_by("number")  # type: ignore[attr-defined]
        theme.label_from_instance = lambda item: item.short  # type: ignore[attr-defined]
