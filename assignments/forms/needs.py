"""What is asked about needs after a meeting. Forms check; services save."""

from django import forms

from assignments.models import NeedsAnswer
from nhsuk.forms import Look, NhsukForm

LONGEST = 500
_SHORTER = f"Shorten this to {LONGEST} characters"


class NeedsAnswerForm(NhsukForm):
    """Whether somebody's needs were met at a meeting."""

    answer = forms.ChoiceField(
        label="Were your needs met?",
        help_text="Whatever you need to take part: breaks, the room, how things were sent to you. "
        "If something was missing, we want to put it right.",
        widget=forms.RadioSelect,
        choices=NeedsAnswer.Answer.choices,
        error_messages={
            "required": "Choose yes, partly or no",
            "invalid_choice": "Choose yes, partly or no",
        },
    )
    note = forms.CharField(
        label="What was missing, or what helped?",
        help_text="You and your coordinators read this. Whoever leads the meeting does not.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _SHORTER},
    )
    looks = {"note": Look(characters=LONGEST)}
    heading = "legend"
    submit_text = "Send my answer"


class SeeToForm(NhsukForm):
    """What a coordinator did where needs were not met."""

    done = forms.CharField(
        label="What was done about it?",
        help_text="The partner reads this.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was done about it", "max_length": _SHORTER},
    )
    looks = {"done": Look(characters=LONGEST)}
    submit_text = "Save"
