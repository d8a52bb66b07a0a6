"""Forms of offers and of places that end. They check; services save."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Partner


class DeclineForm(NhsukForm):
    """No to a place."""

    submit_text = "Say no to this place"

    why = forms.CharField(
        label="Is there anything you would like us to know?",
        help_text="You do not have to say why. Your coordinators read this; nobody else does.",
        max_length=300,
        required=False,
    )


class GiveBackForm(NhsukForm):
    """A partner gives a place back."""

    submit_text = "Give this place back"
    looks = {"handover": Look(characters=2000)}

    ends_on = DateField(name="Your last day", label="What is your last day?")
    handover = forms.CharField(
        label="A note for who comes after you",
        help_text="What are you in the middle of, and what is good to know? Your coordinators and "
        "whoever takes the place next read this.",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )


class _ThoseWhoAnswered(forms.ModelMultipleChoiceField):
    """Partners, each with what they said, where they said something (`said` of the row)."""

    def label_from_instance(self, partner: Any) -> str:
        answers = {"yes": "yes, would like to", "maybe": "maybe"}
        said = answers.get(partner.said or "")
        return f"{partner.name}: {said}" if said else partner.name


class OfferPlacesForm(NhsukForm):
    """Whom to offer the places of an opportunity, and until when."""

    submit_text = "Offer these places"

    partners = _ThoseWhoAnswered(
        label="Whom do you offer a place?",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose whom to offer a place"},
    )
    answer_by = DateField(name="The last day to answer", label="Answer by")
    way = forms.ChoiceField(
        label="When there are fewer places than people",
        choices=[
            ("keep", "Keep a place for each in the order above; the others wait for their turn"),
            ("first_come", "Ask all of them: whoever says yes first has the place"),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partners"].queryset = partners

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {
            "partners": list(self.cleaned_data["partners"]),
            "answer_by": self.cleaned_data["answer_by"],
            "first_come": self.cleaned_data["way"] == "first_come",
        }


class TakeBackForm(NhsukForm):
    """Why an offer is taken back."""

    submit_text = "Take this offer back"

    why = forms.CharField(
        label="Why",
        help_text="For your colleagues: the partner is told of it without the reason.",
        max_length=300,
        required=False,
    )
