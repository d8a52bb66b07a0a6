"""What partners are asked about something they need."""

from typing import Any

from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Need
from partners.services.needs import CHANGEABLE, a_year_on


class NeedForm(NhsukForm):
    """Something a partner needs, what to do about it, and who may know."""

    kind = forms.ChoiceField(
        label="What is it about?",
        widget=forms.RadioSelect,
        choices=Need.Kind.choices,
        error_messages={
            "required": "Choose what it is about",
            "invalid_choice": "Choose one from the list",
        },
    )
    text = forms.CharField(
        label="What do you need, in your own words?",
        help_text="Only you and your coordinators see this.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={
            "required": "Say what you need in your own words",
            "max_length": "Shorten this to 2,000 characters",
        },
    )
    to_do = forms.CharField(
        label="What should whoever arranges a meeting do?",
        help_text="Just what to do, such as “Switch the hearing loop on”. No reason is needed.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
        error_messages={"max_length": "Shorten this to 500 characters"},
    )
    shared = forms.TypedChoiceField(
        label="May whoever arranges a meeting know what to do?",
        help_text="They see what to do, and nothing else that you write here.",
        widget=forms.RadioSelect,
        coerce=lambda value: value == "True",
        choices=[("True", "Yes, tell them what to do"), ("False", "No, only my coordinators")],
        error_messages={
            "required": "Choose whether they may know what to do",
            "invalid_choice": "Choose yes or no",
        },
    )
    review_on = DateField(
        label="When shall we ask you whether it is still right?",
        help_text="For example, 27 3 2027",
        name="The day",
        required=False,
        latest=lambda: a_year_on(a_year_on(a_year_on(timezone.localdate()))),
        error_messages={"too_late": "Choose a day within the next three years"},
    )
    looks = {"text": Look(characters=2000), "to_do": Look(characters=500)}
    submit_text = "Save"

    def __init__(self, *args: Any, need: Need | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial = {} if need is None else {name: getattr(need, name) for name in CHANGEABLE}
        # Whoever changes it has looked at it: a day that has come is not asked for again.
        if initial.get("review_on") is None or initial["review_on"] <= today:
            initial["review_on"] = a_year_on(today)
        super().__init__(*args, initial=initial, **kwargs)

    def clean_review_on(self) -> Any:
        return self.cleaned_data["review_on"] or a_year_on(timezone.localdate())
