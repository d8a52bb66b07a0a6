"""Forms of open events. They check; services save."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from assignments.models import EventPage, Meeting
from nhsuk.forms import DateField, Look, NhsukForm
from partners.forms.lines import Lines


class RegisterForm(NhsukForm):
    """A stranger asks for a place."""

    submit_text = "Ask for a place"
    looks = {
        "name": Look(autocomplete="name", spellcheck=False),
        "email": Look(autocomplete="email", inputmode="email", spellcheck=False),
        "access_needs": Look(characters=500),
    }

    name = forms.CharField(
        label="Your name",
        max_length=120,
        error_messages={
            "required": "Enter your name",
            "max_length": "Shorten your name to 120 characters",
        },
    )
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="We send you a link to confirm your place.",
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the correct format, like name@example.org",
            "max_length": "Shorten your e-mail address to 254 characters",
        },
        max_length=254,
    )
    access_needs = Lines(
        label="What would help you take part?",
        help_text="For example, a place near the door, large print, or an interpreter. You need "
        "not say why.",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "Shorten this to 500 characters"},
    )


class EventPageForm(NhsukForm):
    """The public page of a meeting."""

    submit_text = "Save"
    looks = {
        "slug": Look(width=20, spellcheck=False),
        "intro": Look(characters=3000),
        "access": Look(characters=1000),
        "places": Look(width=4, inputmode="numeric"),
    }

    intro = Lines(
        label="What it is about",
        help_text="In plain words, for people who do not know us. Anybody can read it.",
        max_length=3000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={
            "required": "Say what the event is about",
            "max_length": "Shorten this to 3,000 characters",
        },
    )
    access = Lines(
        label="What is there for access",
        help_text="For example, step-free entrance, hearing loop, parking, quiet room",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": "Shorten this to 1,000 characters"},
    )
    places = forms.IntegerField(
        label="How many places",
        min_value=1,
        max_value=2000,
        widget=forms.TextInput,
        error_messages={
            "required": "Say how many places there are",
            "invalid": "Enter how many places there are as a number, like 40",
            "min_value": "Enter between 1 and 2,000 places",
            "max_value": "Enter between 1 and 2,000 places",
        },
    )
    slug = forms.SlugField(
        label="Address of the page",
        help_text="What follows /events/ in the address: small letters, numbers and hyphens",
        max_length=60,
        error_messages={
            "required": "Enter an address, like open-evening",
            "invalid": "Use small letters, numbers and hyphens, like open-evening",
            "max_length": "Shorten the address to 60 characters",
        },
    )
    closes_on = DateField(
        name="The last day to register",
        label="Last day to register",
        help_text="Left empty, people can register until it begins.",
        required=False,
    )
    is_open = forms.BooleanField(
        label="People can register",
        help_text="Without it the page says that registration is closed. Whoever has asked "
        "already can still confirm.",
        required=False,
        initial=True,
    )

    @classmethod
    def facts_of(cls, page: EventPage) -> dict[str, Any]:
        """The initial values of a page."""
        facts = {name: getattr(page, name) for name in ("intro", "access", "places", "slug")}
        return {**facts, "is_open": page.is_open, "closes_on": page.last_day}

    @classmethod
    def proposed(cls, meeting: Meeting) -> dict[str, Any]:
        """The initial values of a new page."""
        day = timezone.localdate(meeting.starts_at)
        return {"slug": slugify(f"{str(meeting)[:45]} {day:%b %Y}")[:60].strip("-")}

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    @property
    def facts(self) -> dict[str, Any]:
        """What the services take."""
        said = dict(self.cleaned_data)
        day = said.pop("closes_on")
        closes_at: datetime | None = None
        if day is not None:
            after = datetime.combine(day + timedelta(days=1), time.min)
            closes_at = timezone.make_aware(after)
        return {**said, "closes_at": closes_at}


class ThankForm(NhsukForm):
    """What everybody who came is told."""

    submit_text = "Send it to everybody who came"
    looks = {"words": Look(characters=1000)}

    words = Lines(
        label="Your thanks",
        help_text="Each of them gets it by e-mail, beneath “Hello” and their name.",
        max_length=1000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={
            "required": "Write a line of thanks",
            "max_length": "Shorten this to 1,000 characters",
        },
    )
