"""What partners are asked about what they bring."""

from django import forms

from nhsuk.forms import Look, NhsukForm
from partners.models import Expertise


class ExpertiseForm(NhsukForm):
    """Something a partner brings, and who may see it."""

    kind = forms.ChoiceField(
        label="Where does it come from?",
        widget=forms.RadioSelect,
        choices=Expertise.Kind.choices,
        error_messages={"required": "Choose where it comes from"},
    )
    text = forms.CharField(
        label="What do you bring?",
        help_text="In your own words.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={
            "required": "Write a few words",
            "max_length": "Shorten this to 2,000 characters",
        },
    )
    visibility = forms.ChoiceField(
        label="Who may see it?",
        widget=forms.RadioSelect,
        choices=Expertise.Visibility.choices,
        initial=Expertise.Visibility.ONLY_ME,
        error_messages={"required": "Choose who may see it"},
    )
    looks = {"text": Look(characters=2000)}
    submit_text = "Save"
