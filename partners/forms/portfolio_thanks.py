"""Asking for a line of thanks, and giving it."""

from django import forms

from nhsuk.forms import Look, NhsukForm
from partners.forms.lines import Lines


class AskForThanksForm(NhsukForm):
    """Whom to ask."""

    name = forms.CharField(
        label="Who do you ask?",
        help_text="Their name, as you would write it in a letter.",
        max_length=150,
        error_messages={
            "required": "Give the name of the person you ask",
            "max_length": "Shorten the name to 150 characters",
        },
    )
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="We send them one message with a link. They need no sign-in.",
        error_messages={
            "required": "Give their e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    looks = {"email": Look(inputmode="email", spellcheck=False)}
    submit_text = "Ask them"


class GiveThanksForm(NhsukForm):
    """One line."""

    words = Lines(
        label="What did their part mean to you, or to your team?",
        help_text="A line or two. Please name no patients.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=600,
        error_messages={
            "required": "Write a line, or close this page",
            "max_length": "Shorten this to 600 characters",
        },
    )
    looks = {"words": Look(characters=600)}
    submit_text = "Send it"
