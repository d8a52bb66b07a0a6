"""What partners are asked about a story, and coordinators about its use."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from nhsuk.forms import DateField, Look, NhsukForm
from partners.forms.lines import Lines
from partners.models import Partner, Story, StoryConsent
from partners.models.stories import StoryPurpose
from partners.services.stories import LONGEST_STORY, LONGEST_TOLD, too_long


class StoryForm(NhsukForm):
    """The story itself."""

    title = forms.CharField(
        label="What is it called?",
        max_length=150,
        error_messages={
            "required": "Give your story a title",
            "max_length": "Shorten the title to 150 characters",
        },
    )
    text = Lines(
        label="Your story",
        help_text="In your own words. Take your time: you can stop and come back.",
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": "Write your story"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    looks: ClassVar[dict[str, Look]] = {"text": Look(characters=LONGEST_STORY)}
    submit_text = "Save"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if sentence := too_long(text):
            raise ValidationError(sentence, "too_long")
        return text

    def clean_seen(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None


class ReadingForm(NhsukForm):
    """What goes with a story: what a reader should know first, and whose it is said to be."""

    take_care = forms.CharField(
        label="Is there something a reader should know first?",
        help_text="For example, “This is about losing a child”. It stands before the story.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Shorten this to 200 characters"},
    )
    named = forms.ChoiceField(
        label="Whose name stands with it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose name stands with it"},
    )
    credit = forms.CharField(
        label="What should stand there?",
        help_text="For example, “A patient of the pain clinic”.",
        max_length=150,
        required=False,
        error_messages={"max_length": "Shorten this to 150 characters"},
    )
    looks: ClassVar[dict[str, Look]] = {
        "named": Look(reveals={"other": ("credit",)}),
    }

    def __init__(self, *args: Any, story: Story, partner: Partner, **kwargs: Any) -> None:
        self._names = {"full": partner.name, "called": partner.called, "none": ""}
        named = next((how for how, name in self._names.items() if name == story.credit), "other")
        if story.credit == "":
            named = "none"
        super().__init__(
            *args,
            initial={
                "take_care": story.take_care,
                "named": named,
                "credit": story.credit if named == "other" else "",
            },
            **kwargs,
        )
        self.fields["named"].choices = [  # type: ignore[attr-defined]
            ("full", partner.name),
            *([("called", partner.called)] if partner.called != partner.name else []),
            ("none", "No name"),
            ("other", "Something else"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("named") == "other" and not data.get("credit") and "credit" not in self.errors:
            self.add_error("credit", "Say what should stand with your story")
        return data

    @property
    def fields_of_story(self) -> dict[str, str]:
        data = self.cleaned_data
        credit = self._names.get(data["named"], data["credit"])
        return {"take_care": data["take_care"], "credit": credit}


_ABOUT_USES = {
    "staff": "They sign in to read it. They cannot take a copy.",
    "teaching": "In lessons for the people who treat patients.",
    "board": "So that those who decide hear it.",
    "design": "When a clinic, a letter or a service is planned.",
    "research": "In studies of how care is lived through.",
    "public": "Anybody can read it then, and it cannot be called back from everywhere.",
}


def _until(label: str) -> DateField:
    return DateField(
        label="Until which day?",
        help_text="That day still counts. Leave it empty for no last day.",
        name=f"The last day for “{label}”",
        required=False,
        earliest=timezone.localdate,
        error_messages={"too_early": "The last day must be today or later"},
    )


def _until_name(use: str) -> str:
    return f"until_{use}"


class ConsentForm(NhsukForm):
    """Where a story may be used, each with its last day or none."""

    uses = forms.MultipleChoiceField(
        label="Where may your story be used?",
        help_text="Tick as many as you like, or none. You can change this on any day.",
        widget=forms.CheckboxSelectMultiple,
        choices=StoryPurpose.choices,
        required=False,
    )
    heading = "legend"
    looks: ClassVar[dict[str, Look]] = {
        "uses": Look(
            reveals={use: (_until_name(use),) for use in StoryPurpose.values}, hints=_ABOUT_USES
        )
    }
    submit_text = "Save"

    def __init__(self, *args: Any, standing: Iterable[StoryConsent], **kwargs: Any) -> None:
        given = {consent.use: consent.until for consent in standing}
        until = {_until_name(use): day for use, day in given.items()}
        super().__init__(*args, initial={"uses": list(given), **until}, **kwargs)
        for use, label in StoryPurpose.choices:
            self.fields[_until_name(use)] = _until(label)

    @property
    def chosen(self) -> dict[str, date | None]:
        """The last day of each use that was ticked."""
        data = self.cleaned_data
        return {use: data.get(_until_name(use)) for use in data["uses"]}


class UseForm(NhsukForm):
    """A use of a story that happened."""

    use = forms.ChoiceField(
        label="What was it used for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it was used for"},
    )
    where = forms.CharField(
        label="Where was it used?",
        help_text="For example, “Induction of new physiotherapists”. Its owner reads this.",
        max_length=200,
        error_messages={
            "required": "Say where it was used",
            "max_length": "Shorten this to 200 characters",
        },
    )
    used_on = DateField(
        label="On which day?",
        name="The day",
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )

    def __init__(self, *args: Any, standing: Iterable[StoryConsent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use"].choices = [  # type: ignore[attr-defined]
            (consent.use, consent.get_use_display()) for consent in standing
        ]


class CopyForm(UseForm):
    """A use of a story that begins now, with a copy of it."""

    used_on = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use"].label = "What will it be used for?"
        self.fields["where"].label = "Where will it be used?"


class WithdrawForm(NhsukForm):
    """How a coordinator knows that its owner wants a story taken back."""

    told = forms.CharField(
        label="How did its owner tell you?",
        help_text=(
            "Who rang, wrote or came, and when. For example, “Her daughter rang on 3 November”. "
            "Its owner reads this. Write nothing of the story here."
        ),
        max_length=LONGEST_TOLD,
        error_messages={
            "required": "Say who told you, how and when",
            "max_length": f"Shorten this to {LONGEST_TOLD} characters",
        },
    )
    submit_text = "Withdraw it"
