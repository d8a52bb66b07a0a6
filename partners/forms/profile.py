"""What partners are asked about themselves."""

from django import forms

from nhsuk.forms import Look, NhsukForm
from partners.forms.phone import typed_phone


class NameForm(NhsukForm):
    """What a partner is called."""

    name = forms.CharField(
        label="Your full name",
        max_length=150,
        error_messages={"required": "Enter your full name"},
    )
    known_as = forms.CharField(
        label="What you like to be called",
        help_text="We greet you with it. Leave it empty and we use your first name.",
        max_length=60,
        required=False,
    )
    looks = {
        "name": Look(autocomplete="name", spellcheck=False),
        "known_as": Look(width=20, autocomplete="nickname", spellcheck=False),
    }
    submit_text = "Save"


class ContactForm(NhsukForm):
    """How a partner is reached."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="We write to you here. It does not change how you sign in.",
        required=False,
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    phone = forms.CharField(
        label="Telephone number",
        required=False,
        max_length=30,
        error_messages={"max_length": "Enter one telephone number, in up to 30 characters"},
    )
    looks = {
        "email": Look(autocomplete="email", spellcheck=False),
        "phone": Look(width=20, autocomplete="tel", inputmode="tel"),
    }
    submit_text = "Save"

    def clean_phone(self) -> str:
        return typed_phone(self.cleaned_data["phone"])


class AccessForm(NhsukForm):
    """What helps a partner to take part."""

    access_needs = forms.CharField(
        label="What helps you to take part?",
        help_text=(
            "For example large print, a hearing loop, breaks, parking by the door. "
            "You and your coordinators can see this; others are only told what to do."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )
    looks = {"access_needs": Look(characters=2000)}
    heading = "label"
    submit_text = "Save"
