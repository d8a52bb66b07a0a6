"""What partners are asked about themselves."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from nhsuk.templatetags.nhsuk import minutes
from partners.forms.phone import typed_phone
from partners.models import Partner
from partners.services.register import MOST_HOURS, MOST_REST_DAYS

_STINTS = (30, 60, 90, 120, 150, 180, 240, 300, 360, 480)


def _too_long(characters: int) -> dict[str, str]:
    return {"max_length": f"Shorten this to {characters:,} characters"}


class NameForm(NhsukForm):
    """What a partner is called."""

    name = forms.CharField(
        label="Your full name",
        max_length=150,
        error_messages={"required": "Enter your full name", **_too_long(150)},
    )
    known_as = forms.CharField(
        label="What you like to be called",
        help_text="We greet you with it. Leave it empty and we use your first name.",
        max_length=60,
        required=False,
        error_messages=_too_long(60),
    )
    say_name = forms.CharField(
        label="How to say it",
        help_text="If people get it wrong. For example, “Niamh, like Neev”.",
        max_length=100,
        required=False,
        error_messages=_too_long(100),
    )
    looks = {
        "name": Look(autocomplete="name", spellcheck=False),
        "known_as": Look(width=20, autocomplete="nickname", spellcheck=False),
        "say_name": Look(width=20, spellcheck=False),
    }
    submit_text = "Save"


class ContactForm(NhsukForm):
    """How a partner is reached, and how they like it best."""

    # Their own address.
    may_identify = frozenset({"address"})
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
    phone_hours = forms.CharField(
        label="Good times to ring",
        help_text="For example, “after 11 on weekdays”.",
        required=False,
        max_length=100,
        error_messages=_too_long(100),
    )
    address = forms.CharField(
        label="Postal address",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=300,
        error_messages=_too_long(300),
    )
    preferred_channel = forms.ChoiceField(
        label="How do you like us to reach you?",
        help_text="Each way is as good as the others.",
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("email", "By e-mail"),
            ("phone", "By telephone"),
            ("post", "By post"),
            ("", "I don’t mind"),
        ],
        error_messages={"invalid_choice": "Choose one from the list"},
    )
    looks = {
        "email": Look(autocomplete="email", spellcheck=False),
        "phone": Look(width=20, autocomplete="tel", inputmode="tel"),
        "phone_hours": Look(width=30),
        "address": Look(width="two-thirds", autocomplete="street-address", spellcheck=False),
    }
    submit_text = "Save"

    def clean_phone(self) -> str:
        return typed_phone(self.cleaned_data["phone"])


class AccessForm(NhsukForm):
    """What helps a partner to take part, all in all."""

    access_needs = forms.CharField(
        label="What helps you to take part?",
        help_text=(
            "All in all, in your own words. Only you and your coordinators can see this; "
            "others are told only what to do, and only if you say so."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
        error_messages=_too_long(2000),
    )
    looks = {"access_needs": Look(characters=2000)}
    heading = "label"
    submit_text = "Save"


class AvailabilityForm(NhsukForm):
    """When a partner can come."""

    availability = forms.CharField(
        label="Which days and times suit you?",
        help_text="For example, “Tuesdays and Thursdays, never before 10”.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        required=False,
        error_messages=_too_long(500),
    )
    looks = {"availability": Look(characters=500)}
    heading = "label"
    submit_text = "Save"


class PaceForm(NhsukForm):
    """How much a partner wants to do: what they want, never what they owe."""

    hours_wanted = forms.IntegerField(
        label="How many hours do you want to give?",
        help_text="A guess is enough. Leave it empty if you would rather not say.",
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Enter a whole number of hours, like 8",
            "min_value": "Enter 1 hour or more, or leave it empty",
            "max_value": f"Enter {MOST_HOURS} hours or fewer",
        },
    )
    hours_per = forms.ChoiceField(
        label="Is that a week or a month?",
        widget=forms.RadioSelect,
        required=False,
        choices=[(Partner.Per.WEEK, "A week"), (Partner.Per.MONTH, "A month")],
        error_messages={"invalid_choice": "Choose a week or a month"},
    )
    longest_minutes = forms.TypedChoiceField(
        label="What is the longest you can do in one go?",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose one from the list"},
    )
    rest_days = forms.IntegerField(
        label="How many days do you rest after a long one?",
        required=False,
        min_value=0,
        max_value=MOST_REST_DAYS,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Enter a whole number of days, like 2",
            "min_value": "Enter 0 days or more",
            "max_value": f"Enter {MOST_REST_DAYS} days or fewer",
        },
    )
    looks = {
        "hours_wanted": Look(width=3, inputmode="numeric"),
        "hours_per": Look(inline=True),
        "rest_days": Look(width=2, inputmode="numeric"),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stints = {*_STINTS, self.initial.get("longest_minutes") or _STINTS[0]}
        self.fields["longest_minutes"].choices = [
            ("", "I would rather not say"),
            *((stint, minutes(stint).capitalize()) for stint in sorted(stints)),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("hours_wanted") and not data.get("hours_per") and not self.errors:
            self.add_error("hours_per", "Choose whether that is a week or a month")
        return data


def _in_years(years: int) -> date:
    return timezone.localdate() + timedelta(days=366 * years)


class PauseForm(NhsukForm):
    """Days on which a partner takes no work; nobody asks why."""

    starts_on = DateField(
        label="From which day?",
        help_text="For example, 27 3 2027",
        name="The first day",
        earliest=lambda: _in_years(-1),
        latest=lambda: _in_years(3),
    )
    ends_on = DateField(
        label="To which day?",
        help_text="Your last day away. Leave it empty if you do not know yet.",
        name="The last day",
        required=False,
        latest=lambda: _in_years(5),
    )
    submit_text = "Save"


class EndPauseForm(NhsukForm):
    """The last day of a time away."""

    ends_on = DateField(
        label="What is your last day away?",
        help_text="For example, 27 3 2027",
        name="The last day",
        latest=lambda: _in_years(5),
    )
    heading = "label"
    submit_text = "Save"


class EmergencyForm(NhsukForm):
    """Whom to ring if something happens to a partner."""

    name = forms.CharField(
        label="Their name",
        max_length=150,
        error_messages={"required": "Enter their name", **_too_long(150)},
    )
    relation = forms.CharField(
        label="Who they are to you",
        help_text="For example, “my daughter” or “a neighbour”.",
        max_length=60,
        required=False,
        error_messages=_too_long(60),
    )
    phone = forms.CharField(
        label="Their telephone number",
        max_length=30,
        error_messages={
            "required": "Enter their telephone number",
            "max_length": "Enter one telephone number, in up to 30 characters",
        },
    )
    looks = {
        "name": Look(spellcheck=False, autocomplete="off"),
        "relation": Look(width=20),
        "phone": Look(width=20, inputmode="tel", autocomplete="off"),
    }
    submit_text = "Save"

    def clean_phone(self) -> str:
        return typed_phone(self.cleaned_data["phone"])
