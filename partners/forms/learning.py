"""What is asked about learning."""

from datetime import UTC, date, datetime, time
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm, TimeField
from partners.models import LearningSession

_WHOLE_NUMBER = "Enter a whole number, like 12"


class DidItForm(NhsukForm):
    """A partner learnt something alone: when, and how long it took."""

    happened_on = DateField(
        label="Which day was it?",
        help_text="For example, 27 3 2026",
        name="The day",
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )
    minutes = forms.IntegerField(
        label="How many minutes did it take?",
        help_text="If you went over several days, add it once for each.",
        min_value=1,
        max_value=1440,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how many minutes it took",
            "invalid": _WHOLE_NUMBER,
            "min_value": "Enter 1 minute or more",
            "max_value": "Enter 1,440 minutes (24 hours) or fewer",
        },
    )
    reflection = forms.CharField(
        label="What do you take from it?",
        help_text="Only you can see this. You can write it later, in your portfolio.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        required=False,
        error_messages={"max_length": "Shorten this to 20,000 characters"},
    )
    looks = {"minutes": Look(width=4, inputmode="numeric")}
    submit_text = "Add it to my portfolio"


class PlaceReflectionForm(NhsukForm):
    """A partner's own words about a session."""

    reflection = forms.CharField(
        label="What do you take from it?",
        help_text="What was new, what you will do with it. Only you can see this.",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
        error_messages={"max_length": "Shorten this to 20,000 characters"},
    )
    heading = "label"
    submit_text = "Save"


class _Places(NhsukForm):
    """How many places, and where."""

    places = forms.IntegerField(
        label="Number of places",
        min_value=1,
        max_value=10_000,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how many places there are",
            "invalid": _WHOLE_NUMBER,
            "min_value": "Enter 1 place or more",
            "max_value": "Enter 10,000 places or fewer",
        },
    )
    place = forms.CharField(label="Where", max_length=200, required=False)
    join_link = forms.URLField(
        label="Link to join online",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Copy the whole link, beginning with https://"},
    )
    looks = {"places": Look(width=4, inputmode="numeric")}


class PlanSessionForm(_Places):
    """A date on which something is learnt together, as the clocks in London show it."""

    day = DateField(name="The day", label="Day", help_text="For example, 27 3 2027")
    begins = TimeField(name="The start", label="Starts at", help_text="For example, 2pm or 14:00")
    ends = TimeField(name="The end", label="Ends at")
    submit_text = "Plan it"

    def get_layout(self) -> Layout:
        return Layout(Fieldset("When", "day", "begins", "ends"), "places", "place", "join_link")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            self.add_error("ends", "The end must be after the start")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "starts_at": _in_london(data["day"], data["begins"]),
            "ends_at": _in_london(data["day"], data["ends"]),
            **{name: data[name] for name in ("places", "place", "join_link")},
        }


class ChangeSessionForm(_Places):
    """Where a planned session is, and how many places it has."""

    submit_text = "Save"

    @classmethod
    def of(cls, session: LearningSession, data: Any) -> "ChangeSessionForm":
        names = ("places", "place", "join_link")
        return cls(data, initial={name: getattr(session, name) for name in names})


class CancelSessionForm(NhsukForm):
    """Why a session is cancelled."""

    why = forms.CharField(
        label="Why is it cancelled?",
        help_text="Everybody who has a place reads this.",
        max_length=300,
        error_messages={
            "required": "Say in a few words why it is cancelled",
            "max_length": "Shorten this to 300 characters",
        },
    )
    submit_text = "Cancel this session"


class AttendanceForm(NhsukForm):
    """Who of those with a place was there."""

    there = forms.TypedMultipleChoiceField(
        label="Who was there?",
        help_text="Untick whoever was not.",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "Who has a place has changed. Look at the list again."},
    )
    submit_text = "Record who was there"

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"there": [pk for pk, _ in places]})
        super().__init__(*args, **kwargs)
        self.fields["there"].choices = places


def _in_london(day: date, at: time) -> datetime:
    """The moment when London's clocks show `at` on `day`."""
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)
