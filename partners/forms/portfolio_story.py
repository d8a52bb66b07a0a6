"""What partners are asked about a piece of work in their portfolio: its story and what shows it."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from nhsuk.forms import Look, NhsukForm
from partners.forms.lines import Lines
from partners.models.expertise import Visibility
from partners.services.uploads import ACCEPT


class StoryForm(NhsukForm):
    """A partner's own words about a piece of work."""

    role = forms.CharField(
        label="What was your part in it?",
        help_text="For example, “One of two patients on the panel”.",
        max_length=150,
        required=False,
        error_messages={"max_length": "Shorten this to 150 characters"},
    )
    brought = Lines(
        label="What did you bring to it?",
        help_text="What you knew, asked or said that nobody else could.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        error_messages={"max_length": "Shorten this to 4,000 characters"},
    )
    changed = Lines(
        label="What changed?",
        help_text="However small. “Not yet” is an answer too.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        error_messages={"max_length": "Shorten this to 4,000 characters"},
    )
    reflection = Lines(
        label="What do you take from it?",
        help_text="What you learned, how it was for you, what you would tell others.",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
        error_messages={"max_length": "Shorten this to 20,000 characters"},
    )
    # The entry as this page knew it, so that an older page does not write over a newer one unasked.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    looks = {"brought": Look(characters=4000), "changed": Look(characters=4000)}
    submit_text = "Save"

    def clean_seen(self) -> datetime | None:
        said: str = self.cleaned_data["seen"]
        try:
            moment = parse_datetime(said) if said else None
        except ValueError:
            moment = None
        if said and moment is None:
            raise ValidationError("Open this page again, then save.")
        return moment


class ShareForm(NhsukForm):
    """Who may see what a partner tells of a piece of work."""

    visibility = forms.ChoiceField(
        label="Who may see this?",
        help_text="This holds for all your words here, and for the links and files beside them.",
        widget=forms.RadioSelect,
        choices=Visibility.choices,
        error_messages={
            "required": "Choose who may see it",
            "invalid_choice": "Choose who may see it",
        },
    )
    looks = {
        "visibility": Look(
            hints={
                Visibility.COORDINATORS: "The people who run your programme.",
                Visibility.STAFF: "Your coordinators, and everybody who works with the programme.",
            }
        )
    }
    heading = "legend"
    submit_text = "Save"


class LinkForm(NhsukForm):
    """A page of the web that shows what was done."""

    title = forms.CharField(
        label="What is it?",
        help_text="For example, “My blog about the pain clinic”.",
        max_length=150,
        error_messages={
            "required": "Say in a few words what it is",
            "max_length": "Shorten this to 150 characters",
        },
    )
    # The service judges the address: Django's URL field would write a missing https:// itself.
    link = forms.CharField(
        label="Its address",
        help_text="Copy it from the browser’s address bar. It begins with https://",
        max_length=2000,
        error_messages={
            "required": "Give the address of the page",
            "max_length": "This address is longer than 500 characters. Give a shorter one.",
        },
    )
    looks = {"link": Look(inputmode="url", spellcheck=False)}
    submit_text = "Add this link"


class FileForm(NhsukForm):
    """A document or a picture that shows what was done."""

    file = forms.FileField(
        label="Choose a file",
        help_text=(
            "A PDF, a Word document (docx) or a picture (jpeg or png), up to 10 MB. "
            "We take out of a picture where it was taken."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        max_length=500,
        error_messages={
            "required": "Choose a file",
            "empty": "This file is empty. Choose another one.",
            "missing": "Choose a file",
            "invalid": "Choose a file",
            "max_length": "The file’s name is too long. Give it a shorter one.",
        },
    )
    title = forms.CharField(
        label="What is it?",
        help_text="If you leave this empty, the file’s own name stands here.",
        max_length=150,
        required=False,
        error_messages={"max_length": "Shorten this to 150 characters"},
    )
    submit_text = "Add this file"
