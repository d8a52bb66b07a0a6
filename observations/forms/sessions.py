"""Forms of clinics. They check; services save."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from nhsuk.forms import DateField, Look, NhsukForm
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import ClinicSession, Debrief, InstrumentVersion

LONGEST_NOTE = 2000


def _number(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=100,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter a number; 0 if there was none",
            "invalid": "Enter a number, like 8",
            "min_value": "Enter a number from 0 to 100",
            "max_value": "Enter a number from 0 to 100",
        },
    )


class AnswerForm(forms.Form):
    """One of the buttons of a clinic's page was pressed."""

    answer = forms.ChoiceField(choices=[("yes", "I can come"), ("no", "Not this time")])

    @property
    def yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


class CountsForm(NhsukForm):
    """How many patients were asked whether somebody may sit in, and what they said."""

    submit_text = "Save"
    looks = {name: Look(width=3, inputmode="numeric") for name in ("asked", "said_yes", "said_no")}

    asked = _number("How many patients were asked?")
    said_yes = _number("How many said yes?")
    said_no = _number(
        "How many said no?", "Fewer may have answered than were asked. A no is always fine."
    )


class DebriefForm(NhsukForm):
    """How it was to observe."""

    submit_text = "Keep this"
    looks = {"note": Look(characters=LONGEST_NOTE)}

    feeling = forms.ChoiceField(
        label="How was it for you?",
        choices=Debrief.Feeling.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was", "invalid_choice": "Choose how it was"},
    )
    note = forms.CharField(
        label="Anything you want to keep",
        help_text="For yourself: nobody else reads it. Write nothing that tells who a patient is.",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[identifies_no_patient],
        error_messages={"max_length": f"Shorten this to {LONGEST_NOTE:,} characters"},
    )
    wants_talk = forms.BooleanField(
        label="I would like to talk to the coordinator",
        help_text="The coordinator sees that you would like to talk, and nothing else from here.",
        required=False,
    )


class PlanForm(NhsukForm):
    """Whose clinic of a team is observed, when, and with which instrument."""

    submit_text = "Plan it, and ask the clinician"

    clinician = forms.ModelChoiceField(
        label="Clinician",
        queryset=None,
        empty_label="Choose a clinician",
        error_messages={
            "required": "Choose a clinician",
            "invalid_choice": "Choose a clinician of this team",
        },
    )
    day = DateField(name="The day", label="Day")
    half = forms.ChoiceField(
        label="Half-day",
        choices=ClinicSession.Half.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a half-day"},
    )
    place = forms.CharField(
        label="Where",
        help_text="For example, Outpatients, room 4. Nothing about who is seen there.",
        max_length=120,
        required=False,
        validators=[identifies_no_patient],
    )
    version = forms.ModelChoiceField(
        label="What is rated",
        queryset=InstrumentVersion.objects.none(),
        empty_label="Choose an instrument",
        error_messages={
            "required": "Choose an instrument",
            "invalid_choice": "Choose an instrument from the list",
        },
    )

    def __init__(
        self,
        *args: Any,
        clinicians: QuerySet[Any],
        versions: QuerySet[InstrumentVersion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinician"].queryset = clinicians  # type: ignore[attr-defined]
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]


class InviteForm(NhsukForm):
    """Whom to invite, of those on the page."""

    submit_text = "Invite who is ticked"

    who = forms.ModelMultipleChoiceField(
        label="Whom to invite",
        queryset=None,
        error_messages={
            "required": "Tick whom to invite",
            "invalid_choice": "Somebody you ticked is invited already, or takes part no more. "
            "Look at the list again",
            "invalid_pk_value": "Tick whom to invite",
        },
    )

    def __init__(self, *args: Any, candidates: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = candidates  # type: ignore[attr-defined]


class CancelForm(NhsukForm):
    """Why a clinic is called off."""

    submit_text = "Call it off"

    why = forms.CharField(
        label="Why is it called off?",
        help_text="The clinician and the observers who know of it read this.",
        max_length=300,
        validators=[identifies_no_patient],
        error_messages={"required": "Say in a few words why it is called off"},
    )
