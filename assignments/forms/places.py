"""Forms of places. They check; services save."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Partner


class PlaceForm(NhsukForm):
    """A place for a partner who was chosen already."""

    submit_text = "Give this place"
    looks = {"role": Look(width=20)}

    starts_on = DateField(name="The first day", label="First day")
    ends_on = DateField(name="The last day", label="Last day", required=False)
    role = forms.CharField(
        label="Role",
        help_text="Left empty, the programme’s own word for a partner",
        max_length=80,
        required=False,
    )
    partner = forms.ModelChoiceField(queryset=Partner.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        field.queryset = partners
        field.error_messages["invalid_choice"] = "Choose a partner of this programme"


class EndPlaceForm(NhsukForm):
    """The last day of a place, what is handed over, and thanks."""

    submit_text = "End this place"
    looks = {"handover": Look(characters=2000), "thanks": Look(characters=500)}

    ends_on = DateField(name="The last day", label="Last day")
    why = forms.CharField(
        label="Why",
        help_text="For your colleagues: the partner is not told",
        max_length=300,
        required=False,
    )
    handover = forms.CharField(
        label="A note for who comes next",
        help_text="You and your colleagues, the partner, and whoever takes the place next read it.",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    thanks = forms.CharField(
        label="A line of thanks",
        help_text="The partner finds it with their place. Say what you thank them for.",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class ThankForm(NhsukForm):
    """A line of thanks for a place that has ended."""

    submit_text = "Thank them"
    looks = {"thanks": Look(characters=500)}

    thanks = forms.CharField(
        label="A line of thanks",
        help_text="The partner finds it with their place. Say what you thank them for.",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Write a line of thanks"},
    )
