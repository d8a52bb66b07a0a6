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
    """The last day of a place."""

    submit_text = "End this place"

    ends_on = DateField(name="The last day", label="Last day")
    why = forms.CharField(label="Why", max_length=300, required=False)
